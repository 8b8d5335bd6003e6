// A tensor with its dimensions in another order.
#ifndef AUTOPAR_RUNTIME_CPU_TRANSPOSE_H
#define AUTOPAR_RUNTIME_CPU_TRANSPOSE_H

#include "autopar/core/Shape.h"

namespace autopar::cpu {

/// x: [shape]; dimension i of y is dimension permutation[i] of x. \throws std::invalid_argument
/// when `permutation` is none of x's dimensions.
struct Transpose {
  Shape shape;
  Shape permutation;
  void operator()(const float *x, float *y) const;
};

} // namespace autopar::cpu

#endif // AUTOPAR_RUNTIME_CPU_TRANSPOSE_H
