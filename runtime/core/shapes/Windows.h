// How the window of a convolution or a pool slides over its image, on any target: `Shape` has
// the fields of Image.inc and Window.inc, and dilations where kernels have them.
#ifndef AUTOPAR_CORE_SHAPES_WINDOWS_H
#define AUTOPAR_CORE_SHAPES_WINDOWS_H

#include "autopar/core/Window.h"

namespace autopar::inline runtime::shapes {

template <class Shape> Window vertical(const Shape &s) {
  Window window{s.height, s.kernelH, s.strideH, s.padTop, s.padBottom};
  if constexpr (requires { s.dilationH; })
    window.dilation = s.dilationH;
  return window;
}

template <class Shape> Window horizontal(const Shape &s) {
  Window window{s.width, s.kernelW, s.strideW, s.padLeft, s.padRight};
  if constexpr (requires { s.dilationW; })
    window.dilation = s.dilationW;
  return window;
}

/// \throws std::invalid_argument where the window does not fit the padded image.
template <class Shape> void checkWindow(const char *call, const Shape &s) {
  vertical(s).check(call);
  horizontal(s).check(call);
}

} // namespace autopar::inline runtime::shapes

#endif // AUTOPAR_CORE_SHAPES_WINDOWS_H
