// What a convolution and its gradients are made of on every target, and what follows from it.
// A target's own shape may have more fields.
#ifndef AUTOPAR_CORE_SHAPES_CONV2D_H
#define AUTOPAR_CORE_SHAPES_CONV2D_H

#include "autopar/core/shapes/Windows.h"

#include <cstdint>
#include <stdexcept>
#include <string>

namespace autopar::inline runtime::shapes {

/// x: [batch, height, width, channels], w: [filters, channels / groups, kernelH, kernelW],
/// y: [batch, outputHeight(), outputWidth(), filters].
struct Conv2d {
  using Fields = Conv2d;
#include "autopar/core/shapes/Conv2d.inc"

  int64_t outputHeight() const { return vertical(*this).positions(); }
  int64_t outputWidth() const { return horizontal(*this).positions(); }

  /// visit(name, field), and its default where it has one.
  template <class Shape, class Visit> static void forEachField(Shape &shape, Visit visit) {
#include "autopar/core/shapes/Visit.inc"
#include "autopar/core/shapes/Conv2d.inc"
  }
};

/// Elements of w.
template <class Shape> int64_t weightsOf(const Shape &s) {
  return s.filters * (s.channels / s.groups) * s.kernelH * s.kernelW;
}

/// \throws std::invalid_argument where the window does not fit the padded image, or groups do
/// not divide channels and filters.
template <class Shape> void checkConv2d(const char *call, const Shape &s) {
  checkWindow(call, s);
  if (s.groups < 1 || s.channels % s.groups != 0 || s.filters % s.groups != 0)
    throw std::invalid_argument(std::string(call) + ": " + std::to_string(s.groups) +
                                " groups do not divide " + std::to_string(s.channels) +
                                " channels and " + std::to_string(s.filters) + " filters");
}

} // namespace autopar::inline runtime::shapes

#endif // AUTOPAR_CORE_SHAPES_CONV2D_H
