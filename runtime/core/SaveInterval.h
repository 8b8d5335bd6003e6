// How often a run keeps a checkpoint: every so many steps, or whenever so much time has gone
// by.

#ifndef AUTOPAR_CORE_SAVEINTERVAL_H
#define AUTOPAR_CORE_SAVEINTERVAL_H

#include "autopar/core/Peers.h"
#include "autopar/core/TalkPace.h"

#include <chrono>
#include <optional>
#include <string_view>

namespace autopar::inline runtime {

/// One of both, or neither.
struct SaveInterval {
  int64_t steps = 0;
  std::chrono::seconds time{0};

  explicit operator bool() const { return steps || time.count(); }

  /// `500`, `90s`, `10min` or `2h`; none where the text is another thing, or no time at all.
  static std::optional<SaveInterval> of(std::string_view text);
};

/// The same for all ranks, though each has a clock of its own: rank 0's is asked.
class SaveClock {
public:
  SaveClock(const SaveInterval &interval, Peers &peers);

  /// To be asked after each step that was run, counted from 0, by all ranks: whether the time
  /// has gone by since the last checkpoint.
  bool isDueAfter(int64_t step);
  /// A checkpoint has been kept, for whatever reason.
  void restart() { since = std::chrono::steady_clock::now(); }

private:
  SaveInterval interval;
  Peers &peers;
  TalkPace pace;
  std::chrono::steady_clock::time_point since = std::chrono::steady_clock::now();
};

} // namespace autopar::inline runtime

#endif // AUTOPAR_CORE_SAVEINTERVAL_H
