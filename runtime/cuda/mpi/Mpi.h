// What programs of this target do over MPI, where they are built with it: WithMpi.cpp, else
// WithoutMpi.cpp.
#ifndef AUTOPAR_RUNTIME_CUDA_MPI_MPI_H
#define AUTOPAR_RUNTIME_CUDA_MPI_MPI_H

#include "autopar/core/Peers.h"
#include "autopar/cuda/Collectives.h"

namespace autopar::cuda {

/// The other ranks: MPI's where mpirun has started this one, else by TCP where the environment
/// says. \throws std::invalid_argument, std::runtime_error as Launch::read and joinByTcp do.
std::unique_ptr<Peers> join(int &argc, char **&argv);

/// \throws std::invalid_argument unless collectives between these ranks can go over MPI.
void requireMpi(const Peers &peers);

/// Buckets over MPI.
std::unique_ptr<Transfer> stagedTransfer(const Group &group, const AllReducePlan &plan);
std::unique_ptr<Transfer> stagedTransfer(const Group &group, const AllGatherPlan &plan);
std::unique_ptr<Transfer> stagedTransfer(const Group &group, const ReduceScatterPlan &plan);
std::unique_ptr<Transfer> stagedTransfer(const Group &group, const AllToAllPlan &plan);

} // namespace autopar::cuda

#endif // AUTOPAR_RUNTIME_CUDA_MPI_MPI_H
