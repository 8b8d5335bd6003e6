// Which GPU a rank takes, and what may be wrong with that.
#ifndef AUTOPAR_RUNTIME_CUDA_DEVICE_H
#define AUTOPAR_RUNTIME_CUDA_DEVICE_H

namespace autopar::cuda {

/// The number of GPUs here; 0 also where there is no driver.
int deviceCount();

/// Makes a GPU current for this process: each of the `localRanks` ranks of a host takes one of
/// its own, or where `share` (collectives by MPI, then) they take turns. \throws
/// std::runtime_error when there is no GPU, too old a driver for this program, or fewer GPUs
/// than ranks.
void selectDevice(int localRank, int localRanks, bool share);

} // namespace autopar::cuda

#endif // AUTOPAR_RUNTIME_CUDA_DEVICE_H
