// Convolution over images, and its two gradients, by oneDNN. Images stay channels-last and
// weights as PyTorch stores them; the calls reorder weights to what the chosen kernel wants.
#ifndef AUTOPAR_RUNTIME_CPU_CONV2D_H
#define AUTOPAR_RUNTIME_CPU_CONV2D_H

#include "autopar/cpu/OneDnnCall.h"

#include <cstdint>

namespace autopar::cpu {

/// x: [batch, height, width, channels], w: [filters, channels / groups, kernelH, kernelW],
/// y: [batch, outputHeight(), outputWidth(), filters]. A dilation of 1 is a dense kernel.
struct Conv2dShape {
  int64_t batch, height, width, channels, filters;
  int64_t kernelH, kernelW;
  int64_t strideH = 1, strideW = 1;
  int64_t padTop = 0, padLeft = 0, padBottom = 0, padRight = 0;
  int64_t dilationH = 1, dilationW = 1;
  int64_t groups = 1;

  int64_t outputHeight() const;
  int64_t outputWidth() const;
};

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
