// See Device.h.
#include "autopar/cuda/Device.h"

#include "autopar/cuda/Check.h"

#include <algorithm>
#include <stdexcept>
#include <string>

using namespace autopar;

/// "13.0", of CUDA's 13000.
static std::string versionText(int version) {
  return std::to_string(version / 1000) + "." + std::to_string(version % 1000 / 10);
}

void cuda::requireDriver(int driver, int runtime) {
  if (driver == 0)
    throw std::runtime_error("no CUDA driver is installed here; this program needs a GPU and a "
                             "driver for CUDA " +
                             versionText(runtime) + ", or compile with --target cpu");
  if (driver / 1000 < runtime / 1000)
    throw std::runtime_error("the driver here is for CUDA " + versionText(driver) +
                             ", this program was built with CUDA " + versionText(runtime) +
                             "; install a newer driver, or build with an older nvcc");
}

int cuda::deviceCount() {
  int count = 0;
  if (cudaGetDeviceCount(&count) != cudaSuccess) {
    cudaGetLastError(); // No driver and no device are answers here, not errors.
    return 0;
  }
  return count;
}

int cuda::chooseDevice(int localRank) {
  int driver = 0, runtime = 0;
  check(cudaDriverGetVersion(&driver));
  check(cudaRuntimeGetVersion(&runtime));
  requireDriver(driver, runtime);
  const int devices = deviceCount();
  if (devices == 0)
    throw std::runtime_error("no GPU was found here (CUDA_VISIBLE_DEVICES may hide them); "
                             "this program needs one, or compile with --target cpu");
  return localRank % devices;
}

void cuda::selectDevice(int localRank) { check(cudaSetDevice(chooseDevice(localRank))); }

cuda::DeviceId cuda::idOf(int device) {
  cudaDeviceProp properties;
  check(cudaGetDeviceProperties(&properties, device));
  DeviceId id;
  std::ranges::copy(properties.uuid.bytes, id.begin());
  return id;
}

void cuda::requireOwnDevices(std::span<const DeviceId> ofRanks) {
  for (size_t rank = 0; rank < ofRanks.size(); ++rank)
    for (size_t other = 0; other < rank; ++other)
      if (ofRanks[rank] == ofRanks[other])
        throw std::runtime_error(
            "ranks " + std::to_string(other) + " and " + std::to_string(rank) +
            " have one GPU between them; start no more ranks on a host than it has GPUs, or let "
            "ranks share one with --comm mpi");
}
