// The calls that every target's runtime offers, alike in name, configuration and operands, and
// those that one target has beside them.
#ifndef AUTOPAR_DIALECTS_RT_CALLS_H
#define AUTOPAR_DIALECTS_RT_CALLS_H

#include "dialects/rt/Target.h"

namespace autopar::rt {

llvm::SmallVector<Callee> calls();
/// What several of those come to in one, on GPUs: launches and passes over memory cost there.
llvm::SmallVector<Callee> cudaCalls();

} // namespace autopar::rt

#endif
