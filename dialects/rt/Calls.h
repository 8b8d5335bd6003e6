// The calls that every target's runtime offers, alike in name, configuration and operands.
#ifndef AUTOPAR_DIALECTS_RT_CALLS_H
#define AUTOPAR_DIALECTS_RT_CALLS_H

#include "dialects/rt/Target.h"

namespace autopar::rt {

llvm::SmallVector<Callee> calls();

} // namespace autopar::rt

#endif
