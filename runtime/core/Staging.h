// A slice of the arena as the host fills it. Where the host reaches the arena this is the
// slice itself and costs nothing; for a device it is a buffer beside it that is copied.

#ifndef AUTOPAR_CORE_STAGING_H
#define AUTOPAR_CORE_STAGING_H

#include "autopar/core/Arena.h"

#include <optional>

namespace autopar::inline runtime {

/// Copies share the buffer. What is written to data() is brought, and then flushed.
template <typename T> class Staging {
public:
  Staging() = default;
  /// `next`: where the plan has room for the next step's, to be brought while a step runs.
  Staging(Arena &arena, size_t offset, const Shape &shape,
          std::optional<size_t> next = std::nullopt)
      : memory(&arena.memory()), slice(arena.at<T>(offset, shape)), count(elements(shape)) {
    if (memory->isHost())
      return;
    buffer = memory->staging(bytes());
    if (next && memory->feed())
      beside = arena.at<T>(*next, shape);
  }

  /// [shape] on the host. What the arena holds is not to be read here.
  T *data() const { return buffer ? reinterpret_cast<T *>(buffer.get()) : slice; }
  T &operator[](int64_t i) const { return data()[i]; }

  int64_t size() const { return count; }
  size_t bytes() const { return static_cast<size_t>(count) * sizeof(T); }

  /// Whether data() lies beside the arena, so that it may be filled while a step runs.
  bool isApart() const { return buffer != nullptr; }

  /// Sends what was written to data() on its way, where there is a way beside a step.
  void bring() const {
    if (beside)
      memory->feed()->bring(beside, buffer.get(), bytes());
  }

  /// Puts into the arena what was brought or, where there is no such way, written to data().
  void flush() const {
    if (beside)
      memory->feed()->place(slice, beside, bytes());
    else if (buffer)
      memory->write(slice, buffer.get(), bytes());
  }

private:
  Memory *memory = nullptr;
  T *slice = nullptr, *beside = nullptr;
  int64_t count = 0;
  std::shared_ptr<std::byte> buffer;
};

} // namespace autopar::inline runtime

#endif // AUTOPAR_CORE_STAGING_H
