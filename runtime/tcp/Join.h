// From what the launcher has said to the other ranks.

#ifndef AUTOPAR_TCP_JOIN_H
#define AUTOPAR_TCP_JOIN_H

#include "autopar/core/Peers.h"
#include "autopar/tcp/Launch.h"

namespace autopar::inline runtime {

/// Meets the others where `launch` says; not for Launch::By::Mpirun. A single rank talks to
/// nobody. Throws std::runtime_error when ranks are missing after the launch's patience.
std::unique_ptr<Peers> joinByTcp(const Launch &launch);

} // namespace autopar::inline runtime

#endif // AUTOPAR_TCP_JOIN_H
