// The CPU target's table: oneDNN, own kernels, MPI.
#ifndef AUTOPAR_DIALECTS_RT_CPUTARGET_H
#define AUTOPAR_DIALECTS_RT_CPUTARGET_H

#include "dialects/rt/Target.h"

namespace autopar::rt {

const Target &cpuTarget();

} // namespace autopar::rt

#endif
