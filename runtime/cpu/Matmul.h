// Matrix products by oneDNN: of whole matrices, and of batches of matrices that lie in larger
// tensors by their strides.
#ifndef AUTOPAR_RUNTIME_CPU_MATMUL_H
#define AUTOPAR_RUNTIME_CPU_MATMUL_H

#include "autopar/core/shapes/Products.h"
#include "autopar/cpu/OneDnnCall.h"

namespace autopar::cpu {

using MatmulShape = shapes::Matmul;

/// c [m, n] = the product of a and b, as [m, k] and [k, n].
class Matmul : public OneDnnCall {
public:
  explicit Matmul(const MatmulShape &shape);
  void operator()(const float *a, const float *b, float *c, void *workspace) const;
};

using StridedMatmulShape = shapes::StridedMatmul;

/// c[o, i, m, n] = sum over k of a[o, i, m, k] b[o, i, k, n]. What is not written of c
/// stays as it is. Where oneDNN has no fast product for the strides, operands go through the
/// workspace.
class StridedMatmul : public OneDnnCall {
public:
  explicit StridedMatmul(const StridedMatmulShape &shape);
  void operator()(const float *a, const float *b, float *c, void *workspace) const;
};

} // namespace autopar::cpu

#endif // AUTOPAR_RUNTIME_CPU_MATMUL_H
