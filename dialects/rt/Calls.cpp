// What a target's runtime can be called for; see the headers in runtime/cpu and runtime/mpi for
// what the calls mean.
#include "dialects/rt/Calls.h"

#include "dialects/rt/CallLine.h"

namespace autopar::rt {

static FieldList rowsAndChannels() { return {{"rows"}, {"channels"}}; }
static Field relu() { return {"relu", Field::Flag, 0}; }
static Field epsilon() { return {"epsilon", Field::Real}; }

static FieldList operator+(FieldList list, llvm::ArrayRef<Field> more) {
  list.append(more.begin(), more.end());
  return list;
}
FieldList batchNorm() { return rowsAndChannels() + FieldList{{"count"}, epsilon()}; }

static Field elementOf(llvm::StringRef name, std::optional<unsigned> input) {
  return {name, Field::Element, 0, input};
}
/// What a product of factors is of: its operands' type, the first input's; and whether f32
/// factors may be rounded. Only a target with narrow types has these fields.
static Field tf32() { return {"tf32", Field::Flag, 0}; }
static FieldList precision() { return {elementOf("type", 0), tf32()}; }
/// Whether sums must be added up in the same order each time. Only calls on GPUs have it.
static Field deterministic() { return {"deterministic", Field::Flag, 0}; }

static FieldList image() { return {{"batch"}, {"height"}, {"width"}, {"channels"}}; }
static FieldList kernelAndStride() {
  return {
      {"kernelH"}, {"kernelW"}, {"strideH", Field::Integer, 1}, {"strideW", Field::Integer, 1}};
}
static FieldList padding() {
  return {{"padTop", Field::Integer, 0},
          {"padLeft", Field::Integer, 0},
          {"padBottom", Field::Integer, 0},
          {"padRight", Field::Integer, 0}};
}
FieldList convolution() {
  return image() + FieldList{{"filters"}} + kernelAndStride() + padding() +
         FieldList{{"dilationH", Field::Integer, 1},
                   {"dilationW", Field::Integer, 1},
                   {"groups", Field::Integer, 1}} +
         precision();
}
static FieldList pool() {
  return image() + kernelAndStride() + padding() +
         FieldList{{"countIncludePad", Field::Flag, 1}};
}
static FieldList linear() {
  return FieldList{{"batch"}, {"inputs"}, {"outputs"}} + precision();
}
static FieldList loss() {
  return {{"batch"}, {"classes"}, {"count"}, {"labelSmoothing", Field::Real, 0}};
}
static FieldList count() { return {{"count"}}; }
static FieldList products() { return {{"m"}, {"n"}, {"k"}}; }
FieldList matmul() {
  return products() + FieldList{{"transposeA", Field::Flag, 0},
                                {"transposeB", Field::Flag, 0},
                                elementOf("typeA", 0),
                                elementOf("typeB", 1),
                                elementOf("typeC", std::nullopt),
                                tf32()};
}
static FieldList attention() {
  return FieldList{{"batch"},
                   {"sequence"},
                   {"heads"},
                   {"headSize"},
                   {"causal", Field::Flag, 1},
                   {"scale", Field::Real},
                   {"dropout", Field::Real, 0},
                   {"site", Field::Integer, 0},
                   {"part", Field::Part}} +
         precision();
}
static FieldList embedding() {
  return rowsAndChannels() + FieldList{{"table", Field::Part}, {"length"}};
}
static FieldList rangeOfDim() {
  return {{"outer"}, {"whole"}, {"begin"}, {"length"}, {"inner"}};
}
static Field axes() { return {"axes", Field::Integers}; }

std::vector<Callee> calls() {
  using enum CallForm;
  const unsigned any = Callee::any;
  const llvm::StringRef conv2d = "Conv2d.h", norm = "BatchNorm.h", pools = "Pool.h",
                        fullyConnected = "Linear.h", each = "Elementwise.h", losses = "Loss.h",
                        optimizer = "Sgd.h", copies = "Copy.h", contractions = "Matmul.h",
                        layerNorm = "LayerNorm.h", gelus = "Gelu.h", lookUp = "Embedding.h",
                        attend = "Attention.h", probabilities = "Softmax.h",
                        random = "Dropout.h", transposes = "Transpose.h", slices = "Slice.h",
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
      Line("Conv2dForward", Shape, conv2d, convolution()).reads(2).writes(1).workspace(),
      Line("Conv2dInputGrad", Shape, conv2d, convolution()).reads(2).writes(1).workspace(),
      Line("Conv2dWeightGrad", Shape, conv2d, convolution()).reads(2).writes(1).workspace(),

      Line("BatchNormStats", Fields, norm, rows).reads(1).writes(1).workspace(),
      // y over x or the residual
      Line("BatchNormApply", Fields, norm, norms + FieldList{relu()})
          .reads(4, 5)
          .writes(1)
          .over({{0, 0}, {0, 4}}),
      Line("BatchNormGradSums", Fields, norm, norms).reads(3, 4).writes(1).workspace(),
      // dx over dy, x or the mask
      Line("BatchNormGradInput", Fields, norm, norms)
          .reads(5, 6)
          .writes(1)
          .over({{0, 4}, {0, 0}, {0, 5}}),
      Line("BatchNormGradParameters", Fields, norm, {{"channels"}}).reads(1).writes(2),
      Line("BatchNormRunning", Fields, norm,
           {{"channels"}, {"count"}, {"momentum", Field::Real}})
          .reads(3)
          .writes(2)
          .over({{0, 1}, {1, 2}}),
      // y over x or the residual
      Line("BatchNormInference", Fields, norm, rows + FieldList{epsilon(), relu()})
          .reads(5, 6)
          .writes(1)
          .over({{0, 0}, {0, 5}}),

      Line("MaxPool", Shape, pools, pool()).reads(1).writes(2).workspace(),
      Line("MaxPoolGrad", Shape, pools, pool()).reads(2).writes(1).workspace(),
      Line("AvgPool", Shape, pools, pool()).reads(1).writes(1).workspace(),
      Line("AvgPoolGrad", Shape, pools, pool()).reads(1).writes(1).workspace(),

      Line("LinearForward", Shape, fullyConnected, linear()).reads(2).writes(1).workspace(),
      Line("LinearInputGrad", Shape, fullyConnected, linear()).reads(2).writes(1).workspace(),
      Line("LinearWeightGrad", Shape, fullyConnected, linear()).reads(2).writes(1).workspace(),
      Line("BiasAdd", Fields, fullyConnected, rows)
          .reads(2)
          .writes(1)
          .over({{0, 0}})
          .elementwise({"x"}, "biased", {"bias"}),
      Line("BiasGrad", Fields, fullyConnected, rows).reads(1).writes(1).workspace(),

      Line("Relu", Fields, each, count())
          .reads(1)
          .writes(1)
          .over({{0, 0}})
          .elementwise({"x"}, "y"),
      Line("ReluGrad", Fields, each, count())
          .reads(2)
          .writes(1)
          .over({{0, 0}, {0, 1}})
          .elementwise({"dy", "y"}, "dx"),
      Line("Cast", Fields, each, count()).reads(1).writes(1).elementwise({"x"}, "cast"),
      Line("Zeros", Fields, each, count()).reads(0).writes(1),
      Line("Add", Fields, each, count())
          .reads(2)
          .writes(1)
          .over({{0, 0}, {0, 1}})
          .elementwise({"a", "b"}, "sum")
          .movesOnly(),

      Line("SoftmaxCrossEntropy", Fields, losses, loss()).reads(2).writes(1).workspace(),
      Line("SoftmaxCrossEntropyGrad", Fields, losses, loss())
          .reads(2, 3)
          .writes(1)
          .over({{0, 0}}),
      Line("CountCorrect", Fields, losses, {{"batch"}, {"classes"}}).reads(2).writes(1),

      // parameter and velocity, each over its old value
      Line("Sgd", Fields, optimizer, sgd)
          .reads(3, 6)
          .writes(1, 2)
          .over({{0, 0}, {1, 3}})
          .gradientIs(1),

      Line("Matmul", Shape, contractions, matmul()).reads(2).writes(1).workspace(),
      Line("StridedMatmul", Shape, contractions,
           FieldList{{"outer"}, {"inner"}} + products() +
               FieldList{{"aOuter"},
                         {"aInner"},
                         {"aM"},
                         {"aK"},
                         {"bOuter"},
                         {"bInner"},
                         {"bK"},
                         {"bN"},
                         {"cOuter"},
                         {"cInner"},
                         {"cM"},
                         {"cN"}} +
               precision())
          .reads(2)
          .writes(1)
          .workspace(),

      Line("LayerNorm", Fields, layerNorm, rows + FieldList{epsilon()}).reads(3).writes(3),
      // dx over dy or x
      Line("LayerNormGradInput", Fields, layerNorm, rows)
          .reads(5)
          .writes(1)
          .over({{0, 0}, {0, 1}}),
      Line("LayerNormGradParameters", Fields, layerNorm, rows).reads(4).writes(2).workspace(),

      Line("Gelu", Fields, gelus, count() + FieldList{{"tanh", Field::Flag, 0}})
          .reads(1)
          .writes(1)
          .over({{0, 0}})
          .elementwise({"x"}, "y"),
      Line("GeluGrad", Fields, gelus, count() + FieldList{{"tanh", Field::Flag, 0}})
          .reads(2)
          .writes(1)
          .over({{0, 0}, {0, 1}})
          .elementwise({"dy", "x"}, "dx"),
      Line("Scale", Fields, each, count() + FieldList{{"factor", Field::Real}})
          .reads(1)
          .writes(1)
          .over({{0, 0}})
          .elementwise({"x"}, "scaled"),

      Line("Embedding", Fields, lookUp, embedding()).reads(2).writes(1),
      Line("EmbeddingGrad", Fields, lookUp, embedding()).reads(2).writes(1).workspace(),

      // The state is read where there is dropout.
      Line("Attention", Shape, attend, attention()).reads(1, 2).writes(2).workspace(),
      Line("AttentionGrad", Shape, attend, attention() + FieldList{deterministic()})
          .reads(4, 5)
          .writes(1)
          .workspace(),
      Line("Softmax", Fields, probabilities,
           {{"rows"}, {"columns"}, {"causal", Field::Flag, 0}, {"queries", Field::Integer, 0}})
          .reads(1)
          .writes(1)
          .over({{0, 0}}),
      Line("SoftmaxGrad", Fields, probabilities, {{"rows"}, {"columns"}})
          .reads(2)
          .writes(1)
          .over({{0, 0}, {0, 1}}),
      Line("Dropout", Fields, random,
           {{"shape", Field::Integers}, {"rate", Field::Real}, {"site"}, {"part", Field::Part}})
          .reads(2)
          .writes(1)
          .over({{0, 0}})
          .elementwise({"x"}, "dropped", {"state"}),

      Line("Transpose", Fields, transposes,
           {{"shape", Field::Integers}, {"permutation", Field::Integers}})
          .reads(1)
          .writes(1)
          .movesOnly(),
      Line("SliceDim", Fields, slices, rangeOfDim()).reads(1).writes(1).movesOnly(),
      Line("PadDim", Fields, slices, rangeOfDim()).reads(1).writes(1).movesOnly(),
      Line("Concat", Fields, slices, {{"outer"}, {"inner"}, {"lengths", Field::Integers}})
          .reads(1, any)
          .writes(1)
          .list()
          .movesOnly(),

      Line("VocabularySums", Fields, language,
           {{"rows"}, {"classes"}, {"blocks"}, {"logits", Field::Part}, {"valid"}})
          .reads(2)
          .writes(1),
      Line("CrossEntropyOfSums", Fields, language, {{"rows"}, {"blocks"}, {"count"}})
          .reads(2)
          .writes(1),
      Line("CrossEntropyOfSumsGrad", Fields, language,
           {{"rows"}, {"classes"}, {"blocks"}, {"logits", Field::Part}, {"valid"}, {"count"}})
          .reads(3, 4)
          .writes(1)
          .over({{0, 0}}),

      // parameter and moments, each over its old value
      Line("AdamW", Fields, adamw,
           {{"count"},
            {"beta1", Field::Real},
            {"beta2", Field::Real},
            {"epsilon", Field::Real},
            {"weightDecay", Field::Real, 0}})
          .reads(6, 7)
          .writes(3)
          .over({{0, 0}, {1, 4}, {2, 5}})
          .gradientIs(1),
      Line("SquareSum", Fields, gradientNorm, count()).reads(1).writes(1).workspace(),
      Line("AddScalars", Fields, gradientNorm, {}).reads(1, any).writes(1).list(),
      Line("ClipFactor", Fields, gradientNorm, {{"maximum", Field::Real}}).reads(1).writes(1),
      Line("UnscaleFactor", Fields, gradientNorm, {{"maximum", Field::Real, 0}})
          .reads(2)
          .writes(1),
      // scale and counts of good and of skipped steps, each over its old value
      Line("NextLossScale", Fields, gradientNorm, {{"interval"}})
          .reads(4)
          .writes(3)
          .over({{0, 0}, {1, 1}, {2, 2}}),
      // the count of steps over its old value
      Line("StepsTaken", Fields, gradientNorm, {}).reads(2, 3).writes(2).over({{1, 1}}),

      Line("Copy", Fields, copies, count()).reads(1).writes(1).movesOnly(),
      Line("CopySlice", Block, copies, {axes(), {"dim"}}).reads(1).writes(1).movesOnly(),

      Line("AllReduce", Collective, collectives, {axes()})
          .reads(1, any)
          .writes(1, any)
          .workspace()
          .inPlace()
          .movesOnly(),
      Line("AllGather", Collective, collectives, blocks)
          .reads(1, any)
          .writes(1, any)
          .workspace()
          .movesOnly(),
      Line("ReduceScatter", Collective, collectives, blocks)
          .reads(1, any)
          .writes(1, any)
          .workspace()
          .movesOnly(),
      Line("AllToAll", Collective, collectives, {axes(), {"split"}, {"concat"}})
          .reads(1)
          .writes(1)
          .workspace()
          .movesOnly(),
  };
}

} // namespace autopar::rt
