#include "autopar/core/HostMemory.h"

#include "autopar/core/GuardPages.h"

#include <sys/mman.h>
#include <sys/resource.h>
#include <unistd.h>

#include <cerrno>
#include <cstdint>
#include <cstring>
#include <fstream>
#include <stdexcept>
#include <string>

using namespace autopar;

namespace {

constexpr size_t hugePage = size_t(2) << 20;

size_t roundUp(size_t bytes, size_t unit) { return (bytes + unit - 1) / unit * unit; }

size_t pageBytes() { return static_cast<size_t>(sysconf(_SC_PAGESIZE)); }

[[noreturn]] void cannotMap(size_t bytes, int error) {
  throw std::runtime_error("cannot map an arena of " + std::to_string(bytes) +
                           " bytes: " + std::strerror(error));
}

} // namespace

HostMemory &HostMemory::instance() {
  static HostMemory memory;
  return memory;
}

std::byte *HostMemory::allocate(size_t bytes) {
  const size_t page = pageBytes(), mapped = footprint(bytes);

  // Reserve enough to align the start to a huge page and to lie between guards, which are never
  // made accessible: an access beside the arena stops the program.
  const size_t reserved = guardBytes + mapped + guardBytes + hugePage;
  void *start =
      mmap(nullptr, reserved, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (start == MAP_FAILED)
    cannotMap(bytes, errno);
  const auto address = reinterpret_cast<uintptr_t>(start);
  const size_t before = roundUp(address + guardBytes, hugePage) - guardBytes - address;
  if (before)
    munmap(start, before);
  std::byte *const base = static_cast<std::byte *>(start) + before + guardBytes;
  const size_t behind = reserved - before - guardBytes - mapped - guardBytes;
  if (behind)
    munmap(base + mapped + guardBytes, behind);

  if (mapped && mprotect(base, mapped, PROT_READ | PROT_WRITE) != 0) {
    const int error = errno;
    munmap(base - guardBytes, guardBytes + mapped + guardBytes);
    cannotMap(bytes, error);
  }
  if (mapped)
    madvise(base, mapped, MADV_HUGEPAGE); // only a hint
  watchGuards(base, mapped);

#pragma omp parallel for schedule(static)
  for (size_t offset = 0; offset < mapped; offset += page)
    base[offset] = std::byte(0);
  return base;
}

void HostMemory::release(std::byte *base, size_t bytes) noexcept {
  forgetGuards(base);
  munmap(base - guardBytes, guardBytes + footprint(bytes) + guardBytes);
}

void HostMemory::write(void *to, const void *hostFrom, size_t bytes) {
  std::memcpy(to, hostFrom, bytes);
}

void HostMemory::read(void *hostTo, const void *from, size_t bytes) {
  std::memcpy(hostTo, from, bytes);
}

size_t HostMemory::footprint(size_t bytes) const { return roundUp(bytes, pageBytes()); }

size_t HostMemory::processPeakBytes() const {
  // Of this program alone: what getrusage tells begins with what its launcher held.
  std::ifstream status("/proc/self/status");
  for (std::string word; status >> word;)
    if (size_t kibibytes; word == "VmHWM:" && status >> kibibytes)
      return kibibytes * 1024;
  rusage usage;
  getrusage(RUSAGE_SELF, &usage);
  return static_cast<size_t>(usage.ru_maxrss) * 1024;
}
