// A slice of the arena as the host fills it. Where the host reaches the arena this is the
// slice itself and costs nothing; for a device it is a buffer beside it that flush() copies.

#ifndef AUTOPAR_CORE_STAGING_H
#define AUTOPAR_CORE_STAGING_H

#include "autopar/core/Arena.h"

namespace autopar::inline runtime {

/// Copies share the buffer.
template <typename T> class Staging {
public:
  Staging() = default;
  Staging(Arena &arena, size_t offset, const Shape &shape)
      : memory(&arena.memory()), slice(arena.at<T>(offset, shape)), count(elements(shape)) {
    if (!memory->isHost())
      buffer = memory->staging(bytes());
  }

  /// [shape] on the host. What the arena holds is not to be read here.
  T *data() const { return buffer ? reinterpret_cast<T *>(buffer.get()) : slice; }
  T &operator[](int64_t i) const { return data()[i]; }

  int64_t size() const { return count; }
  size_t bytes() const { return static_cast<size_t>(count) * sizeof(T); }

  /// Whether data() lies beside the arena, so that it may be filled while a step runs.
  bool isApart() const { return buffer != nullptr; }

  /// Brings what was written to data() into the arena.
  void flush() const {
    if (buffer)
      memory->write(slice, buffer.get(), bytes());
  }

private:
  Memory *memory = nullptr;
  T *slice = nullptr;
  int64_t count = 0;
  std::shared_ptr<std::byte> buffer;
};

} // namespace autopar::inline runtime

#endif // AUTOPAR_CORE_STAGING_H
