// Images that came as bytes, normalised: see core/PixelLevels.h.
#ifndef AUTOPAR_RUNTIME_CUDA_PIXELS_H
#define AUTOPAR_RUNTIME_CUDA_PIXELS_H

#include "autopar/core/PixelLevels.h"
#include "autopar/cuda/Stream.h"

namespace autopar::cuda {

/// images[i] = levels.ofChannel[i % channels][pixels[i]] for i < count.
void normalisePixels(const Stream &stream, float *images, const uint8_t *pixels, int64_t count,
                     const PixelLevels &levels);

} // namespace autopar::cuda

#endif // AUTOPAR_RUNTIME_CUDA_PIXELS_H
