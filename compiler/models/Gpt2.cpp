// GPT-2: embeddings, blocks of causal attention and MLP, the vocabulary's logits by the tied
// token table. See Gpt2.h.
#include "compiler/models/Gpt2.h"

#include "compiler/models/Layers.h"
#include "compiler/models/Transformer.h"

#include "llvm/Support/MathExtras.h"

#include <cmath>

using namespace mlir;

namespace autopar::models {

using graph::shapeOf;

namespace {

struct Size {
  StringRef name;
  int64_t layers, width, heads;
};

constexpr Size sizes[] = {{"gpt2", 12, 768, 12},
                          {"gpt2-medium", 24, 1024, 16},
                          {"gpt2-large", 36, 1280, 20},
                          {"gpt2-xl", 48, 1600, 25}};

/// A hundred times what anyone has trained; each is a dozen operations.
constexpr int64_t mostLayers = 10'000;

/// The deviation of initial weights; what is added to the residual stream, twice a layer, is
/// drawn smaller so that the stream's variance does not grow with depth.
constexpr double deviation = 0.02;
double residualDeviation(const Size &size) { return deviation / std::sqrt(2.0 * size.layers); }

InFlightDiagnostic fault(MLIRContext &context) { return emitError(UnknownLoc::get(&context)); }

/// The size asked for.
FailureOr<Size> sizeOf(MLIRContext &context, StringRef name, const Options &options) {
  Size size = *llvm::find_if(sizes, [&](const Size &size) { return size.name == name; });
  size.layers = options.layers.value_or(size.layers);
  size.width = options.width.value_or(size.width);
  size.heads = options.heads.value_or(size.heads);
  for (auto [what, value] : {std::pair("batch", options.batch.value_or(8)),
                             {"seq", options.sequence},
                             {"positions", options.positions},
                             {"vocab", options.vocabulary},
                             {"padded-vocab", options.paddedVocabulary},
                             {"width", size.width},
                             {"heads", size.heads}})
    if (failed(requireSize(context, what, value)))
      return failure();
  if (failed(requireSize(context, "layers", size.layers, mostLayers)))
    return failure();
  if (size.width % size.heads != 0)
    return fault(context) << "a width of " << size.width << " does not divide into "
                          << size.heads << " heads";
  if (options.sequence > options.positions)
    return fault(context) << "a sequence of " << options.sequence << " is longer than the "
                          << options.positions << " positions; give --positions "
                          << options.sequence;
  if (!(options.dropout >= 0 && options.dropout < 1))
    return fault(context) << "dropout is " << options.dropout << "; it must be in [0, 1)";
  return size;
}

class Gpt2 {
public:
  Gpt2(Network &network, const Size &size, const Options &options)
      : network(network), size(size), options(options) {}

  Value loss(Value tokens, Value labels) {
    auto [x, table] = embeddings(tokens);
    for (int64_t layer = 0; layer < size.layers; ++layer)
      x = block("h." + std::to_string(layer), x);
    x = layerNorm(network, "ln_f", x);
    Value logits = graph::EinsumOp::create(network.builder, network.use("lm_head"),
                                           "btc,vc->btv", x, table);
    ArrayRef<int64_t> positions = shapeOf(labels);
    return graph::LanguageLossOp::create(
        network.builder, network.use("loss"),
        RankedTensorType::get({}, network.builder.getF32Type()), logits, labels,
        /*count=*/positions[0] * positions[1],
        /*valid=*/options.vocabulary);
  }

private:
  Attribute normal() const {
    return graph::NormalInitAttr::get(network.builder.getContext(), deviation);
  }

  /// The sum of both embeddings, and the token table.
  std::pair<Value, Value> embeddings(Value tokens) {
    OpBuilder &builder = network.builder;
    int64_t rows = llvm::alignTo(options.vocabulary, options.paddedVocabulary);
    Value table =
        network.variable(graph::VariableKind::Parameter, "wte.weight", {rows, size.width},
                         normal(), {options.vocabulary, size.width});
    Value x = graph::EmbeddingOp::create(builder, network.use("wte"), tokens, table,
                                         /*padding=*/nullptr, /*part=*/nullptr);
    Value positions = network.variable(graph::VariableKind::Parameter, "wpe.weight",
                                       {options.positions, size.width}, normal());
    if (options.sequence < options.positions)
      positions = graph::SliceOp::create(builder, network.use("wpe"), positions, /*dim=*/0,
                                         /*begin=*/0, options.sequence);
    x = graph::BiasAddOp::create(builder, network.use("embeddings"), x.getType(), x, positions);
    return {dropout(network, "drop", x, options.dropout), table};
  }

  Value block(const std::string &name, Value x) {
    Value branch = attentionBranch(name, layerNorm(network, name + ".ln_1", x));
    x = add(network, name + ".add", x, branch);
    branch = mlp(name + ".mlp", layerNorm(network, name + ".ln_2", x));
    return add(network, name + ".add", x, branch);
  }

  Value attentionBranch(const std::string &block, Value x) {
    std::string name = block + ".attn";
    int64_t width = size.width, headSize = width / size.heads;
    Value qkv = conv1d(network, name + ".c_attn", x, "btc,cqhd->btqhd",
                       {width, 3, size.heads, headSize}, {width, 3 * width}, deviation);
    Value y = attention(network, name, qkv, options.dropout);
    y = conv1d(network, name + ".c_proj", y, "bthd,hdc->btc", {size.heads, headSize, width},
               {width, width}, residualDeviation(size));
    return dropout(network, name + ".resid_dropout", y, options.dropout);
  }

  Value mlp(const std::string &name, Value x) {
    int64_t width = size.width, inner = 4 * width;
    x = conv1d(network, name + ".c_fc", x, "btc,cf->btf", {width, inner}, {width, inner},
               deviation);
    x = geluTanh(network, name + ".act", x);
    x = conv1d(network, name + ".c_proj", x, "btf,fc->btc", {inner, width}, {inner, width},
               residualDeviation(size));
    return dropout(network, name + ".dropout", x, options.dropout);
  }

  Network &network;
  const Size &size;
  const Options &options;
};

OwningOpRef<ModuleOp> buildGpt2(MLIRContext &context, StringRef name, const Options &options) {
  FailureOr<Size> size = sizeOf(context, name, options);
  if (failed(size))
    return nullptr;
  Attribute optimizer = adamW(context, options);
  if (!optimizer)
    return nullptr;
  auto tokens = RankedTensorType::get({options.batch.value_or(8), options.sequence},
                                      IntegerType::get(&context, 32));
  Network network(context, name, optimizer, {{"tokens", tokens}, {"labels", tokens}});
  return network.finish(Gpt2(network, *size, options).loss(network.input(0), network.input(1)));
}

} // namespace

const Family gpt2 = {[] {
                       std::vector<StringRef> names;
                       for (const Size &size : sizes)
                         names.push_back(size.name);
                       return names;
                     }(),
                     buildGpt2};

} // namespace autopar::models
