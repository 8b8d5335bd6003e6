#include "autopar/core/Arena.h"

#include <stdexcept>
#include <string>

using namespace autopar;

Arena::Arena(Memory &memory, size_t bytes)
    : place(memory), before(memory.processPeakBytes()), size(bytes),
      mapped(memory.footprint(bytes)), base(memory.allocate(mapped)) {}

Arena::~Arena() { place.release(base, mapped); }

std::span<std::byte> Arena::slice(size_t offset, size_t bytes) {
  if (offset > size || bytes > size - offset)
    throw std::out_of_range("a slice of " + std::to_string(bytes) + " bytes at offset " +
                            std::to_string(offset) + " leaves the arena of " +
                            std::to_string(size) + " bytes");
  if (offset % alignment != 0)
    throw std::out_of_range("arena offset " + std::to_string(offset) +
                            " is not a multiple of " + std::to_string(alignment));
  handedOut.push_back({offset, offset + bytes});
  return {base + offset, bytes};
}
