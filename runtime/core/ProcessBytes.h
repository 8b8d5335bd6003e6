// What a rank's process takes of its device's memory, beside what it was planned to take. The
// figures are those of whoever hands the memory out (Memory::account), so they may differ from the
// plan, and are held against the budget.

#ifndef AUTOPAR_CORE_PROCESSBYTES_H
#define AUTOPAR_CORE_PROCESSBYTES_H

#include "autopar/core/Description.h"

#include <string>

namespace autopar::inline runtime {

struct ProcessBytes {
  size_t before = 0;      ///< at most, before the arena was made
  size_t peak = 0;        ///< at most, until the run's end
  size_t besideArena = 0; ///< of the peak, what is not the arena's pages
  size_t ofDevice = 0;    ///< in use of the device by all processes; 0 where it is the host
};

/// Of each figure the larger: of several ranks.
ProcessBytes most(const ProcessBytes &a, const ProcessBytes &b);

/// What is to be said where the peak is over the program's budget; empty where it is not.
std::string excessOf(const Description &description, const ProcessBytes &measured);

} // namespace autopar::inline runtime

#endif // AUTOPAR_CORE_PROCESSBYTES_H
