// See Transformer.h.
#include "compiler/models/Transformer.h"

#include "dialects/graph/Equation.h"

using namespace mlir;

namespace autopar::models {

using graph::shapeOf;
using graph::VariableKind;

Value layerNorm(Network &network, const Twine &name, Value input) {
  ArrayRef<int64_t> channels = shapeOf(input).take_back();
  Value gamma = network.variable(VariableKind::Parameter, name + ".weight", channels,
                                 network.constant(1));
  Value beta =
      network.variable(VariableKind::Parameter, name + ".bias", channels, network.constant(0));
  return graph::LayerNormOp::create(network.builder, network.use(name), input, gamma, beta,
                                    /*epsilon=*/llvm::APFloat(1e-5))
      .getOutput();
}

Value conv1d(Network &network, const Twine &name, Value input, StringRef equation,
             ArrayRef<int64_t> weight, ArrayRef<int64_t> stored, double deviation) {
  Value matrix = network.variable(
      VariableKind::Parameter, name + ".weight", weight,
      graph::NormalInitAttr::get(network.builder.getContext(), deviation), stored);
  Value product = graph::EinsumOp::create(network.builder, network.use(name + ".matmul"),
                                          equation, input, matrix);
  auto terms = llvm::cantFail(graph::Equation::parse(equation));
  size_t ofBias = llvm::count_if(
      terms.result, [&](char letter) { return terms.lhs.find(letter) == std::string::npos; });
  Value bias = network.variable(VariableKind::Parameter, name + ".bias",
                                shapeOf(product).take_back(ofBias), network.constant(0),
                                stored.take_back());
  return graph::BiasAddOp::create(network.builder, network.use(name), product.getType(),
                                  product, bias);
}

Value attention(Network &network, const Twine &name, Value qkv, double dropout) {
  return graph::AttentionOp::create(network.builder, network.use(name), qkv, /*state=*/Value(),
                                    /*causal=*/true, /*scale=*/FloatAttr(),
                                    llvm::APFloat(dropout), /*site=*/0, /*part=*/nullptr)
      .getOutput();
}

Value dropout(Network &network, const Twine &name, Value input, double rate) {
  if (rate == 0)
    return input;
  return graph::DropoutOp::create(network.builder, network.use(name), input.getType(), input,
                                  llvm::APFloat(rate));
}

Value geluTanh(Network &network, const Twine &name, Value input) {
  return graph::GeluOp::create(network.builder, network.use(name), input, "tanh");
}

} // namespace autopar::models
