// A run that is told to stop by a signal: SIGTERM and SIGINT, and SIGUSR1, which Slurm and others
// send some time before they kill. The step that runs is finished first; a second signal ends the
// process at once, as the first would without this.

#ifndef AUTOPAR_CORE_STOPSIGNAL_H
#define AUTOPAR_CORE_STOPSIGNAL_H

#include "autopar/core/Peers.h"
#include "autopar/core/TalkPace.h"

#include <cstdint>
#include <string>

namespace autopar::inline runtime {

/// Hears signals for all ranks, so that they stop after the same step, whichever of them was told.
class StopSignal {
public:
  /// From now on the first signal is kept, not obeyed.
  explicit StopSignal(Peers &peers);

  /// To be asked after each step that was run, counted from 0, by all ranks. The name of a signal
  /// that any of them has got, "SIGTERM"; empty while none has. Ranks talk about it some ten times
  /// a second, not after each short step.
  std::string after(int64_t step);

private:
  Peers &peers;
  TalkPace pace;
};

} // namespace autopar::inline runtime

#endif // AUTOPAR_CORE_STOPSIGNAL_H
