// See FusedConv2d.h; what runs on the device is in FusedConv2d.cu. These are graphs that
// cuDNN's engines recognize: the order of operations, the types of values between them, and
// even SUB where ADD would do, are what they look for.
#include "autopar/cuda/FusedConv2d.h"

#include "autopar/cuda/FusedConv2dPlan.h"

#include <stdexcept>
#include <string>

using namespace autopar;
using namespace autopar::cuda;
using cudnn::ConvolutionGraph;
using cudnn::Descriptor;
using cudnn::perChannel;
using Pass = ConvolutionGraph::Pass;

static const Conv2dShape &inHalves(const char *call, const Conv2dShape &shape) {
  if (shape.type != DataType::F16)
    throw std::invalid_argument(std::string(call) + ": images of " +
                                std::string(nameOf(shape.type)) +
                                "; cuDNN fuses batch norms with convolutions of F16 only");
  return shape;
}

static const Conv2dShape &withNorm(const char *call, const Conv2dShape &shape) {
  if (shape.count < 1)
    throw std::invalid_argument(std::string(call) + ": a batch norm over " +
                                std::to_string(shape.count) +
                                " values a channel; the shape's count is at least 1");
  return inHalves(call, shape);
}

/// x' = relu(x scale + shift)
static Descriptor normalized(ConvolutionGraph &graph) {
  const int64_t channels = graph.shape.channels;
  const Descriptor scale = perChannel(NormScale, DataType::F16, channels),
                   shift = perChannel(NormShift, DataType::F16, channels);
  const Descriptor scaled = graph.imageBetween(), shifted = graph.imageBetween(),
                   result = graph.imageBetween();
  graph.pointwise(CUDNN_POINTWISE_MUL, graph.image(), &scale, scaled);
  graph.pointwise(CUDNN_POINTWISE_ADD, scaled, &shift, shifted);
  graph.pointwise(CUDNN_POINTWISE_RELU_FWD, shifted, nullptr, result);
  return result;
}

/// y, and the sums of y and y².
static void convolveAndSum(ConvolutionGraph &graph, const Descriptor &x) {
  const Descriptor y = graph.output();
  const int64_t filters = graph.shape.filters;
  graph.convolve(Pass::Forward, x, graph.weights(), y);
  graph.add(Descriptor(CUDNN_BACKEND_OPERATION_GEN_STATS_DESCRIPTOR)
                .set(CUDNN_ATTR_OPERATION_GENSTATS_MODE, CUDNN_GENSTATS_SUM_SQSUM)
                .set(CUDNN_ATTR_OPERATION_GENSTATS_MATH_PREC, CUDNN_DATA_FLOAT)
                .set(CUDNN_ATTR_OPERATION_GENSTATS_XDESC, y)
                .set(CUDNN_ATTR_OPERATION_GENSTATS_SUMDESC,
                     perChannel(FirstSum, DataType::F32, filters))
                .set(CUDNN_ATTR_OPERATION_GENSTATS_SQSUMDESC,
                     perChannel(SecondSum, DataType::F32, filters)));
}

static ConvolutionGraph statsGraph(const Conv2dShape &shape) {
  ConvolutionGraph graph(shape);
  convolveAndSum(graph, graph.image());
  return graph;
}

static ConvolutionGraph normStatsGraph(const Conv2dShape &shape) {
  ConvolutionGraph graph(shape);
  convolveAndSum(graph, normalized(graph));
  return graph;
}

static ConvolutionGraph normWeightGradGraph(const Conv2dShape &shape) {
  ConvolutionGraph graph(shape);
  graph.convolve(Pass::WeightGrad, normalized(graph), graph.weights(), graph.output());
  return graph;
}

