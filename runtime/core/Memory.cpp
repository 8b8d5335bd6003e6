#include "autopar/core/Memory.h"

#include "autopar/core/Arena.h"

#include <array>
#include <cstring>
#include <new>

using namespace autopar;

namespace {

/// Of memory whose work is done when it is read.
struct ReadAlready final : Reading {
  std::array<std::byte, Memory::fewBytes> value;
  size_t bytes;

  explicit ReadAlready(size_t bytes) : bytes(bytes) {}
  void get(void *hostTo) override { std::memcpy(hostTo, value.data(), bytes); }
};

} // namespace

std::unique_ptr<Reading> Memory::readLater(const void *from, size_t bytes) {
  auto reading = std::make_unique<ReadAlready>(bytes);
  read(reading->value.data(), from, bytes);
  return reading;
}

std::shared_ptr<std::byte> Memory::staging(size_t bytes) {
  constexpr std::align_val_t alignment{Arena::alignment};
  return {static_cast<std::byte *>(operator new(bytes, alignment)),
          [](std::byte *buffer) { operator delete(buffer, alignment); }};
}
