// Matrix products by oneDNN: of whole matrices, and of batches of matrices that lie in larger
// tensors by their strides.
#ifndef AUTOPAR_RUNTIME_CPU_MATMUL_H
#define AUTOPAR_RUNTIME_CPU_MATMUL_H

#include "autopar/cpu/OneDnnCall.h"

#include <cstdint>

namespace autopar::cpu {

/// a: [m, k], with transposeA [k, m]; b: [k, n], with transposeB [n, k].
struct MatmulShape {
  int64_t m, n, k;
  bool transposeA = false, transposeB = false;
};

/// c [m, n] = the product of a and b, as [m, k] and [k, n].
class Matmul : public OneDnnCall {
public:
  explicit Matmul(const MatmulShape &shape);
  void operator()(const float *a, const float *b, float *c, void *workspace) const;
};

/// Two batch dimensions; the strides of each tensor are in elements, in the order of its own
/// dimensions. What is not written of c stays as it is.
struct StridedMatmulShape {
  int64_t outer, inner, m, n, k;
  int64_t aOuter, aInner, aM, aK;
  int64_t bOuter, bInner, bK, bN;
  int64_t cOuter, cInner, cM, cN;
};

/// c[o, i, m, n] = sum over k of a[o, i, m, k] b[o, i, k, n]. Where oneDNN has no fast product
/// for the strides, operands go through the workspace.
class StridedMatmul : public OneDnnCall {
public:
  explicit StridedMatmul(const StridedMatmulShape &shape);
  void operator()(const float *a, const float *b, float *c, void *workspace) const;
};

} // namespace autopar::cpu

#endif // AUTOPAR_RUNTIME_CPU_MATMUL_H
