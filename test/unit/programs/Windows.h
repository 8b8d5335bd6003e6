// Convolutions and pools of images [N, H, W, C], and their gradients, as their definitions say.
#ifndef AUTOPAR_TEST_UNIT_PROGRAMS_WINDOWS_H
#define AUTOPAR_TEST_UNIT_PROGRAMS_WINDOWS_H

#include "test/unit/programs/Tensor.h"

#include <array>

namespace autopar {

/// Of rows and of columns.
using Pair = std::array<int64_t, 2>;

/// Padding is what stands before the image.
struct Convolution {
  Pair strides = {1, 1}, padding = {0, 0}, dilations = {1, 1};
  int64_t groups = 1;

  /// y of x [N, H, W, C] and w [K, C / groups, I, J].
  Tensor forward(const Tensor &x, const Tensor &w, Shape y) const;
  Tensor inputGrad(const Tensor &dy, const Tensor &w, Shape x) const;
  Tensor weightGrad(const Tensor &x, const Tensor &dy, Shape w) const;
};

struct Pool {
  Pair kernel, strides = {1, 1}, padding = {0, 0};
  bool countsPadding = true; ///< In an average's divisor.

  /// The largest elements, and where in their windows they stood.
  Tensors largest(const Tensor &x, Shape y) const;
  Tensor largestGrad(const Tensor &dy, const Tensor &indices, Shape x) const;
  Tensor average(const Tensor &x, Shape y) const;
  Tensor averageGrad(const Tensor &dy, Shape x) const;
};

} // namespace autopar

#endif
