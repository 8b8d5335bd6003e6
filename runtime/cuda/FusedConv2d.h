// Convolutions with the batch norms around them, by cuDNN's fused engines: what a norm would
// read or write a whole image once more for is done while the convolution has it at hand. In
// f16 only, the one type that cuDNN has these engines for.
//
// The norm in front is relu(batch norm) of the image x, and what is convolved is its result
//
//   x' = relu(x̂ gamma + beta)
//
// which never reaches memory. x̂ is x normalized by `stats` as BatchNormApply does it, with the
// shape's count and epsilon.
#ifndef AUTOPAR_RUNTIME_CUDA_FUSEDCONV2D_H
#define AUTOPAR_RUNTIME_CUDA_FUSEDCONV2D_H

#include "autopar/cuda/Conv2d.h"

namespace autopar::cuda {

// x, w, y, dy: as Conv2d.h has them; dw: as w; dz: as x. gamma, beta: [channels]. stats, sums:
// f64 [2, channels]; those of y: f64 [2, filters]. A norm in front is by the whole batch's; what
// calls leave are sums over this rank's rows.
//
// Constructors throw what Conv2dForward's do, std::runtime_error also where cuDNN has no engine
// that fuses this convolution: a network's stem with its 3 channels, for example. They throw
// std::invalid_argument when `type` is not F16, and for a norm in front when count < 1.
//
// cuDNN takes the norm in front of a convolution or a weight gradient as x scale + shift, both
// rounded to f16. It adds sums up in f32.

/// y = the convolution of x; stats = the sums of y and of y².
class Conv2dStats : public Conv2dCall {
public:
  explicit Conv2dStats(const Conv2dShape &shape);
  void operator()(const Context &context, const f16 *x, const float *w, f16 *y, double *stats,
                  void *workspace) const;
};

/// The same of x'.
class NormConv2dStats : public Conv2dCall {
public:
  explicit NormConv2dStats(const Conv2dShape &shape);
  void operator()(const Context &context, const f16 *x, const double *stats, const float *gamma,
                  const float *beta, const float *w, f16 *y, double *statsOfY,
                  void *workspace) const;
};

/// The weights' gradient in a convolution of x'.
class NormConv2dWeightGrad : public Conv2dCall {
public:
  explicit NormConv2dWeightGrad(const Conv2dShape &shape);
  void operator()(const Context &context, const f16 *x, const double *stats, const float *gamma,
                  const float *beta, const f16 *dy, float *dw, void *workspace) const;
};

/// dz = the gradient of x' in its convolution where x' is positive, else 0; sums = the sums of
/// dz and of dz x̂, as BatchNormGradSums leaves them for BatchNormGradInput.
class NormConv2dInputGrad : public Conv2dCall {
public:
  explicit NormConv2dInputGrad(const Conv2dShape &shape);
  void operator()(const Context &context, const f16 *dy, const float *w, const f16 *x,
                  const double *stats, const float *gamma, const float *beta, f16 *dz,
                  double *sums, void *workspace) const;
};

} // namespace autopar::cuda

#endif // AUTOPAR_RUNTIME_CUDA_FUSEDCONV2D_H
