// Images on their way to a device as bytes, which is how files have them: a quarter of what
// their f32 is. They wait where the plan has room for the next step's, and are normalised as
// they are placed.

#ifndef AUTOPAR_CORE_PIXELSTAGING_H
#define AUTOPAR_CORE_PIXELSTAGING_H

#include "autopar/core/Arena.h"

namespace autopar::inline runtime {

/// Copies share the buffer.
class PixelStaging {
public:
  /// For the f32 images of `shape` at `offset`, by the room for the next ones at `next`. The
  /// arena's memory must have a feed.
  PixelStaging(Arena &arena, size_t offset, const Shape &shape, size_t next)
      : memory(&arena.memory()), images(arena.at<float>(offset, shape)),
        beside(arena.at<uint8_t>(next, shape)), count(elements(shape)),
        buffer(memory->staging(static_cast<size_t>(count))) {}

  /// [shape] on the host.
  uint8_t *data() const { return reinterpret_cast<uint8_t *>(buffer.get()); }

  /// Sends what was written to data() on its way.
  void bring() const {
    memory->feed()->bring(beside, buffer.get(), static_cast<size_t>(count));
  }
  /// Puts what was brought into the arena, normalised.
  void flush(const PixelLevels &levels) const {
    memory->feed()->placePixels(images, beside, count, levels);
  }

private:
  Memory *memory;
  float *images;
  uint8_t *beside;
  int64_t count;
  std::shared_ptr<std::byte> buffer;
};

} // namespace autopar::inline runtime

#endif // AUTOPAR_CORE_PIXELSTAGING_H
