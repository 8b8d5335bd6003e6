// The arena's mapping: huge pages where the kernel gives them, every page
// touched by the threads that will work on it, and a guard behind the end.

#include "autopar/core/Arena.h"

#include <sys/mman.h>
#include <unistd.h>

#include <cstring>
#include <stdexcept>
#include <string>

using namespace autopar;

namespace {

constexpr size_t hugePage = size_t(2) << 20;

size_t roundUp(size_t bytes, size_t unit) { return (bytes + unit - 1) / unit * unit; }

} // namespace

Arena::Arena(size_t bytes) : size(bytes) {
  const size_t page = static_cast<size_t>(sysconf(_SC_PAGESIZE));
  mapped = roundUp(bytes, page);

  // Reserve enough to align the start to a huge page and to end in a page that
  // is never made accessible: a write behind the arena stops the program.
  const size_t reserved = mapped + hugePage + page;
  void *start =
      mmap(nullptr, reserved, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (start == MAP_FAILED)
    throw std::runtime_error("cannot map an arena of " + std::to_string(bytes) +
                             " bytes: " + std::strerror(errno));
  const auto address = reinterpret_cast<uintptr_t>(start);
  const size_t before = roundUp(address, hugePage) - address;
  if (before)
    munmap(start, before);
  base = static_cast<std::byte *>(start) + before;
  const size_t behind = reserved - before - mapped - page;
  if (behind)
    munmap(base + mapped + page, behind);

  if (mapped && mprotect(base, mapped, PROT_READ | PROT_WRITE) != 0) {
    const int error = errno;
    munmap(base, mapped + page);
    throw std::runtime_error("cannot map an arena of " + std::to_string(bytes) +
                             " bytes: " + std::strerror(error));
  }
  if (mapped)
    madvise(base, mapped, MADV_HUGEPAGE); // only a hint

#pragma omp parallel for schedule(static)
  for (size_t offset = 0; offset < mapped; offset += page)
    base[offset] = std::byte(0);
}

Arena::~Arena() { munmap(base, mapped + static_cast<size_t>(sysconf(_SC_PAGESIZE))); }

std::span<std::byte> Arena::slice(size_t offset, size_t bytes) {
  if (offset > size || bytes > size - offset)
    throw std::out_of_range("a slice of " + std::to_string(bytes) + " bytes at offset " +
                            std::to_string(offset) + " leaves the arena of " +
                            std::to_string(size) + " bytes");
  if (offset % alignment != 0)
    throw std::out_of_range("arena offset " + std::to_string(offset) +
                            " is not a multiple of " + std::to_string(alignment));
  peak = std::max(peak, offset + bytes);
  return {base + offset, bytes};
}

void Arena::poison(size_t begin, size_t end) { std::memset(base + begin, 0xFF, end - begin); }
