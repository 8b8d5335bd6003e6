// See Device.h.
#include "autopar/cuda/Device.h"

#include "autopar/cuda/Check.h"

#include <stdexcept>
#include <string>

using namespace autopar;

/// "13.0", of CUDA's 13000.
static std::string versionText(int version) {
  return std::to_string(version / 1000) + "." + std::to_string(version % 1000 / 10);
}

/// A newer driver runs an older runtime, and within a major version an older driver a newer
/// one.
static void requireDriver() {
  int driver = 0, runtime = 0;
  cuda::check(cudaDriverGetVersion(&driver));
  cuda::check(cudaRuntimeGetVersion(&runtime));
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

void cuda::selectDevice(int localRank, int localRanks, bool share) {
  requireDriver();
  const int devices = deviceCount();
  if (devices == 0)
    throw std::runtime_error("no GPU was found here (CUDA_VISIBLE_DEVICES may hide them); "
                             "this program needs one, or compile with --target cpu");
  if (devices < localRanks && !share)
    throw std::runtime_error(std::to_string(localRanks) + " ranks on this host, but only " +
                             std::to_string(devices) +
                             " GPUs; start fewer ranks a host, or let ranks share a GPU with "
                             "--comm mpi");
  check(cudaSetDevice(localRank % devices));
}
