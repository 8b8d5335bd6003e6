// Convolution over images, and its two gradients, by oneDNN. Images stay channels-last and
// weights as PyTorch stores them; the calls reorder weights to what the chosen kernel wants.
#ifndef AUTOPAR_RUNTIME_CPU_CONV2D_H
#define AUTOPAR_RUNTIME_CPU_CONV2D_H

#include "autopar/core/shapes/Conv2d.h"
#include "autopar/cpu/OneDnnCall.h"

namespace autopar::cpu {

using Conv2dShape = shapes::Conv2d;

/// \throws std::invalid_argument when groups do not divide channels and filters, or the window
/// does not fit the padded image (so do the gradients).
class Conv2dForward : public OneDnnCall {
public:
  explicit Conv2dForward(const Conv2dShape &shape);
  void operator()(const float *x, const float *w, float *y, void *workspace) const;
};

class Conv2dInputGrad : public OneDnnCall {
public:
  explicit Conv2dInputGrad(const Conv2dShape &shape);
  void operator()(const float *dy, const float *w, float *dx, void *workspace) const;
};

class Conv2dWeightGrad : public OneDnnCall {
public:
  explicit Conv2dWeightGrad(const Conv2dShape &shape);
  void operator()(const float *x, const float *dy, float *dw, void *workspace) const;
};

} // namespace autopar::cpu

#endif // AUTOPAR_RUNTIME_CPU_CONV2D_H
