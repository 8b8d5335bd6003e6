#include "autopar/core/Arena.h"

#include <algorithm>
#include <stdexcept>
#include <string>

using namespace autopar;

Arena::Arena(Memory &memory, size_t bytes)
    : place(memory), base(memory.allocate(bytes)), size(bytes) {}

Arena::~Arena() { place.release(base, size); }

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

void Arena::poison(size_t begin, size_t end) {
  place.fill(base + begin, std::byte(0xFF), end - begin);
}
