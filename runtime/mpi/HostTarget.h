// What programs of the CPU run with: the host's memory, and ranks that MPI connects.

#ifndef AUTOPAR_MPI_HOSTTARGET_H
#define AUTOPAR_MPI_HOSTTARGET_H

#include "autopar/core/Target.h"

namespace autopar::inline runtime {

/// For trainMain. It has no options.
const Target &hostTarget();

} // namespace autopar::inline runtime

#endif // AUTOPAR_MPI_HOSTTARGET_H