/// dz = the gradient of x' where (x - mean) invstd gamma + beta > 0, and its sums.
static ConvolutionGraph normInputGradGraph(const Conv2dShape &shape) {
  ConvolutionGraph graph(shape);
  const auto ofChannels = [&](int64_t id) {
    return perChannel(id, DataType::F32, shape.channels);
  };
  const Descriptor mean = ofChannels(NormMean), inverseStd = ofChannels(NormInverseStd),
                   gamma = ofChannels(NormGamma), beta = ofChannels(NormBeta);
  const Descriptor x = graph.image(), dz = graph.image(MaskedGrad);

  const Descriptor grad = graph.imageBetween();
  graph.convolve(Pass::InputGrad, grad, graph.weights(), graph.output());
  const Descriptor centred = graph.imageBetween(), normal = graph.imageBetween(),
                   scaled = graph.imageBetween(), shifted = graph.imageBetween();
  graph.pointwise(CUDNN_POINTWISE_SUB, x, &mean, centred);
  graph.pointwise(CUDNN_POINTWISE_MUL, centred, &inverseStd, normal);
  graph.pointwise(CUDNN_POINTWISE_MUL, normal, &gamma, scaled);
  graph.pointwise(CUDNN_POINTWISE_ADD, scaled, &beta, shifted);
  graph.pointwiseGrad(CUDNN_POINTWISE_RELU_BWD, shifted, grad, dz);
  graph.add(
      Descriptor(CUDNN_BACKEND_OPERATION_BN_BWD_WEIGHTS_DESCRIPTOR)
          .set(CUDNN_ATTR_OPERATION_BN_BWD_WEIGHTS_MATH_PREC, CUDNN_DATA_FLOAT)
          .set(CUDNN_ATTR_OPERATION_BN_BWD_WEIGHTS_MEAN_DESC, mean)
          .set(CUDNN_ATTR_OPERATION_BN_BWD_WEIGHTS_INVSTD_DESC, inverseStd)
          .set(CUDNN_ATTR_OPERATION_BN_BWD_WEIGHTS_BN_SCALE_DESC, gamma)
          .set(CUDNN_ATTR_OPERATION_BN_BWD_WEIGHTS_X_DESC, x)
          .set(CUDNN_ATTR_OPERATION_BN_BWD_WEIGHTS_DY_DESC, dz)
          .set(CUDNN_ATTR_OPERATION_BN_BWD_WEIGHTS_DBN_BIAS_DESC, ofChannels(FirstSum))
          .set(CUDNN_ATTR_OPERATION_BN_BWD_WEIGHTS_DBN_SCALE_DESC, ofChannels(SecondSum))
          .set(CUDNN_ATTR_OPERATION_BN_BWD_WEIGHTS_EQ_DY_SCALE_DESC, ofChannels(GradFactor))
          .set(CUDNN_ATTR_OPERATION_BN_BWD_WEIGHTS_EQ_X_SCALE_DESC, ofChannels(ImageFactor))
          .set(CUDNN_ATTR_OPERATION_BN_BWD_WEIGHTS_EQ_BIAS, ofChannels(GradOffset)));
  return graph;
}

Conv2dStats::Conv2dStats(const Conv2dShape &s)
    : Conv2dCall(std::make_unique<State>("Conv2dStats", inHalves("Conv2dStats", s), statsGraph,
                                         ChannelRows(),
                                         ChannelRows(2, DataType::F32, s.filters))) {}

NormConv2dStats::NormConv2dStats(const Conv2dShape &s)
    : Conv2dCall(std::make_unique<State>("NormConv2dStats", withNorm("NormConv2dStats", s),
                                         normStatsGraph,
                                         ChannelRows(2, DataType::F16, s.channels),
                                         ChannelRows(2, DataType::F32, s.filters))) {}

NormConv2dWeightGrad::NormConv2dWeightGrad(const Conv2dShape &s)
    : Conv2dCall(std::make_unique<State>(
          "NormConv2dWeightGrad", withNorm("NormConv2dWeightGrad", s), normWeightGradGraph,
          ChannelRows(2, DataType::F16, s.channels))) {}

NormConv2dInputGrad::NormConv2dInputGrad(const Conv2dShape &s)
    : Conv2dCall(std::make_unique<State>("NormConv2dInputGrad",
                                         withNorm("NormConv2dInputGrad", s), normInputGradGraph,
                                         ChannelRows(2, DataType::F32, s.channels),
                                         ChannelRows(5, DataType::F32, s.channels))) {}
