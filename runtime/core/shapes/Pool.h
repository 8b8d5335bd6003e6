// What a pool and its gradient are made of on every target, and what follows from it.
#ifndef AUTOPAR_CORE_SHAPES_POOL_H
#define AUTOPAR_CORE_SHAPES_POOL_H

#include "autopar/core/shapes/Windows.h"

#include <cstdint>
#include <stdexcept>
#include <string>

namespace autopar::inline runtime::shapes {

/// x: [batch, height, width, channels], y: [batch, outputHeight(), outputWidth(), channels].
struct Pool {
  using Fields = Pool;
#include "autopar/core/shapes/Pool.inc"

  int64_t outputHeight() const { return vertical(*this).positions(); }
  int64_t outputWidth() const { return horizontal(*this).positions(); }

  /// visit(name, field), and its default where it has one.
  template <class Shape, class Visit> static void forEachField(Shape &shape, Visit visit) {
#include "autopar/core/shapes/Visit.inc"
#include "autopar/core/shapes/Pool.inc"
  }
};

/// \throws std::invalid_argument where an index of one byte cannot tell the window's elements
/// apart, as the largest one's is kept.
inline void checkByteIndex(const char *call, const Pool &s) {
  if (s.kernelH * s.kernelW > 255)
    throw std::invalid_argument(std::string(call) + ": a window of " +
                                std::to_string(s.kernelH * s.kernelW) +
                                " elements exceeds the 255 that an index of one byte can tell "
                                "apart; pool in two steps");
}

} // namespace autopar::inline runtime::shapes

#endif // AUTOPAR_CORE_SHAPES_POOL_H
