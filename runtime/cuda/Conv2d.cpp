// See Conv2d.h; what runs on the device is in Conv2d.cu.
#include "autopar/cuda/Conv2d.h"

#include "autopar/core/Window.h"
#include "autopar/cuda/Conv2dPlan.h"

#include <array>
#include <stdexcept>
#include <string>

using namespace autopar;
using namespace autopar::cuda;
using cudnn::Descriptor;
using Sizes = std::span<const int64_t>;

static Window vertical(const Conv2dShape &s) {
  return {s.height, s.kernelH, s.strideH, s.padTop, s.padBottom, s.dilationH};
}

static Window horizontal(const Conv2dShape &s) {
  return {s.width, s.kernelW, s.strideW, s.padLeft, s.padRight, s.dilationW};
}

int64_t Conv2dShape::outputHeight() const { return vertical(*this).positions(); }
int64_t Conv2dShape::outputWidth() const { return horizontal(*this).positions(); }

static void check(const char *call, const Conv2dShape &s) {
  vertical(s).check(call);
  horizontal(s).check(call);
  if (s.groups < 1 || s.channels % s.groups != 0 || s.filters % s.groups != 0)
    throw std::invalid_argument(std::string(call) + ": " + std::to_string(s.groups) +
                                " groups do not divide " + std::to_string(s.channels) +
                                " channels and " + std::to_string(s.filters) + " filters");
  if (s.type != DataType::F32 && s.type != DataType::BF16 && s.type != DataType::F16)
    throw std::invalid_argument(std::string(call) + ": images of " +
                                std::string(nameOf(s.type)) + "; F32, BF16 and F16 are known");
}

/// cuDNN names dimensions NCHW and KCRS, whatever the strides; all tensors are channels-last.
static Descriptor channelsLast(int64_t id, DataType type, int64_t n, int64_t c, int64_t h,
                               int64_t w) {
  return cudnn::tensor(id, type, {n, c, h, w}, {h * w * c, 1, w * c, c});
}

static Descriptor convolution(const Conv2dShape &s) {
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

static cudnn::Plan plan(const char *call, const Names &names, const Conv2dShape &s) {
  check(call, s);
  const int64_t outputHeight = s.outputHeight(), outputWidth = s.outputWidth();
  cudnn::Graph graph;
  graph.add(
      Descriptor(names.operation)
          .set(names.alpha, 1.0)
          .set(names.beta, 0.0)
          .set(names.convolution, convolution(s))
          .set(names.image, channelsLast(Image, s.type, s.batch, s.channels, s.height, s.width))
          .set(names.weights, channelsLast(Weights, s.type, s.filters, s.channels / s.groups,
                                           s.kernelH, s.kernelW))
          .set(names.output,
               channelsLast(Output, s.type, s.batch, s.filters, outputHeight, outputWidth)));
  // Some engines turn whole images into another layout first. That is worth no memory to speak
  // of, but cuDNN pads a stem's 3 channels to 8, for which half of the operands is enough.
  const size_t images =
      s.batch * bytesOf(s.type) *
      (s.height * s.width * s.channels + outputHeight * outputWidth * s.filters);
  constexpr size_t anyway = size_t(16) << 20;
  return {call,
          graph,
          {.tensorCores = s.type != DataType::F32 || s.tf32,
           .workspaceLimit = anyway + images / 2}};
}

static const Names &namesOf(auto pass) {
  constexpr const Names *names[] = {&forwardNames, &inputGradNames, &weightGradNames};
  return *names[static_cast<int>(pass)];
}

Conv2dCall::Conv2dCall(const char *call, Pass pass, const Conv2dShape &shape)
    : state(new State{call, shape, plan(call, namesOf(pass), shape)}) {}
Conv2dCall::~Conv2dCall() = default;
Conv2dCall::Conv2dCall(Conv2dCall &&) noexcept = default;

size_t Conv2dCall::workspaceBytes() const {
  return state->weightBytes() + alignUp(state->plan.workspaceBytes());
}

void Conv2dCall::requireWorkspace(size_t planned) const {
  const size_t ofWeights = state->weightBytes();
  if (planned < ofWeights || !state->plan.fit(planned - ofWeights))
    cuda::requireWorkspace(state->call, workspaceBytes(), planned);
}

Conv2dForward::Conv2dForward(const Conv2dShape &shape)
    : Conv2dCall("Conv2dForward", Pass::Forward, shape) {}
Conv2dInputGrad::Conv2dInputGrad(const Conv2dShape &shape)
    : Conv2dCall("Conv2dInputGrad", Pass::InputGrad, shape) {}
Conv2dWeightGrad::Conv2dWeightGrad(const Conv2dShape &shape)
    : Conv2dCall("Conv2dWeightGrad", Pass::WeightGrad, shape) {}
