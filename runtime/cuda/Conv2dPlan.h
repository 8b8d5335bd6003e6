// What is behind a convolution's call: between Conv2d.cpp, which plans it with no device at
// hand, and Conv2d.cu, which runs it.
#ifndef AUTOPAR_RUNTIME_CUDA_CONV2DPLAN_H
#define AUTOPAR_RUNTIME_CUDA_CONV2DPLAN_H

#include "autopar/cuda/Conv2d.h"
#include "autopar/cuda/Workspace.h"
#include "autopar/cuda/cudnn/Plan.h"

namespace autopar::cuda {

/// Operands of the plan.
enum ConvolutionOperand : int64_t { Image = 1, Weights, Output };

///   workspace = [ weights, channels-last in the images' type | cuDNN's own ]
struct Conv2dCall::State {
  const char *call;
  Conv2dShape shape;
  cudnn::Plan plan;

  /// Whether weights as they are kept are what cuDNN works on.
  bool keepsWeights() const {
    return shape.type == DataType::F32 && shape.kernelH * shape.kernelW == 1;
  }
  int64_t weights() const {
    return shape.filters * (shape.channels / shape.groups) * shape.kernelH * shape.kernelW;
  }
  size_t weightBytes() const {
    return keepsWeights() ? 0 : alignUp(weights() * bytesOf(shape.type));
  }
};

} // namespace autopar::cuda

#endif // AUTOPAR_RUNTIME_CUDA_CONV2DPLAN_H
