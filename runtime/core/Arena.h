// The one allocation of an emitted program. Every parameter, activation,
// workspace and communication buffer is a slice of it at an offset that the
// compiler planned. What was handed out is the plan; what is touched of it an
// ArenaWatch measures.

#ifndef AUTOPAR_CORE_ARENA_H
#define AUTOPAR_CORE_ARENA_H

#include "autopar/core/HostMemory.h"
#include "autopar/core/Shape.h"

#include <cstddef>
#include <span>
#include <vector>

namespace autopar::inline runtime {

/// The bytes [begin, end) of an arena.
struct Extent {
  size_t begin = 0, end = 0;
};

class Arena {
public:
  /// Every offset is a multiple of this, in bytes.
  static constexpr size_t alignment = 64;

  /// `bytes` of zeros in `memory`, which must outlive the arena. Throws
  /// std::runtime_error when it has not that much.
  Arena(Memory &memory, size_t bytes);
  explicit Arena(size_t bytes) : Arena(HostMemory::instance(), bytes) {}
  ~Arena();
  Arena(const Arena &) = delete;
  Arena &operator=(const Arena &) = delete;

  Memory &memory() const { return place; }

  /// The slice of `elements(shape)` values of T at `offset` bytes. Throws
  /// std::out_of_range when it would leave the arena or is not aligned.
  template <typename T> T *at(size_t offset, const Shape &shape) {
    return reinterpret_cast<T *>(
        slice(offset, static_cast<size_t>(elements(shape)) * sizeof(T)).data());
  }

  /// The same for raw bytes.
  std::span<std::byte> slice(size_t offset, size_t bytes);

  size_t bytes() const { return size; }

  /// All of it, to the end of its last page, where nothing is anybody's.
  std::span<std::byte> pages() const { return {base, mapped}; }

  /// What was handed out so far, in the order of that.
  std::span<const Extent> slices() const { return handedOut; }

  /// What the process had taken of the memory before the arena was made.
  size_t processBytesBefore() const { return before; }

private:
  Memory &place;
  size_t before;
  size_t size, mapped;
  std::byte *base;
  std::vector<Extent> handedOut;
};

} // namespace autopar::inline runtime

#endif // AUTOPAR_CORE_ARENA_H
