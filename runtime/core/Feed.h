// How the next step's batch comes to a device while a step runs there: first to memory of the
// arena that no step uses, beside the program's work, then to where the step looks for it.

#ifndef AUTOPAR_CORE_FEED_H
#define AUTOPAR_CORE_FEED_H

#include "autopar/core/PixelLevels.h"

#include <cstddef>

namespace autopar::inline runtime {

/// What is placed is in the order of the program's own work: see Memory.
class Feed {
public:
  virtual ~Feed() = default;

  /// Copies to `beside`, once what was there has been placed. The host's side may be used again
  /// when the call returns.
  virtual void bring(void *beside, const void *hostFrom, size_t bytes) = 0;

  /// Copies from `beside`.
  virtual void place(void *to, const void *beside, size_t bytes) = 0;

  /// to[i] = levels of pixels[i], whose channels lie side by side.
  virtual void placePixels(float *to, const uint8_t *pixels, int64_t count,
                           const PixelLevels &levels) = 0;
};

} // namespace autopar::inline runtime

#endif // AUTOPAR_CORE_FEED_H
