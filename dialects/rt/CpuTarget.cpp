// What runtime/cpu and runtime/mpi can be called for; see their headers for what the calls mean.
#include "dialects/rt/CpuTarget.h"

namespace autopar::rt {

using FieldList = llvm::SmallVector<Field>;

static FieldList rowsAndChannels() { return {{"rows"}, {"channels"}}; }
static Field relu() { return {"relu", Field::Flag, 0}; }
static Field epsilon() { return {"epsilon", Field::Real}; }

static FieldList operator+(FieldList list, llvm::ArrayRef<Field> more) {
  list.append(more.begin(), more.end());
  return list;
}

static FieldList image() { return {{"batch"}, {"height"}, {"width"}, {"channels"}}; }
static FieldList kernelAndStride() {
  return {{"kernelH"}, {"kernelW"}, {"strideH", Field::Integer, 1}, {"strideW", Field::Integer, 1}};
}
static FieldList padding() {
  return {{"padTop", Field::Integer, 0},
          {"padLeft", Field::Integer, 0},
          {"padBottom", Field::Integer, 0},
          {"padRight", Field::Integer, 0}};
}
static FieldList convolution() {
  return image() + FieldList{{"filters"}} + kernelAndStride() + padding() +
         FieldList{{"dilationH", Field::Integer, 1},
                {"dilationW", Field::Integer, 1},
                {"groups", Field::Integer, 1}};
}
static FieldList pool() {
  return image() + kernelAndStride() + padding() + FieldList{{"countIncludePad", Field::Flag, 1}};
}
static FieldList linear() { return {{"batch"}, {"inputs"}, {"outputs"}}; }
static FieldList loss() {
  return {{"batch"}, {"classes"}, {"count"}, {"labelSmoothing", Field::Real, 0}};
}
static FieldList count() { return {{"count"}}; }
static Field axes() { return {"axes", Field::Integers}; }

static llvm::SmallVector<Callee> callees() {
  using enum CallForm;
  constexpr unsigned any = Callee::any;
  const llvm::StringRef conv2d = "cpu/Conv2d.h", batchNorm = "cpu/BatchNorm.h",
                        pools = "cpu/Pool.h", linears = "cpu/Linear.h",
                        elementwise = "cpu/Elementwise.h", losses = "cpu/Loss.h",
                        copies = "cpu/Copy.h", collectives = "mpi/Collectives.h";
  constexpr bool workspace = true, none = false;
  return {
      {"Conv2dForward", Shape, conv2d, convolution(), {2, 2}, {1, 1}, workspace},
      {"Conv2dInputGrad", Shape, conv2d, convolution(), {2, 2}, {1, 1}, workspace},
      {"Conv2dWeightGrad", Shape, conv2d, convolution(), {2, 2}, {1, 1}, workspace},

      {"BatchNormStats", Fields, batchNorm, rowsAndChannels(), {1, 1}, {1, 1}, workspace},
      {"BatchNormApply", Fields, batchNorm,
       rowsAndChannels() + FieldList{{"count"}, epsilon(), relu()},
       {4, 5}, {1, 1}, none, /*x, residual*/ {{0, 0}, {0, 4}}},
      {"BatchNormGradSums", Fields, batchNorm,
       rowsAndChannels() + FieldList{{"count"}, epsilon()}, {3, 4}, {1, 1}, workspace},
      {"BatchNormGradInput", Fields, batchNorm,
       rowsAndChannels() + FieldList{{"count"}, epsilon()},
       {5, 6}, {1, 1}, none, /*dy, x, mask*/ {{0, 4}, {0, 0}, {0, 5}}},
      {"BatchNormGradParameters", Fields, batchNorm, {{"channels"}}, {1, 1}, {2, 2}},
      {"BatchNormRunning", Fields, batchNorm,
       {{"channels"}, {"count"}, {"momentum", Field::Real}},
       {3, 3}, {2, 2}, none, /*mean, var*/ {{0, 1}, {1, 2}}},
      {"BatchNormInference", Fields, batchNorm,
       rowsAndChannels() + FieldList{epsilon(), relu()}, {5, 6}, {1, 1}},

      {"MaxPool", Shape, pools, pool(), {1, 1}, {2, 2}, workspace},
      {"MaxPoolGrad", Shape, pools, pool(), {2, 2}, {1, 1}, workspace},
      {"AvgPool", Shape, pools, pool(), {1, 1}, {1, 1}, workspace},
      {"AvgPoolGrad", Shape, pools, pool(), {1, 1}, {1, 1}, workspace},

      {"LinearForward", Shape, linears, linear(), {2, 2}, {1, 1}, workspace},
      {"LinearInputGrad", Shape, linears, linear(), {2, 2}, {1, 1}, workspace},
      {"LinearWeightGrad", Shape, linears, linear(), {2, 2}, {1, 1}, workspace},
      {"BiasAdd", Fields, linears, rowsAndChannels(), {2, 2}, {1, 1}, none, {{0, 0}}},
      {"BiasGrad", Fields, linears, rowsAndChannels(), {1, 1}, {1, 1}, workspace},

      {"Relu", Fields, elementwise, count(), {1, 1}, {1, 1}, none, {{0, 0}}},
      {"ReluGrad", Fields, elementwise, count(), {2, 2}, {1, 1}, none, {{0, 0}, {0, 1}}},
      {"Add", Fields, elementwise, count(), {2, 2}, {1, 1}, none, {{0, 0}, {0, 1}},
       /*inPlace=*/false, /*movesOnly=*/true},

      {"SoftmaxCrossEntropy", Fields, losses, loss(), {2, 2}, {1, 1}, workspace},
      {"SoftmaxCrossEntropyGrad", Fields, losses, loss(), {2, 2}, {1, 1}, none, {{0, 0}}},
      {"CountCorrect", Fields, losses, {{"batch"}, {"classes"}}, {2, 2}, {1, 1}},

      {"Sgd", Fields, "cpu/Sgd.h",
       {{"count"},
        {"momentum", Field::Real, 0},
        {"dampening", Field::Real, 0},
        {"weightDecay", Field::Real, 0},
        {"nesterov", Field::Flag, 0}},
       {3, 4}, {1, 2}, none, /*parameter, velocity*/ {{0, 0}, {1, 3}}, /*inPlace=*/false,
       /*movesOnly=*/false, /*gradientInput=*/1},

      {"Copy", Fields, copies, count(), {1, 1}, {1, 1}, none, {}, /*inPlace=*/false,
       /*movesOnly=*/true},
      {"CopySlice", Block, copies, {axes(), {"dim"}}, {1, 1}, {1, 1}, none, {},
       /*inPlace=*/false, /*movesOnly=*/true},

      {"AllReduce", Collective, collectives, {axes()}, {1, any}, {1, any}, workspace, {},
       /*inPlace=*/true, /*movesOnly=*/true},
      {"AllGather", Collective, collectives, {axes(), {"dims", Field::Integers}},
       {1, any}, {1, any}, workspace, {}, /*inPlace=*/false, /*movesOnly=*/true},
      {"ReduceScatter", Collective, collectives, {axes(), {"dims", Field::Integers}},
       {1, any}, {1, any}, workspace, {}, /*inPlace=*/false, /*movesOnly=*/true},
      {"AllToAll", Collective, collectives, {axes(), {"split"}, {"concat"}},
       {1, 1}, {1, 1}, workspace, {}, /*inPlace=*/false, /*movesOnly=*/true},
  };
}

const Target &cpuTarget() {
  static const llvm::SmallVector<Callee> table = callees();
  static const Target target{"cpu", "cpu", table};
  return target;
}

} // namespace autopar::rt
