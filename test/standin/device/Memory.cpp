// See Memory.h.
#include "standin/device/Memory.h"

#include "standin/Report.h"
#include "standin/checks/Checks.h"
#include "standin/device/MemoryFaults.h"
#include "standin/device/Properties.h"

#include <sys/mman.h>

#include <cstdint>
#include <cstring>
#include <map>
#include <mutex>

namespace standin {

namespace {

constexpr size_t pageSize = 4096, alignment = 256;

size_t upTo(size_t bytes, size_t multiple) {
  return (bytes + multiple - 1) / multiple * multiple;
}

struct Allocation {
  Place place;
  const char *begin;
  size_t bytes;
  char *mapping; ///< a page, those of the allocation, and another page
  size_t mappedBytes;
  bool isFreed = false;
};

class Allocations {
public:
  Allocations() : key(pkey_alloc(0, PKEY_DISABLE_ACCESS)) { watchForMemoryFaults(); }

  const int key; ///< negative where the processor has none
  std::mutex guard;
  size_t deviceBytes = 0;
  std::map<const char *, Allocation> byMapping; ///< freed ones too

  /// The one whose mapping holds the address, its guards included.
  Allocation *find(const void *address) {
    const auto *const at = static_cast<const char *>(address);
    auto next = byMapping.upper_bound(at);
    if (next == byMapping.begin())
      return nullptr;
    Allocation &allocation = std::prev(next)->second;
    return at < allocation.mapping + allocation.mappedBytes ? &allocation : nullptr;
  }
};

Allocations &allocations() {
  static Allocations ofProcess;
  return ofProcess;
}

const char *nameOf(Place place) {
  return place == Place::Device ? "device memory" : "pinned host memory";
}

} // namespace

void *allocate(Place place, size_t bytes) {
  Allocations &all = allocations();
  const std::lock_guard lock(all.guard);
  const size_t inside = upTo(bytes, pageSize);
  if (place == Place::Device && all.deviceBytes + inside > properties().totalGlobalMem)
    return nullptr;
  const size_t mappedBytes = pageSize + inside + pageSize;
  void *const mapped =
      mmap(nullptr, mappedBytes, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (mapped == MAP_FAILED)
    return nullptr;
  char *const mapping = static_cast<char *>(mapped), *const pages = mapping + pageSize;
  mprotect(pages, inside, PROT_READ | PROT_WRITE);
  madvise(pages, inside, MADV_HUGEPAGE); // Workspaces and arenas are large, and filled at once.
  std::memset(pages, 0xff, inside);
  if (place == Place::Device) {
    if (all.key >= 0)
      pkey_mprotect(pages, inside, PROT_READ | PROT_WRITE, all.key);
    all.deviceBytes += inside;
  }
  char *const begin = pages + inside - upTo(bytes, alignment);
  all.byMapping[mapping] = {place, begin, bytes, mapping, mappedBytes};
  beginMemory(begin, bytes, place == Place::Device);
  return begin;
}

void release(Place place, void *memory) {
  Allocations &all = allocations();
  const std::lock_guard lock(all.guard);
  Allocation *const allocation = all.find(memory);
  if (!allocation || allocation->place != place || allocation->begin != memory)
    report(std::string("what is freed is no allocation of ") + nameOf(place));
  if (allocation->isFreed)
    report(std::string("an allocation of ") + std::to_string(allocation->bytes) + " bytes of " +
           nameOf(place) + " is freed twice");
  allocation->isFreed = true;
  endMemory(allocation->begin, allocation->bytes);
  mmap(allocation->mapping, allocation->mappedBytes, PROT_NONE,
       MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_FIXED, -1, 0);
  if (place == Place::Device)
    all.deviceBytes -= allocation->mappedBytes - 2 * pageSize;
}

DeviceBytes deviceBytes() {
  Allocations &all = allocations();
  const std::lock_guard lock(all.guard);
  const size_t total = properties().totalGlobalMem;
  return {total, total - all.deviceBytes};
}

std::string describe(const void *address) {
  const Allocation *const allocation = allocations().find(address);
  if (!allocation)
    return "";
  return "byte " + std::to_string(static_cast<const char *>(address) - allocation->begin) +
         " of " + (allocation->isFreed ? "a freed" : "an") + " allocation of " +
         std::to_string(allocation->bytes) + " bytes of " + nameOf(allocation->place);
}

void require(Place place, const void *memory, size_t bytes, const std::string &what) {
  if (bytes == 0)
    return;
  Allocations &all = allocations();
  const std::lock_guard lock(all.guard);
  const Allocation *const allocation = all.find(memory);
  if (!allocation)
    report(what + " is no " + nameOf(place));
  const auto *const begin = static_cast<const char *>(memory);
  if (allocation->place != place || allocation->isFreed || begin < allocation->begin ||
      begin + bytes > allocation->begin + allocation->bytes)
    report(what + ", " + std::to_string(bytes) + " bytes of " + nameOf(place) + ", begins at " +
           describe(memory));
}

bool isIn(Place place, const void *memory) {
  Allocations &all = allocations();
  const std::lock_guard lock(all.guard);
  const Allocation *const allocation = all.find(memory);
  return allocation && allocation->place == place;
}

std::optional<Extent> allocationOf(const void *address) {
  Allocations &all = allocations();
  const std::lock_guard lock(all.guard);
  const Allocation *const found = all.find(address);
  if (!found)
    return std::nullopt;
  return Extent{found->place, found->begin, found->bytes, found->isFreed};
}

DeviceAccess::DeviceAccess() {
  if (const int key = allocations().key; key >= 0) {
    before = pkey_get(key);
    pkey_set(key, 0);
  }
}

DeviceAccess::~DeviceAccess() {
  if (const int key = allocations().key; key >= 0)
    pkey_set(key, before);
}

} // namespace standin
