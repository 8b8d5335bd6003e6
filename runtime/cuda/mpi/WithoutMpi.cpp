// See Mpi.h.
#include "autopar/cuda/mpi/Mpi.h"

#include "autopar/tcp/Join.h"

#include <cstdlib>
#include <stdexcept>

namespace autopar::cuda {

std::unique_ptr<Peers> join(int &, char **&) {
  return joinByTcp(Launch::read(std::getenv, /*withMpi=*/false));
}

[[noreturn]] static void isMissing() {
  throw std::invalid_argument("--comm mpi needs MPI, which this program was built without; build "
                              "it where MPI is, or give each rank a GPU and leave --comm out");
}

void requireMpi(const Peers &) { isMissing(); }

std::unique_ptr<Transfer> stagedTransfer(const Group &, const AllReducePlan &) { isMissing(); }
std::unique_ptr<Transfer> stagedTransfer(const Group &, const AllGatherPlan &) { isMissing(); }
std::unique_ptr<Transfer> stagedTransfer(const Group &, const ReduceScatterPlan &) {
  isMissing();
}
std::unique_ptr<Transfer> stagedTransfer(const Group &, const AllToAllPlan &) { isMissing(); }

} // namespace autopar::cuda
