// See ConvolutionGraph.h.
#include "autopar/cuda/cudnn/ConvolutionGraph.h"

using namespace autopar;
using namespace autopar::cuda::cudnn;
using cuda::Conv2dShape;

namespace {

/// What cuDNN calls the parts of one of the three operations.
struct Names {
  cudnnBackendDescriptorType_t operation;
  cudnnBackendAttributeName_t alpha, beta, convolution, image, weights, output;
};

constexpr Names forwardNames{CUDNN_BACKEND_OPERATION_CONVOLUTION_FORWARD_DESCRIPTOR,
                             CUDNN_ATTR_OPERATION_CONVOLUTION_FORWARD_ALPHA,
                             CUDNN_ATTR_OPERATION_CONVOLUTION_FORWARD_BETA,
                             CUDNN_ATTR_OPERATION_CONVOLUTION_FORWARD_CONV_DESC,
                             CUDNN_ATTR_OPERATION_CONVOLUTION_FORWARD_X,
                             CUDNN_ATTR_OPERATION_CONVOLUTION_FORWARD_W,
                             CUDNN_ATTR_OPERATION_CONVOLUTION_FORWARD_Y};
constexpr Names inputGradNames{CUDNN_BACKEND_OPERATION_CONVOLUTION_BACKWARD_DATA_DESCRIPTOR,
                               CUDNN_ATTR_OPERATION_CONVOLUTION_BWD_DATA_ALPHA,
                               CUDNN_ATTR_OPERATION_CONVOLUTION_BWD_DATA_BETA,
                               CUDNN_ATTR_OPERATION_CONVOLUTION_BWD_DATA_CONV_DESC,
                               CUDNN_ATTR_OPERATION_CONVOLUTION_BWD_DATA_DX,
                               CUDNN_ATTR_OPERATION_CONVOLUTION_BWD_DATA_W,
                               CUDNN_ATTR_OPERATION_CONVOLUTION_BWD_DATA_DY};
constexpr Names weightGradNames{CUDNN_BACKEND_OPERATION_CONVOLUTION_BACKWARD_FILTER_DESCRIPTOR,
                                CUDNN_ATTR_OPERATION_CONVOLUTION_BWD_FILTER_ALPHA,
                                CUDNN_ATTR_OPERATION_CONVOLUTION_BWD_FILTER_BETA,
                                CUDNN_ATTR_OPERATION_CONVOLUTION_BWD_FILTER_CONV_DESC,
                                CUDNN_ATTR_OPERATION_CONVOLUTION_BWD_FILTER_X,
                                CUDNN_ATTR_OPERATION_CONVOLUTION_BWD_FILTER_DW,
                                CUDNN_ATTR_OPERATION_CONVOLUTION_BWD_FILTER_DY};

} // namespace

static const Names &namesOf(ConvolutionGraph::Pass pass) {
  switch (pass) {
  case ConvolutionGraph::Pass::Forward:
    return forwardNames;
  case ConvolutionGraph::Pass::InputGrad:
    return inputGradNames;
  case ConvolutionGraph::Pass::WeightGrad:
    return weightGradNames;
  }
  __builtin_unreachable();
}

/// The strides of dimensions that cuDNN names [n, c, h, w].
static Dims channelsLast(const Dims &dims) {
  const auto [n, c, h, w] = dims;
  return {h * w * c, 1, w * c, c};
}

static Dims imageDims(const Conv2dShape &s) { return {s.batch, s.channels, s.height, s.width}; }

static Descriptor inMemory(int64_t id, DataType type, const Dims &dims) {
  return tensor(id, type, dims, channelsLast(dims));
}

Descriptor ConvolutionGraph::image(int64_t id) const {
  return inMemory(id, shape.type, imageDims(shape));
}

Descriptor ConvolutionGraph::weights() const {
  return inMemory(Weights, shape.type,
                  {shape.filters, shape.channels / shape.groups, shape.kernelH, shape.kernelW});
}

Descriptor ConvolutionGraph::output() const {
  return inMemory(Output, shape.type,
                  {shape.batch, shape.filters, shape.outputHeight(), shape.outputWidth()});
}

Descriptor ConvolutionGraph::imageBetween() {
  const Dims dims = imageDims(shape);
  return between(CUDNN_DATA_FLOAT, dims, channelsLast(dims));
}

Descriptor cuda::cudnn::perChannel(int64_t id, DataType type, int64_t channels) {
  return inMemory(id, type, {1, channels, 1, 1});
}

static Descriptor windowOf(const Conv2dShape &s) {
  using Sizes = std::span<const int64_t>;
  const std::array strides{s.strideH, s.strideW}, dilations{s.dilationH, s.dilationW},
      before{s.padTop, s.padLeft}, after{s.padBottom, s.padRight};
  return Descriptor(CUDNN_BACKEND_CONVOLUTION_DESCRIPTOR)
      .set(CUDNN_ATTR_CONVOLUTION_SPATIAL_DIMS, int64_t(2))
      .set(CUDNN_ATTR_CONVOLUTION_COMP_TYPE, CUDNN_DATA_FLOAT)
      .set(CUDNN_ATTR_CONVOLUTION_CONV_MODE, CUDNN_CROSS_CORRELATION)
      .set(CUDNN_ATTR_CONVOLUTION_FILTER_STRIDES, Sizes(strides))
      .set(CUDNN_ATTR_CONVOLUTION_DILATIONS, Sizes(dilations))
      .set(CUDNN_ATTR_CONVOLUTION_PRE_PADDINGS, Sizes(before))
      .set(CUDNN_ATTR_CONVOLUTION_POST_PADDINGS, Sizes(after))
      .finalize();
}

void ConvolutionGraph::convolve(Pass pass, const Descriptor &image, const Descriptor &weights,
                                const Descriptor &output) {
  const Names &names = namesOf(pass);
  add(Descriptor(names.operation)
          .set(names.alpha, 1.0)
          .set(names.beta, 0.0)
          .set(names.convolution, windowOf(shape))
          .set(names.image, image)
          .set(names.weights, weights)
          .set(names.output, output));
}
