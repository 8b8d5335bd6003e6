// See DeviceMemory.h.
#include "autopar/cuda/DeviceMemory.h"

#include <algorithm>
#include <cstring>
#include <stdexcept>
#include <string>

using namespace autopar;
using cuda::check;
using cuda::DeviceMemory;

namespace {

struct DeviceBytes {
  size_t free = 0, total = 0;
};

} // namespace

static DeviceBytes cudasMemory() {
  DeviceBytes bytes;
  check(cudaMemGetInfo(&bytes.free, &bytes.total));
  return bytes;
}

void autopar::cuda::failForWantOfMemory(size_t wanted, size_t free) {
  throw std::runtime_error("the plan needs " + std::to_string(wanted) +
                           " bytes of device memory, but of " + std::to_string(free) +
                           " free ones none so large could be had; compile with a smaller "
                           "--mem-budget, or stop what else runs on the device");
}

std::byte *DeviceMemory::allocate(size_t bytes) {
  void *base = nullptr;
  const cudaError_t status = cudaMalloc(&base, std::max<size_t>(bytes, 1));
  if (status == cudaErrorMemoryAllocation) {
    cudaGetLastError(); // Told here, and nowhere again.
    failForWantOfMemory(bytes, cudasMemory().free);
  }
  check(status);
  clear(base, bytes);
  return static_cast<std::byte *>(base);
}

void DeviceMemory::clear(void *base, size_t bytes) const {
  check(cudaMemsetAsync(base, 0, bytes, context.compute));
}

void DeviceMemory::release(std::byte *base, size_t) noexcept { cudaFree(base); }

void DeviceMemory::write(void *to, const void *hostFrom, size_t bytes) {
  if (bytes <= fewBytes)
    return writeSmall(to, hostFrom, bytes);
  check(cudaMemcpyAsync(to, hostFrom, bytes, cudaMemcpyHostToDevice, context.compute));
  context.compute.synchronize();
}

void DeviceMemory::read(void *hostTo, const void *from, size_t bytes) {
  check(cudaMemcpyAsync(hostTo, from, bytes, cudaMemcpyDeviceToHost, context.compute));
  context.synchronize();
}

void DeviceMemory::writeSmall(void *to, const void *hostFrom, size_t bytes) {
  constexpr size_t places = 256;
  if (!written)
    written = staging(places * fewBytes);
  if (placesWritten == places) {
    allWritten.record(context.compute);
    await(allWritten);
    placesWritten = 0;
  }
  std::byte *const place = written.get() + placesWritten++ * fewBytes;
  std::memcpy(place, hostFrom, bytes);
  check(cudaMemcpyAsync(to, place, bytes, cudaMemcpyHostToDevice, context.compute));
}

/// Where the bytes of one reading come to.
struct DeviceMemory::Place {
  std::shared_ptr<std::byte> pinned;
  Event copied;
};

class DeviceMemory::Later final : public Reading {
public:
  Later(DeviceMemory &memory, std::unique_ptr<Place> place, size_t bytes)
      : memory(memory), place(std::move(place)), bytes(bytes) {}
  ~Later() override { memory.spare.push_back(std::move(place)); }

  void get(void *hostTo) override {
    memory.await(place->copied);
    memory.context.faults.raise();
    std::memcpy(hostTo, place->pinned.get(), bytes);
  }

private:
  DeviceMemory &memory;
  std::unique_ptr<Place> place;
  size_t bytes;
};

DeviceMemory::DeviceMemory(const Context &context, std::unique_ptr<DriverAccount> driver)
    : context(context), driver(std::move(driver)),
      ofBatches(context, [this](const Event &event) { await(event); }) {}

DeviceMemory::~DeviceMemory() = default;

std::unique_ptr<Reading> DeviceMemory::readLater(const void *from, size_t bytes) {
  if (spare.empty())
    spare.emplace_back(new Place{staging(fewBytes), Event()});
  std::unique_ptr<Place> place = std::move(spare.back());
  spare.pop_back();
  check(cudaMemcpyAsync(place->pinned.get(), from, bytes, cudaMemcpyDeviceToHost,
                        context.compute));
  place->copied.record(context.compute);
  return std::make_unique<Later>(*this, std::move(place), bytes);
}

std::shared_ptr<std::byte> DeviceMemory::staging(size_t bytes) {
  void *pinned = nullptr;
  check(cudaMallocHost(&pinned, std::max<size_t>(bytes, 1)));
  return {static_cast<std::byte *>(pinned), [](std::byte *memory) { cudaFreeHost(memory); }};
}

size_t DeviceMemory::footprint(size_t bytes) const {
  constexpr size_t granule = size_t(2) << 20; // cudaMalloc takes pages of 2 MiB from the device
  return (bytes + granule - 1) / granule * granule;
}

size_t DeviceMemory::processPeakBytes() const {
  if (driver) {
    const DriverAccount::Figure now = driver->now();
    source = now.account;
    return peak = std::max(peak, now.bytes);
  }
  source = "all that the GPU has in use, other processes' too, as NVML is missing";
  return peak = std::max(peak, deviceUsedBytes());
}

size_t DeviceMemory::deviceUsedBytes() const {
  const auto [free, total] = cudasMemory();
  return total - free;
}
