// See Properties.h.
#include "standin/device/Properties.h"

#include "standin/Report.h"

#include <cstdlib>
#include <cstring>
#include <sstream>

namespace standin {

static int current = 0;

namespace {

/// In what the Hopper GPUs differ of which programs can tell.
struct Kind {
  const char *name;    ///< in STANDIN_DEVICE
  const char *product; ///< as the driver names it
  int multiprocessors;
  size_t memory;
  int clock, memoryClock; ///< in kHz
};

constexpr Kind kinds[] = {
    {"h100", "NVIDIA H100 80GB HBM3", 132, 84942979072, 1980000, 2619000},
    {"h100-pcie", "NVIDIA H100 PCIe", 114, 84942979072, 1755000, 1593000},
    {"h200", "NVIDIA H200", 132, 150110011392, 1980000, 3201000},
};

const Kind &chosenKind() {
  const char *const name = std::getenv("STANDIN_DEVICE");
  for (const Kind &known : kinds)
    if (!name || std::strcmp(name, known.name) == 0)
      return known;
  report("STANDIN_DEVICE is " + std::string(name) + "; h100, h100-pcie and h200 are known");
}

const Kind &kind() {
  static const Kind &chosen = chosenKind();
  return chosen;
}

} // namespace

cudaDeviceProp propertiesOf(int device) {
  cudaDeviceProp p = {};
  std::strcpy(p.name, kind().product);
  std::strcpy(p.uuid.bytes, "stand-in");
  p.uuid.bytes[15] = static_cast<char>(device);
  p.totalGlobalMem = kind().memory;
  p.sharedMemPerBlock = 49152;
  p.sharedMemPerBlockOptin = 232448;
  p.reservedSharedMemPerBlock = 1024;
  p.regsPerBlock = 65536;
  p.regsPerMultiprocessor = 65536;
  p.warpSize = 32;
  p.maxThreadsPerBlock = 1024;
  p.maxThreadsPerMultiProcessor = 2048;
  p.maxBlocksPerMultiProcessor = 32;
  p.maxThreadsDim[0] = p.maxThreadsDim[1] = 1024;
  p.maxThreadsDim[2] = 64;
  p.maxGridSize[0] = 2147483647;
  p.maxGridSize[1] = p.maxGridSize[2] = 65535;
  p.major = 9;
  p.minor = 0;
  p.multiProcessorCount = kind().multiprocessors;
  p.l2CacheSize = 52428800;
  p.canMapHostMemory = 1;
  p.unifiedAddressing = 1;
  return p;
}

const cudaDeviceProp &properties() {
  static const cudaDeviceProp ofAny = propertiesOf(0);
  return ofAny;
}

std::string cudnnDescription() {
  const cudaDeviceProp &p = properties();
  std::ostringstream json;
  json << R"({"maxGridSize": [)" << p.maxGridSize[0] << ", " << p.maxGridSize[1] << ", "
       << p.maxGridSize[2] << R"(], "maxBlockSize": [)" << p.maxThreadsDim[0] << ", "
       << p.maxThreadsDim[1] << ", " << p.maxThreadsDim[2] << R"(], "regsPerBlock": )"
       << p.regsPerBlock << R"(, "multiProcessorCount": )" << p.multiProcessorCount
       << R"(, "warpSize": )" << p.warpSize << R"(, "maxSharedMemoryPerBlock": )"
       << p.sharedMemPerBlock << R"(, "maxSharedMemoryPerBlockOptin": )"
       << p.sharedMemPerBlockOptin << R"(, "reservedSharedMemoryPerBlock": )"
       << p.reservedSharedMemPerBlock << R"(, "maxRegistersPerSM": )" << p.regsPerMultiprocessor
       << R"(, "maxCtasPerSM": )" << p.maxBlocksPerMultiProcessor
       << R"(, "maxThreadsPerBlock": )" << p.maxThreadsPerBlock << R"(, "maxThreadsPerSM": )"
       << p.maxThreadsPerMultiProcessor
       << R"(, "pciDeviceId": 0, "isTccDriver": 0, "supportCoopLaunch": 1)"
       << R"(, "smClockRateKHz": )" << kind().clock << R"(, "memClockRateKHz": )"
       << kind().memoryClock << R"(, "l2CacheSize": )" << p.l2CacheSize
       << R"(, "deviceName": ")" << p.name << R"(", "deviceVer": )"
       << 100 * p.major + 10 * p.minor << R"(, "driverVer": 13000, "cudaDeviceId": )" << current
       << R"(, "totalGlobalMem": )" << p.totalGlobalMem << "}";
  return json.str();
}

int currentDevice() { return current; }
void selectDevice(int device) { current = device; }

} // namespace standin
