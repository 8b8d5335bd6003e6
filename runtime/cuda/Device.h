// Which GPU a rank takes, and what may be wrong with that.
#ifndef AUTOPAR_RUNTIME_CUDA_DEVICE_H
#define AUTOPAR_RUNTIME_CUDA_DEVICE_H

#include <array>
#include <span>

namespace autopar::cuda {

/// The number of GPUs here; 0 also where there is no driver.
int deviceCount();

/// \throws std::runtime_error unless a driver for CUDA version `driver` (13000 is 13.0, 0 none)
/// runs a program built with `runtime`: a newer one does, and one of the same major version.
void requireDriver(int driver, int runtime);

/// The GPU of a rank: the one of its number among its host's ranks, where there are fewer in
/// turns. Takes nothing there yet. \throws std::runtime_error when there is no GPU, or too old a
/// driver.
int chooseDevice(int localRank);

/// Makes that GPU current for this process.
void selectDevice(int localRank);

/// What no two GPUs have alike.
using DeviceId = std::array<char, 16>;
DeviceId idOf(int device);

/// \throws std::runtime_error, naming two ranks, where any two of `ofRanks` have one GPU.
void requireOwnDevices(std::span<const DeviceId> ofRanks);

} // namespace autopar::cuda

#endif // AUTOPAR_RUNTIME_CUDA_DEVICE_H
