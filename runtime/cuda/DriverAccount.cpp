// See DriverAccount.h.
#include "autopar/cuda/DriverAccount.h"

#include <dlfcn.h>
#include <unistd.h>

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <span>
#include <stdexcept>
#include <string>
#include <vector>

using autopar::cuda::DeviceId;
using autopar::cuda::DriverAccount;

namespace {

// As nvml.h has them, which toolkits need not bring: its interface of version 12 and later.
using Device = struct nvmlDevice *;
using Status = int;
constexpr Status success = 0, insufficientSize = 7;

struct MemoryInfo {
  unsigned long long total, free, used;
};

struct ProcessInfo {
  unsigned int pid;
  unsigned long long usedMemory;
  unsigned int gpuInstance, computeInstance;
};
constexpr unsigned long long notAvailable = ~0ULL;

/// `GPU-…`, `MIG-…`: the number as NVML writes it.
std::string uuidText(const char *kind, const DeviceId &id) {
  std::string text = kind;
  for (size_t i = 0; i < id.size(); ++i) {
    char digits[3];
    std::snprintf(digits, sizeof digits, "%02x", static_cast<unsigned char>(id[i]));
    text += (i == 4 || i == 6 || i == 8 || i == 10 ? "-" : "") + std::string(digits);
  }
  return text;
}

} // namespace

struct DriverAccount::Library {
  explicit Library(const char *name) : handle(dlopen(name, RTLD_NOW | RTLD_LOCAL)) {
    if (handle && find(shutdown, "nvmlShutdown") && find(memory, "nvmlDeviceGetMemoryInfo") &&
        find(processes, "nvmlDeviceGetComputeRunningProcesses_v3") &&
        find(byUuid, "nvmlDeviceGetHandleByUUID") && find(initialise, "nvmlInit_v2"))
      isReady = initialise() == success;
  }
  ~Library() {
    if (isReady)
      shutdown();
    if (handle)
      dlclose(handle);
  }

  template <typename Function> bool find(Function &function, const char *name) {
    function = reinterpret_cast<Function>(dlsym(handle, name));
    return function != nullptr;
  }

  bool findDevice(const DeviceId &id) {
    return isReady && (byUuid(uuidText("GPU-", id).c_str(), &device) == success ||
                       byUuid(uuidText("MIG-", id).c_str(), &device) == success);
  }

  void *handle;
  bool isReady = false;
  Device device = nullptr;
  Status (*initialise)() = nullptr;
  Status (*shutdown)() = nullptr;
  Status (*byUuid)(const char *, Device *) = nullptr;
  Status (*memory)(Device, MemoryInfo *) = nullptr;
  Status (*processes)(Device, unsigned int *, ProcessInfo *) = nullptr;
};

std::unique_ptr<DriverAccount> DriverAccount::open(const DeviceId &device, const char *name) {
  auto library = std::make_unique<Library>(name);
  MemoryInfo info;
  if (!library->findDevice(device) || library->memory(library->device, &info) != success)
    return nullptr;
  return std::unique_ptr<DriverAccount>(new DriverAccount(std::move(library)));
}

DriverAccount::DriverAccount(std::unique_ptr<Library> opened)
    : library(std::move(opened)), usedAtFirst(usedOfDevice()) {}

DriverAccount::~DriverAccount() = default;

size_t DriverAccount::usedOfDevice() const {
  MemoryInfo info;
  if (library->memory(library->device, &info) != success)
    throw std::runtime_error("the driver no longer tells how much of the GPU's memory is used");
  return info.used;
}

DriverAccount::Figure DriverAccount::now() const {
  std::vector<ProcessInfo> running(64);
  Status status;
  unsigned int count;
  do {
    count = static_cast<unsigned int>(running.size());
    status = library->processes(library->device, &count, running.data());
    if (status == insufficientSize) // more may have come meanwhile
      running.resize(std::max<size_t>(2 * running.size(), count));
  } while (status == insufficientSize);
  if (status == success)
    for (const ProcessInfo &process : std::span(running).first(count))
      if (process.pid == static_cast<unsigned int>(getpid()) &&
          process.usedMemory != notAvailable)
        return {process.usedMemory, "the driver's account of the process"};
  const size_t used = usedOfDevice();
  return {used - std::min(used, usedAtFirst),
          "what the driver counts on the GPU since before the context"};
}
