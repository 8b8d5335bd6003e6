// What a training step is fed with: step after step, a batch into the arena.

#ifndef AUTOPAR_CORE_BATCHSOURCE_H
#define AUTOPAR_CORE_BATCHSOURCE_H

#include <cstdint>

namespace autopar::inline runtime {

class BatchSource {
public:
  virtual ~BatchSource() = default;

  /// Batches until the source begins again.
  virtual int64_t batchesPerEpoch() const = 0;

  /// What throughput counts, in the data's unit: images or tokens of a global batch.
  virtual int64_t samplesPerBatch() const = 0;

  /// Does what can be done for `step` while the step before it still runs: all but the last
  /// copy where the arena is a device's, nothing where the batch is written into the arena
  /// itself.
  void prepare(int64_t step) {
    if (!isApart())
      return;
    fill(step);
    bring();
    filled = step;
  }

  /// Writes this rank's share of the batch of `step`, counted from 0.
  void load(int64_t step) {
    if (filled != step) {
      fill(step);
      bring();
    }
    flush();
    filled = none;
  }

protected:
  /// Whether fill() writes beside the arena.
  virtual bool isApart() const = 0;
  /// Writes the batch where the host can.
  virtual void fill(int64_t step) = 0;
  /// Sends it to the device, and puts it into the arena: see Staging.
  virtual void bring() = 0;
  virtual void flush() = 0;

private:
  static constexpr int64_t none = -1;
  int64_t filled = none;
};

} // namespace autopar::inline runtime

#endif // AUTOPAR_CORE_BATCHSOURCE_H
