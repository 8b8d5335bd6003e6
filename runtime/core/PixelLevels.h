// What a pixel's byte becomes when images are normalised: a number for each of its 256 values,
// by channel. It is worked out once, so a device that looks it up has the host's bits.

#ifndef AUTOPAR_CORE_PIXELLEVELS_H
#define AUTOPAR_CORE_PIXELLEVELS_H

#include <cstdint>

namespace autopar::inline runtime {

struct PixelLevels {
  static constexpr int channels = 3, values = 256;
  float ofChannel[channels][values];
};

} // namespace autopar::inline runtime

#endif // AUTOPAR_CORE_PIXELLEVELS_H
