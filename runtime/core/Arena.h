// The one allocation of an emitted program. Every parameter, activation,
// workspace and communication buffer is a slice of it at an offset that the
// compiler planned; handing out slices is also how the peak is measured.

#ifndef AUTOPAR_CORE_ARENA_H
#define AUTOPAR_CORE_ARENA_H

#include "autopar/core/HostMemory.h"
#include "autopar/core/Shape.h"

#include <cstddef>
#include <span>

namespace autopar::inline runtime {

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

  /// The highest byte that any slice handed out so far reaches.
  size_t peakBytes() const { return peak; }

  /// Fills [begin, end) with bytes of all ones, which read as NaN in f32 and
  /// f64 and as -1 in i32: what is read before it is written shows.
  void poison(size_t begin, size_t end);

private:
  Memory &place;
  std::byte *base = nullptr;
  size_t size = 0;
  size_t peak = 0;
};

} // namespace autopar::inline runtime

#endif // AUTOPAR_CORE_ARENA_H
