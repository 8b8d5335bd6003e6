// What a target's runtime can be called for; see the headers in runtime/cpu and runtime/mpi for
// what the calls mean.
#include "dialects/rt/Calls.h"

#include "dialects/rt/CallLine.h"

#include "autopar/core/shapes/Conv2d.h"
#include "autopar/core/shapes/Pool.h"
#include "autopar/core/shapes/Products.h"

#include <type_traits>

namespace autopar::rt {

static FieldList rowsAndChannels() { return {{"rows"}, {"channels"}}; }
static Field relu() { return {"relu", Field::Flag, 0}; }
static Field epsilon() { return {"epsilon", Field::Real}; }

static FieldList operator+(FieldList list, llvm::ArrayRef<Field> more) {
  list.append(more.begin(), more.end());
  return list;
}
FieldList batchNorm() { return rowsAndChannels() + FieldList{{"count"}, epsilon()}; }

/// The type of the first output where no input is named.
static Field elementOf(llvm::StringRef name, llvm::StringRef input = {}) {
  return {name, Field::Element, 0, input};
}
/// What a product of factors is of: its operands' type, that of the input `typed`; and whether
/// f32 factors may be rounded. Only a target with narrow types has these fields.
static Field tf32() { return {"tf32", Field::Flag, 0}; }
static FieldList precision(llvm::StringRef typed) { return {elementOf("type", typed), tf32()}; }
/// Whether the call must come to the same bits each time. Only those on GPUs may not.
static Field deterministic() { return {"deterministic", Field::Flag, 0}; }

static Field::Type typeOf(int64_t) { return Field::Integer; }
static Field::Type typeOf(double) { return Field::Real; }
static Field::Type typeOf(bool) { return Field::Flag; }
static Field::Type typeOf(const Part &) { return Field::Part; }

/// Those that the runtime's shape has on every target, with its defaults; a part is always
/// given.
template <typename Shape> static FieldList fieldsOf() {
  FieldList fields;
  Shape shape{};
  Shape::forEachField(shape, [&](const char *name, const auto &value, auto... otherwise) {
    Field field{name, typeOf(value)};
    if constexpr (!std::is_same_v<std::decay_t<decltype(value)>, Part>)
      ((field.otherwise = otherwise), ...);
    fields.push_back(field);
  });
  return fields;
}

FieldList convolution(llvm::StringRef typed) {
  return fieldsOf<shapes::Conv2d>() + precision(typed) + FieldList{deterministic()};
}
static FieldList pool() { return fieldsOf<shapes::Pool>(); }
static FieldList linear(llvm::StringRef typed) {
  return fieldsOf<shapes::Linear>() + precision(typed);
}
static FieldList loss() {
  return {{"batch"}, {"classes"}, {"count"}, {"labelSmoothing", Field::Real, 0}};
}
static FieldList count() { return {{"count"}}; }
FieldList matmul() {
  return fieldsOf<shapes::Matmul>() + FieldList{elementOf("typeA", "a"),
                                                elementOf("typeB", "b"), elementOf("typeC"),
                                                tf32()};
}
static FieldList attention(llvm::StringRef typed) {
  return fieldsOf<shapes::Attention>() + precision(typed) + FieldList{deterministic()};
}
static FieldList embedding() {
  return rowsAndChannels() + FieldList{{"table", Field::Part}, {"length"}};
}
static FieldList rangeOfDim() {
  return {{"outer"}, {"whole"}, {"begin"}, {"length"}, {"inner"}};
}
static FieldList reduced() {
  return {{"shape", Field::Integers}, {"dims", Field::Integers}};
}
static Field axes() { return {"axes", Field::Integers}; }

std::vector<Callee> calls() {
  using enum CallForm;
  const llvm::StringRef conv2d = "Conv2d.h", norm = "BatchNorm.h", pools = "Pool.h",
                        fullyConnected = "Linear.h", each = "Elementwise.h", losses = "Loss.h",
                        optimizer = "Sgd.h", copies = "Copy.h", contractions = "Matmul.h",
                        layerNorm = "LayerNorm.h", gelus = "Gelu.h", lookUp = "Embedding.h",
                        attend = "Attention.h", probabilities = "Softmax.h",
                        random = "Dropout.h", reductions = "Reduction.h", transposes = "Transpose.h", slices = "Slice.h",
                        language = "CrossEntropy.h", adamw = "AdamW.h", gradientNorm = "Norm.h",
                        collectives = "Collectives.h";
  const FieldList rows = rowsAndChannels(), norms = batchNorm();
  const FieldList sgd = {{"count"},
                         {"momentum", Field::Real, 0},
                         {"dampening", Field::Real, 0},
                         {"weightDecay", Field::Real, 0},
                         {"nesterov", Field::Flag, 0}};
  const FieldList blocks = {axes(), {"dims", Field::Integers}};
  return {
      Line("Conv2dForward", Shape, conv2d, convolution())
          .reads({"x", "w"})
          .writes({"y"})
          .workspace(),
      Line("Conv2dInputGrad", Shape, conv2d, convolution("dy"))
          .reads({"dy", "w"})
          .writes({"dx"})
          .workspace(),
      Line("Conv2dWeightGrad", Shape, conv2d, convolution())
          .reads({"x", "dy"})
          .writes({"dw"})
          .workspace(),

      Line("BatchNormStats", Fields, norm, rows).reads({"x"}).writes({"stats"}).workspace(),
      Line("BatchNormApply", Fields, norm, norms + FieldList{relu()})
          .reads({"x", "stats", "gamma", "beta", maybe("residual")})
          .writes({"y"})
          .over("y", {"x", "residual"}),
      Line("BatchNormGradSums", Fields, norm, norms)
          .reads({"x", "stats", "dy", maybe("mask")})
          .writes({"sums"})
          .workspace(),
      Line("BatchNormGradInput", Fields, norm, norms)
          .reads({"x", "stats", "gamma", "sums", "dy", maybe("mask")})
          .writes({"dx"})
          .over("dx", {"dy", "x", "mask"}),
      Line("BatchNormGradParameters", Fields, norm, {{"channels"}})
          .reads({"sums"})
          .writes({"dgamma", "dbeta"}),
      Line("BatchNormRunning", Fields, norm,
           {{"channels"}, {"count"}, {"momentum", Field::Real}})
          .reads({"stats", "mean", "var"})
          .writes({"newMean", "newVar"})
          .over("newMean", {"mean"})
          .over("newVar", {"var"}),
      Line("BatchNormInference", Fields, norm, rows + FieldList{epsilon(), relu()})
          .reads({"x", "gamma", "beta", "mean", "var", maybe("residual")})
          .writes({"y"})
          .over("y", {"x", "residual"}),

      Line("MaxPool", Shape, pools, pool()).reads({"x"}).writes({"y", "indices"}).workspace(),
      Line("MaxPoolGrad", Shape, pools, pool())
          .reads({"dy", "indices"})
          .writes({"dx"})
          .workspace(),
      Line("AvgPool", Shape, pools, pool()).reads({"x"}).writes({"y"}).workspace(),
      Line("AvgPoolGrad", Shape, pools, pool()).reads({"dy"}).writes({"dx"}).workspace(),

      Line("LinearForward", Shape, fullyConnected, linear("x"))
          .reads({"x", "w"})
          .writes({"y"})
          .workspace(),
      Line("LinearInputGrad", Shape, fullyConnected, linear("dy"))
          .reads({"dy", "w"})
          .writes({"dx"})
          .workspace(),
      Line("LinearWeightGrad", Shape, fullyConnected, linear("x"))
          .reads({"x", "dy"})
          .writes({"dw"})
          .workspace(),
      Line("BiasAdd", Fields, fullyConnected, rows)
          .reads({"x", "bias"})
          .writes({"biased"})
          .over("biased", {"x"})
          .elementwise({"x"}),
      Line("BiasGrad", Fields, fullyConnected, rows).reads({"dy"}).writes({"db"}).workspace(),

#define AUTOPAR_REAL(field) {#field, Field::Real},
#define AUTOPAR_UNARY(Name, function, x, y, fields, ...)                                       \
  Line(#Name, Fields, each, count() + FieldList{AUTOPAR_EACH(AUTOPAR_REAL, fields)})           \
      .reads({#x})                                                                             \
      .writes({#y})                                                                            \
      .over(#y, {#x})                                                                          \
      .elementwise({#x}),
#define AUTOPAR_BINARY(Name, function, a, b, y, fields, ...)                                   \
  Line(#Name, Fields, each, count() + FieldList{AUTOPAR_EACH(AUTOPAR_REAL, fields)})           \
      .reads({#a, #b})                                                                         \
      .writes({#y})                                                                            \
      .over(#y, {#a, #b})                                                                      \
      .elementwise({#a, #b}),
#include "autopar/core/Elements.inc"
      Line("Cast", Fields, each, count()).reads({"x"}).writes({"cast"}).elementwise({"x"}),
      Line("Zeros", Fields, each, count()).writes({"y"}),
      Line("Fill", Fields, each, count() + FieldList{{"value", Field::Real}})
          .writes({"filled"}),
      Line("Add", Fields, each, count())
          .reads({"a", "b"})
          .writes({"sum"})
          .over("sum", {"a", "b"})
          .elementwise({"a", "b"})
          .movesOnly(),

      Line("SoftmaxCrossEntropy", Fields, losses, loss())
          .reads({"logits", "labels"})
          .writes({"loss"})
          .workspace(),
      Line("SoftmaxCrossEntropyGrad", Fields, losses, loss())
          .reads({"logits", "labels", maybe("scale")})
          .writes({"dlogits"})
          .over("dlogits", {"logits"}),
      Line("CountKept", Fields, losses, count()).reads({"labels"}).writes({"kept"}),
      Line("CountCorrect", Fields, losses, {{"batch"}, {"classes"}})
          .reads({"logits", "labels"})
          .writes({"correct"}),

      // With dampening of a velocity the state tells its first step.
      Line("Sgd", Fields, optimizer, sgd)
          .reads({"parameter", "gradient", "lr", with({"newVelocity"}, "velocity"),
                  with({"newVelocity", "dampening"}, "state"), maybe("factor")})
          .writes({"newParameter", maybe("newVelocity")})
          .over("newParameter", {"parameter"})
          .over("newVelocity", {"velocity"})
          .updates("parameter", "gradient"),

      Line("Matmul", Shape, contractions, matmul())
          .reads({"a", "b"})
          .writes({"c"})
          .workspace(),
      Line("StridedMatmul", Shape, contractions,
           fieldsOf<shapes::StridedMatmul>() + precision("a"))
          .reads({"a", "b"})
          .writes({"c"})
          .workspace(),

      Line("LayerNorm", Fields, layerNorm, rows + FieldList{epsilon()})
          .reads({"x", "gamma", "beta"})
          .writes({"y", "mean", "rstd"}),
      Line("LayerNormGradInput", Fields, layerNorm, rows)
          .reads({"dy", "x", "gamma", "mean", "rstd"})
          .writes({"dx"})
          .over("dx", {"dy", "x"}),
      Line("LayerNormGradParameters", Fields, layerNorm, rows)
          .reads({"dy", "x", "mean", "rstd"})
          .writes({"dgamma", "dbeta"})
          .workspace(),

      Line("Gelu", Fields, gelus, count() + FieldList{{"tanh", Field::Flag, 0}})
          .reads({"x"})
          .writes({"y"})
          .over("y", {"x"})
          .elementwise({"x"}),
      Line("GeluGrad", Fields, gelus, count() + FieldList{{"tanh", Field::Flag, 0}})
          .reads({"dy", "x"})
          .writes({"dx"})
          .over("dx", {"dy", "x"})
          .elementwise({"dy", "x"}),

      Line("Sum", Fields, reductions, reduced()).reads({"x"}).writes({"y"}).workspace(),
      Line("Max", Fields, reductions, reduced()).reads({"x"}).writes({"y"}).workspace(),
      Line("Expand", Fields, reductions, reduced())
          .reads({"x"})
          .writes({"y"})
          .elementwise({}) // It finds each element by where that stands.
          .movesOnly(),

      Line("Embedding", Fields, lookUp, embedding()).reads({"tokens", "table"}).writes({"y"}),
      Line("EmbeddingGrad", Fields, lookUp, embedding() + FieldList{{"padding", Field::Integer, -1}})
          .reads({"tokens", "dy"})
          .writes({"dtable"})
          .workspace(),

      // The state is read where there is dropout.
      Line("Attention", Shape, attend, attention("qkv"))
          .reads({"qkv", maybe("state")})
          .writes({"y", "lse"})
          .workspace(),
      Line("AttentionGrad", Shape, attend, attention("dy"))
          .reads({"dy", "qkv", "y", "lse", maybe("state")})
          .writes({"dqkv"})
          .workspace(),
      Line("Softmax", Fields, probabilities,
           {{"rows"}, {"columns"}, {"causal", Field::Flag, 0}, {"queries", Field::Integer, 0}})
          .reads({"x"})
          .writes({"y"})
          .over("y", {"x"}),
      Line("SoftmaxGrad", Fields, probabilities, {{"rows"}, {"columns"}})
          .reads({"dy", "y"})
          .writes({"dx"})
          .over("dx", {"dy", "y"}),
      Line("Dropout", Fields, random,
           {{"shape", Field::Integers}, {"rate", Field::Real}, {"site"}, {"part", Field::Part}})
          .reads({"x", "state"})
          .writes({"dropped"})
          .over("dropped", {"x"})
          .elementwise({"x"}),

      Line("Transpose", Fields, transposes,
           {{"shape", Field::Integers}, {"permutation", Field::Integers}})
          .reads({"x"})
          .writes({"y"})
          .movesOnly(),
      Line("SliceDim", Fields, slices, rangeOfDim()).reads({"x"}).writes({"y"}).movesOnly(),
      Line("PadDim", Fields, slices, rangeOfDim() + FieldList{{"value", Field::Real, 0}})
          .reads({"y"})
          .writes({"x"})
          .movesOnly(),
      Line("Concat", Fields, slices, {{"outer"}, {"inner"}, {"lengths", Field::Integers}})
          .reads({many("inputs")})
          .writes({"y"})
          .list()
          .movesOnly(),

      Line("VocabularySums", Fields, language,
           {{"rows"}, {"classes"}, {"blocks"}, {"logits", Field::Part}, {"valid"}})
          .reads({"logits", "labels"})
          .writes({"sums"}),
      Line("CrossEntropyOfSums", Fields, language, {{"rows"}, {"blocks"}, {"count"}})
          .reads({"sums", "labels"})
          .writes({"loss"}),
      Line("CrossEntropyOfSumsGrad", Fields, language,
           {{"rows"}, {"classes"}, {"blocks"}, {"logits", Field::Part}, {"valid"}, {"count"}})
          .reads({"logits", "labels", "sums", maybe("scale")})
          .writes({"dlogits"})
          .over("dlogits", {"logits"}),

      Line("AdamW", Fields, adamw,
           {{"count"},
            {"beta1", Field::Real},
            {"beta2", Field::Real},
            {"epsilon", Field::Real},
            {"weightDecay", Field::Real, 0}})
          .reads({"parameter", "gradient", "lr", "state", "m", "v", maybe("factor")})
          .writes({"newParameter", "newM", "newV"})
          .over("newParameter", {"parameter"})
          .over("newM", {"m"})
          .over("newV", {"v"})
          .updates("parameter", "gradient"),
      Line("SquareSum", Fields, gradientNorm, count())
          .reads({"x"})
          .writes({"sum"})
          .workspace(),
      Line("AddScalars", Fields, gradientNorm, {})
          .reads({many("inputs")})
          .writes({"sum"})
          .list(),
      Line("ClipFactor", Fields, gradientNorm, {{"maximum", Field::Real}})
          .reads({"squares"})
          .writes({"factor"}),
      Line("UnscaleFactor", Fields, gradientNorm, {{"maximum", Field::Real, 0}})
          .reads({"squares", "scale"})
          .writes({"factor"}),
      Line("NextLossScale", Fields, gradientNorm, {{"interval"}})
          .reads({"scale", "goodSteps", "skippedSteps", "factor"})
          .writes({"newScale", "newGoodSteps", "newSkippedSteps"})
          .over("newScale", {"scale"})
          .over("newGoodSteps", {"goodSteps"})
          .over("newSkippedSteps", {"skippedSteps"}),
      Line("StepsTaken", Fields, gradientNorm, {})
          .reads({"state", "steps", maybe("factor")})
          .writes({"taken", "newSteps"})
          .over("newSteps", {"steps"}),

      Line("Copy", Fields, copies, count()).reads({"x"}).writes({"y"}).movesOnly(),
      Line("CopySlice", Block, copies, {axes(), {"dim"}})
          .reads({"x"})
          .writes({"y"})
          .movesOnly(),

      Line("AllReduce", Collective, collectives, {axes()})
          .reads({many("tensors")})
          .writes({many("tensors")})
          .workspace()
          .inPlace()
          .movesOnly(),
      Line("AllGather", Collective, collectives, blocks)
          .reads({many("blocks")})
          .writes({many("whole")})
          .workspace()
          .movesOnly(),
      Line("ReduceScatter", Collective, collectives, blocks)
          .reads({many("partialSums")})
          .writes({many("blocks")})
          .workspace()
          .movesOnly(),
      Line("AllToAll", Collective, collectives, {axes(), {"split"}, {"concat"}})
          .reads({"from"})
          .writes({"to"})
          .workspace()
          .movesOnly(),
  };
}

} // namespace autopar::rt
