// See Conv2d.h; what runs on the device is in Conv2d.cu.
#include "autopar/cuda/Conv2d.h"

#include "autopar/cuda/Conv2dPlan.h"

#include <stdexcept>
#include <string>

using namespace autopar;
using namespace autopar::cuda;
using cudnn::ConvolutionGraph;

static const Conv2dShape &checked(const char *call, const Conv2dShape &s) {
  shapes::checkConv2d(call, s);
  if (s.type != DataType::F32 && s.type != DataType::BF16 && s.type != DataType::F16)
    throw std::invalid_argument(std::string(call) + ": images of " +
                                std::string(nameOf(s.type)) + "; F32, BF16 and F16 are known");
  return s;
}

static cudnn::Plan::Demands demandsOf(const Conv2dShape &s) {
  // Some engines turn whole images into another layout first. That is worth no memory to speak
  // of, but cuDNN pads a stem's 3 channels to 8, for which half of the operands is enough.
  const size_t images =
      s.batch * bytesOf(s.type) *
      (s.height * s.width * s.channels + s.outputHeight() * s.outputWidth() * s.filters);
  constexpr size_t anyway = size_t(16) << 20;
  return {.engines = {.tensorCores = s.type != DataType::F32 || s.tf32,
                      .deterministic = s.deterministic},
          .workspaceLimit = anyway + images / 2};
}

Conv2dCall::State::State(const char *call, const Conv2dShape &shape, GraphOf graphOf,
                         ChannelRows coefficients, ChannelRows sums)
    : call(call), shape(checked(call, shape)), plan(call, graphOf(shape), demandsOf(shape)),
      coefficients(coefficients), sums(sums) {}

Conv2dCall::Conv2dCall(std::unique_ptr<State> state) : state(std::move(state)) {}
Conv2dCall::~Conv2dCall() = default;
Conv2dCall::Conv2dCall(Conv2dCall &&) noexcept = default;

size_t Conv2dCall::workspaceBytes() const {
  return state->bytesBesidePlan() + alignUp(state->plan.workspaceBytes());
}

void Conv2dCall::requireWorkspace(size_t planned) const {
  const size_t besidePlan = state->bytesBesidePlan();
  if (planned < besidePlan || !state->plan.fit(planned - besidePlan))
    cuda::requireWorkspace(state->call, workspaceBytes(), planned);
}

template <ConvolutionGraph::Pass pass>
static ConvolutionGraph graphOf(const Conv2dShape &shape) {
  ConvolutionGraph graph(shape);
  graph.convolve(pass, graph.image(), graph.weights(), graph.output());
  return graph;
}

Conv2dForward::Conv2dForward(const Conv2dShape &shape)
    : Conv2dCall(std::make_unique<State>("Conv2dForward", shape,
                                         graphOf<ConvolutionGraph::Pass::Forward>)) {}
Conv2dInputGrad::Conv2dInputGrad(const Conv2dShape &shape)
    : Conv2dCall(std::make_unique<State>("Conv2dInputGrad", shape,
                                         graphOf<ConvolutionGraph::Pass::InputGrad>)) {}
Conv2dWeightGrad::Conv2dWeightGrad(const Conv2dShape &shape)
    : Conv2dCall(std::make_unique<State>("Conv2dWeightGrad", shape,
                                         graphOf<ConvolutionGraph::Pass::WeightGrad>)) {}
