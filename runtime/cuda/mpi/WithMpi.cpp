// See Mpi.h.
#include "autopar/cuda/mpi/Mpi.h"

#include "autopar/cuda/mpi/StagedTransfer.h"
#include "autopar/mpi/MpiPeers.h"
#include "autopar/tcp/Join.h"

#include <cstdlib>
#include <stdexcept>

// Names here are this target's; those of runtime/mpi are called autopar::.
namespace autopar::cuda {

std::unique_ptr<Peers> join(int &argc, char **&argv) {
  const Launch launch = Launch::read(std::getenv, /*withMpi=*/true);
  return launch.by == Launch::By::Mpirun ? MpiPeers::join(argc, argv) : joinByTcp(launch);
}

void requireMpi(const Peers &peers) {
  if (peers.ranks() > 1 && !dynamic_cast<const MpiPeers *>(&peers))
    throw std::invalid_argument("--comm mpi needs ranks that MPI has started: mpirun -n " +
                                std::to_string(peers.ranks()));
}

std::unique_ptr<Transfer> stagedTransfer(const Group &group, const AllReducePlan &plan) {
  return std::make_unique<StagedTransfer<autopar::AllReduce, AllReducePlan>>(group, plan);
}
std::unique_ptr<Transfer> stagedTransfer(const Group &group, const AllGatherPlan &plan) {
  return std::make_unique<StagedTransfer<autopar::AllGather, AllGatherPlan>>(group, plan);
}
std::unique_ptr<Transfer> stagedTransfer(const Group &group, const ReduceScatterPlan &plan) {
  return std::make_unique<StagedTransfer<autopar::ReduceScatter, ReduceScatterPlan>>(group,
                                                                                     plan);
}
std::unique_ptr<Transfer> stagedTransfer(const Group &group, const AllToAllPlan &plan) {
  return std::make_unique<StagedTransfer<autopar::AllToAll, AllToAllPlan>>(group, plan);
}

} // namespace autopar::cuda
