// What FusedConv2d.cpp, which plans the calls, and FusedConv2d.cu, which runs them, agree on
// beside Conv2dPlan.h: the operands of the plans, and what the rows of the workspace hold.
//
//                          coefficients                 sums
//   Conv2dStats                                         y, y²
//   NormConv2dStats        scale, shift (f16)           y, y²
//   NormConv2dWeightGrad   scale, shift (f16)
//   NormConv2dInputGrad    mean, 1/deviation (f32)      dz, dz x̂, three that nobody reads
#ifndef AUTOPAR_RUNTIME_CUDA_FUSEDCONV2DPLAN_H
#define AUTOPAR_RUNTIME_CUDA_FUSEDCONV2DPLAN_H

#include "autopar/cuda/Conv2dPlan.h"
#include "autopar/cuda/FusedConv2d.h"

namespace autopar::cuda {

/// Operands of the plans beside Image, Weights and Output.
enum FusedConv2dOperand : int64_t {
  NormScale = cudnn::Output + 1,
  NormShift,
  NormMean,
  NormInverseStd,
  NormGamma,
  NormBeta,
  MaskedGrad, ///< dz
  FirstSum,
  SecondSum,
  // With them dx would be a sum of multiples of dz and of x and an offset.
  GradFactor,
  ImageFactor,
  GradOffset
};

} // namespace autopar::cuda

#endif // AUTOPAR_RUNTIME_CUDA_FUSEDCONV2DPLAN_H
