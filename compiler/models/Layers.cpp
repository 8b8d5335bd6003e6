// Layers as PyTorch makes them, initialisers included. See Layers.h.
#include "compiler/models/Layers.h"

#include <cmath>

using namespace mlir;

namespace autopar::models {

using graph::shapeOf;
using graph::VariableKind;

Value conv2d(Network &network, const Twine &name, Value input, int64_t channels, Window window,
             int64_t groups) {
  // PyTorch's fan_out leaves the groups out: it is channels · size².
  double deviation = std::sqrt(2.0 / (channels * window.size * window.size));
  Value weight =
      network.variable(VariableKind::Parameter, name + ".weight",
                       {channels, shapeOf(input)[3] / groups, window.size, window.size},
                       graph::NormalInitAttr::get(network.builder.getContext(), deviation));
  return graph::Conv2dOp::create(
      network.builder, network.use(name), input, weight, SmallVector<int64_t>(2, window.stride),
      SmallVector<int64_t>(4, window.padding), SmallVector<int64_t>(2, 1), groups);
}

Value batchNorm(Network &network, const Twine &name, Value input) {
  ArrayRef<int64_t> channels = shapeOf(input).take_back();
  auto variable = [&](VariableKind kind, StringRef suffix, double value) {
    return network.variable(kind, name + suffix, channels, network.constant(value));
  };
  Value gamma = variable(VariableKind::Parameter, ".weight", 1);
  Value beta = variable(VariableKind::Parameter, ".bias", 0);
  Value mean = variable(VariableKind::State, ".running_mean", 0);
  Value var = variable(VariableKind::State, ".running_var", 1);
  return graph::BatchNormOp::create(network.builder, network.use(name), input.getType(), input,
                                    gamma, beta, mean, var, /*epsilon=*/llvm::APFloat(1e-5),
                                    /*momentum=*/llvm::APFloat(0.1));
}

Value relu(Network &network, const Twine &name, Value input) {
  return graph::ReluOp::create(network.builder, network.use(name), input);
}

Value add(Network &network, const Twine &name, Value lhs, Value rhs) {
  return graph::AddOp::create(network.builder, network.use(name), lhs, rhs);
}

Value maxPool(Network &network, const Twine &name, Value input, Window window) {
  return graph::MaxPoolOp::create(
             network.builder, network.use(name), input, SmallVector<int64_t>(2, window.size),
             SmallVector<int64_t>(2, window.stride), SmallVector<int64_t>(4, window.padding))
      .getOutput();
}

Value globalAvgPool(Network &network, const Twine &name, Value input) {
  return graph::GlobalAvgPoolOp::create(network.builder, network.use(name), input);
}

Value linear(Network &network, const Twine &name, Value input, int64_t features) {
  int64_t inputs = shapeOf(input)[1];
  Attribute init =
      graph::UniformInitAttr::get(network.builder.getContext(), 1 / std::sqrt(double(inputs)));
  Value weight =
      network.variable(VariableKind::Parameter, name + ".weight", {features, inputs}, init);
  Value product =
      graph::LinearOp::create(network.builder, network.use(name + ".matmul"), input, weight);
  Value bias = network.variable(VariableKind::Parameter, name + ".bias", {features}, init);
  return graph::BiasAddOp::create(network.builder, network.use(name), product.getType(),
                                  product, bias);
}

Value crossEntropy(Network &network, const Twine &name, Value logits, Value labels,
                   double labelSmoothing) {
  return graph::SoftmaxCrossEntropyOp::create(network.builder, network.use(name), logits,
                                              labels, /*count=*/shapeOf(logits)[0],
                                              llvm::APFloat(labelSmoothing));
}

} // namespace autopar::models
