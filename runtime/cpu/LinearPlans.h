// The three matrix products of a fully connected layer, and of a convolution that is one.
// oneDNN's matmul takes the weights as they are kept; its inner product would reorder them
// first, which at small batches takes longer than the product (2048 -> 1000 at batch 8: 1.8 ms
// against 0.3).
#ifndef AUTOPAR_RUNTIME_CPU_LINEARPLANS_H
#define AUTOPAR_RUNTIME_CPU_LINEARPLANS_H

#include "autopar/cpu/Linear.h"
#include "autopar/cpu/OneDnnPlan.h"

namespace autopar::cpu {

/// Operands x, w, y.
OneDnnPlan planLinearForward(const char *call, const LinearShape &shape);
/// Operands dy, w, dx.
OneDnnPlan planLinearInputGrad(const char *call, const LinearShape &shape);
/// Operands x, dy, dw.
OneDnnPlan planLinearWeightGrad(const char *call, const LinearShape &shape);

} // namespace autopar::cpu

#endif // AUTOPAR_RUNTIME_CPU_LINEARPLANS_H
