// What data sheets say of GPUs, in the terms that cuDNN asks for. Those read on
// a device (DeviceProperties::ofDevice) may differ in details, such as clock rates.
#include "autopar/cuda/Planning.h"

#include <stdexcept>

using autopar::cuda::DeviceProperties;

static constexpr std::string_view a100 = R"({
  "maxGridSize": [2147483647, 65535, 65535],
  "maxBlockSize": [1024, 1024, 64],
  "regsPerBlock": 65536,
  "multiProcessorCount": 108,
  "warpSize": 32,
  "maxSharedMemoryPerBlock": 49152,
  "maxSharedMemoryPerBlockOptin": 166912,
  "reservedSharedMemoryPerBlock": 1024,
  "maxRegistersPerSM": 65536,
  "maxCtasPerSM": 32,
  "maxThreadsPerBlock": 1024,
  "maxThreadsPerSM": 2048,
  "pciDeviceId": 0,
  "isTccDriver": 0,
  "supportCoopLaunch": 1,
  "smClockRateKHz": 1410000,
  "memClockRateKHz": 1593000,
  "l2CacheSize": 41943040,
  "deviceName": "NVIDIA A100-SXM4-80GB",
  "deviceVer": 800,
  "driverVer": 13000,
  "cudaDeviceId": 0,
  "totalGlobalMem": 85031714816
})";

static constexpr std::string_view h100 = R"({
  "maxGridSize": [2147483647, 65535, 65535],
  "maxBlockSize": [1024, 1024, 64],
  "regsPerBlock": 65536,
  "multiProcessorCount": 132,
  "warpSize": 32,
  "maxSharedMemoryPerBlock": 49152,
  "maxSharedMemoryPerBlockOptin": 232448,
  "reservedSharedMemoryPerBlock": 1024,
  "maxRegistersPerSM": 65536,
  "maxCtasPerSM": 32,
  "maxThreadsPerBlock": 1024,
  "maxThreadsPerSM": 2048,
  "pciDeviceId": 0,
  "isTccDriver": 0,
  "supportCoopLaunch": 1,
  "smClockRateKHz": 1980000,
  "memClockRateKHz": 2619000,
  "l2CacheSize": 52428800,
  "deviceName": "NVIDIA H100 80GB HBM3",
  "deviceVer": 900,
  "driverVer": 13000,
  "cudaDeviceId": 0,
  "totalGlobalMem": 84942979072
})";

DeviceProperties DeviceProperties::preset(std::string_view name) {
  if (name == "a100")
    return parse(a100);
  if (name == "h100")
    return parse(h100);
  throw std::invalid_argument("no GPU is known as " + std::string(name) +
                              "; a100 and h100 are");
}
