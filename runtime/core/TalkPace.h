// After which steps ranks ask each other something, where none of them may decide by its own
// clock and to ask after each short step would take its time.

#ifndef AUTOPAR_CORE_TALKPACE_H
#define AUTOPAR_CORE_TALKPACE_H

#include <algorithm>
#include <chrono>
#include <cstdint>

namespace autopar::inline runtime {

/// Steps are counted from 0, and each is asked about once.
class TalkPace {
public:
  explicit TalkPace(double secondsBetween) : between(secondsBetween) {}

  /// Whether ranks talk after this step; the same on all.
  bool isDue(int64_t step) const { return step >= next; }

  /// When they should talk again, by this rank's clock.
  int64_t proposal(int64_t step) {
    const auto now = std::chrono::steady_clock::now();
    const double seconds = std::chrono::duration<double>(now - since).count();
    const double ofStep = std::max(1e-6, seconds / static_cast<double>(step - last));
    since = now;
    last = step;
    return step + std::clamp<int64_t>(static_cast<int64_t>(between / ofStep), 1, 1000);
  }

  /// Takes one rank's proposal, of whom all have heard.
  void agree(int64_t step) { next = step; }

private:
  double between;
  int64_t next = 0;
  int64_t last = -1;
  std::chrono::steady_clock::time_point since = std::chrono::steady_clock::now();
};

} // namespace autopar::inline runtime

#endif // AUTOPAR_CORE_TALKPACE_H
