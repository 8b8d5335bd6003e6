// What --on-nan says.

#ifndef AUTOPAR_CORE_GUARD_ONBADSTEP_H
#define AUTOPAR_CORE_GUARD_ONBADSTEP_H

#include <cstdint>

namespace autopar::inline runtime {

/// What becomes of a run at a step whose numbers are bad.
enum class OnBadStep : uint8_t {
  Stop,   ///< it ends
  Skip,   ///< the step is undone, and its batch left out
  Rewind, ///< it goes back to a checkpoint, and on with the data behind that batch
};

} // namespace autopar::inline runtime

#endif // AUTOPAR_CORE_GUARD_ONBADSTEP_H
