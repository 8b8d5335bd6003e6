// The calls that every target's runtime offers, alike in name, configuration and operands, and
// those that one target has beside them.
#ifndef AUTOPAR_DIALECTS_RT_CALLS_H
#define AUTOPAR_DIALECTS_RT_CALLS_H

#include "dialects/rt/Target.h"

#include <vector>

namespace autopar::rt {

std::vector<Callee> calls();
/// What several of those come to in one, on GPUs: launches and passes over memory cost there.
std::vector<Callee> cudaCalls();

} // namespace autopar::rt

#endif
