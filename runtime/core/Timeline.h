// Where the time of a step goes, layer by layer: ranges for a profiler, and of one step a
// Chrome trace (chrome://tracing, ui.perfetto.dev).

#ifndef AUTOPAR_CORE_TIMELINE_H
#define AUTOPAR_CORE_TIMELINE_H

#include <chrono>
#include <string>
#include <vector>

namespace autopar::inline runtime {

/// Marks cost next to nothing while nothing is recorded.
class Timeline {
public:
  virtual ~Timeline() = default;

  /// What follows, until the next such mark or the end, is this layer's work.
  virtual void layer(const char *name) = 0;
  virtual void end() = 0;

  /// From here on it is remembered when each layer was at work.
  virtual void record() { recording = true; }
  void stop() { recording = false; }
  bool isRecording() const { return recording; }

  /// Writes what was recorded to `file`. Throws std::runtime_error when that cannot be written.
  void write(const std::string &file);

protected:
  struct Span {
    std::string layer;
    int row; ///< see rows()
    double begin, seconds;
  };

  /// What is there to be at work: "compute".
  virtual std::vector<std::string> rows() const = 0;
  /// Waits for what is recorded; times count from record().
  virtual std::vector<Span> recorded() = 0;

private:
  bool recording = false;
};

/// Of work that is done when a call returns.
class HostTimeline final : public Timeline {
public:
  void layer(const char *name) override;
  void end() override;
  void record() override;

protected:
  std::vector<std::string> rows() const override { return {"compute and communication"}; }
  std::vector<Span> recorded() override { return spans; }

private:
  double now() const;

  std::chrono::steady_clock::time_point origin;
  bool open = false;
  std::vector<Span> spans;
};

} // namespace autopar::inline runtime

#endif // AUTOPAR_CORE_TIMELINE_H
