#include "autopar/core/Memory.h"

#include "autopar/core/Arena.h"

#include <new>

using namespace autopar;

std::shared_ptr<std::byte> Memory::staging(size_t bytes) {
  constexpr std::align_val_t alignment{Arena::alignment};
  return {static_cast<std::byte *>(operator new(bytes, alignment)),
          [](std::byte *buffer) { operator delete(buffer, alignment); }};
}
