// What is behind a convolution's call: between Conv2d.cpp and FusedConv2d.cpp, which plan it
// with no device at hand, and Conv2d.cu and FusedConv2d.cu, which run it.
#ifndef AUTOPAR_RUNTIME_CUDA_CONV2DPLAN_H
#define AUTOPAR_RUNTIME_CUDA_CONV2DPLAN_H

#include "autopar/cuda/Conv2d.h"
#include "autopar/cuda/Workspace.h"
#include "autopar/cuda/cudnn/ConvolutionGraph.h"
#include "autopar/cuda/cudnn/Plan.h"

namespace autopar::cuda {

/// Rows of a workspace with a value for each channel. Each begins aligned.
struct ChannelRows {
  ChannelRows() = default;
  ChannelRows(int rows, DataType type, int64_t channels)
      : rows(rows), rowBytes(alignUp(channels * bytesOf(type))) {}

  size_t bytes() const { return rows * rowBytes; }
  template <class T> T *row(std::byte *first, int i) const {
    return reinterpret_cast<T *>(first + i * rowBytes);
  }

private:
  int rows = 0;
  size_t rowBytes = 0;
};

///   workspace = [ weights, channels-last in the images' type | coefficients of the batch norm
///                 in front | sums, f32 | cuDNN's own ]
///
/// A convolution alone has neither coefficients nor sums.
struct Conv2dCall::State {
  using GraphOf = cudnn::ConvolutionGraph (*)(const Conv2dShape &);
  State(const char *call, const Conv2dShape &shape, GraphOf graphOf,
        ChannelRows coefficients = {}, ChannelRows sums = {});

  const char *call;
  Conv2dShape shape;
  cudnn::Plan plan;
  ChannelRows coefficients, sums;

  /// Whether weights as they are kept are what cuDNN works on.
  bool keepsWeights() const {
    return shape.type == DataType::F32 && shape.kernelH * shape.kernelW == 1;
  }
  int64_t weights() const { return shapes::weightsOf(shape); }
  size_t weightBytes() const {
    return keepsWeights() ? 0 : alignUp(weights() * bytesOf(shape.type));
  }
  size_t bytesBesidePlan() const { return weightBytes() + coefficients.bytes() + sums.bytes(); }

  struct Parts {
    std::byte *weights, *coefficients, *sums, *ofPlan;
  };
  Parts split(void *workspace) const {
    Parts parts;
    parts.weights = static_cast<std::byte *>(workspace);
    parts.coefficients = parts.weights + weightBytes();
    parts.sums = parts.coefficients + coefficients.bytes();
    parts.ofPlan = parts.sums + sums.bytes();
    return parts;
  }
};

} // namespace autopar::cuda

#endif // AUTOPAR_RUNTIME_CUDA_CONV2DPLAN_H
