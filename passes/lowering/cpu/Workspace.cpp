// See Workspace.h. The runtime reports errors by exceptions; none gets past this file.
#include "passes/lowering/cpu/Workspace.h"

#include "dialects/dist/Dist.h"
#include "passes/lowering/calls/RuntimeTensor.h"

#include "autopar/cpu/Attention.h"
#include "autopar/cpu/BatchNorm.h"
#include "autopar/cpu/Conv2d.h"
#include "autopar/cpu/Embedding.h"
#include "autopar/cpu/LayerNorm.h"
#include "autopar/cpu/Linear.h"
#include "autopar/cpu/Loss.h"
#include "autopar/cpu/Matmul.h"
#include "autopar/cpu/Norm.h"
#include "autopar/cpu/Pool.h"
#include "autopar/cpu/Workspace.h"
#include "autopar/mpi/CollectivePlan.h"

#include "llvm/ADT/StringMap.h"

using namespace mlir;
using namespace autopar;

namespace autopar::cpu_lowering {

namespace {

/// A call as its workspace depends on it.
struct Asked {
  DictionaryAttr config;
  TypeRange inputs;
  int ranks;

  int64_t integer(StringRef field, int64_t otherwise = 0) const {
    auto attr = config.getAs<IntegerAttr>(field);
    return attr ? attr.getInt() : otherwise;
  }
  double real(StringRef field) const {
    auto attr = config.getAs<FloatAttr>(field);
    return attr ? attr.getValueAsDouble() : 0;
  }
  bool flag(StringRef field) const {
    auto attr = config.getAs<BoolAttr>(field);
    return attr && attr.getValue();
  }
  /// A part that begins where the whole does: as large as any rank's.
  Part part(StringRef field) const {
    Part part;
    for (int64_t size : config.getAs<dist::PartAttr>(field).getWhole()) {
      part.whole.push_back(size);
      part.begin.push_back(0);
    }
    return part;
  }
  ArrayRef<int64_t> integers(StringRef field) const {
    return config.getAs<DenseI64ArrayAttr>(field).asArrayRef();
  }

  DataType type() const { return *dataTypeOf(inputs[0]); }
  std::vector<Shape> shapes() const {
    std::vector<Shape> shapes;
    for (Type input : inputs)
      shapes.push_back(runtimeShape(input));
    return shapes;
  }
  std::vector<SlicedTensor> slicedTensors() const {
    std::vector<SlicedTensor> tensors;
    for (auto [input, dim] : llvm::zip_equal(inputs, integers("dims")))
      tensors.push_back({runtimeShape(input), static_cast<int>(dim)});
    return tensors;
  }
};

} // namespace

template <typename Call> static size_t convolution(const Asked &asked) {
  return Call({.batch = asked.integer("batch"),
               .height = asked.integer("height"),
               .width = asked.integer("width"),
               .channels = asked.integer("channels"),
               .filters = asked.integer("filters"),
               .kernelH = asked.integer("kernelH"),
               .kernelW = asked.integer("kernelW"),
               .strideH = asked.integer("strideH", 1),
               .strideW = asked.integer("strideW", 1),
               .padTop = asked.integer("padTop"),
               .padLeft = asked.integer("padLeft"),
               .padBottom = asked.integer("padBottom"),
               .padRight = asked.integer("padRight"),
               .dilationH = asked.integer("dilationH", 1),
               .dilationW = asked.integer("dilationW", 1),
               .groups = asked.integer("groups", 1)})
      .workspaceBytes();
}
template <typename Call> static size_t pool(const Asked &asked) {
  auto countIncludePad = asked.config.getAs<BoolAttr>("countIncludePad");
  return Call({.batch = asked.integer("batch"),
               .height = asked.integer("height"),
               .width = asked.integer("width"),
               .channels = asked.integer("channels"),
               .kernelH = asked.integer("kernelH"),
               .kernelW = asked.integer("kernelW"),
               .strideH = asked.integer("strideH", 1),
               .strideW = asked.integer("strideW", 1),
               .padTop = asked.integer("padTop"),
               .padLeft = asked.integer("padLeft"),
               .padBottom = asked.integer("padBottom"),
               .padRight = asked.integer("padRight"),
               .countIncludePad = !countIncludePad || countIncludePad.getValue()})
      .workspaceBytes();
}
template <typename Call> static size_t linear(const Asked &asked) {
  return Call({.batch = asked.integer("batch"),
               .inputs = asked.integer("inputs"),
               .outputs = asked.integer("outputs")})
      .workspaceBytes();
}
template <typename Call> static size_t rowsAndChannels(const Asked &asked) {
  Call call{};
  call.rows = asked.integer("rows");
  call.channels = asked.integer("channels");
  return call.workspaceBytes();
}
static size_t loss(const Asked &asked) {
  return cpu::SoftmaxCrossEntropy{.batch = asked.integer("batch"),
                                  .classes = asked.integer("classes"),
                                  .count = asked.integer("count")}
      .workspaceBytes();
}
static size_t matmul(const Asked &asked) {
  return cpu::Matmul({.m = asked.integer("m"),
                      .n = asked.integer("n"),
                      .k = asked.integer("k"),
                      .transposeA = asked.flag("transposeA"),
                      .transposeB = asked.flag("transposeB")})
      .workspaceBytes();
}
static size_t stridedMatmul(const Asked &asked) {
  return cpu::StridedMatmul({.outer = asked.integer("outer"),
                             .inner = asked.integer("inner"),
                             .m = asked.integer("m"),
                             .n = asked.integer("n"),
                             .k = asked.integer("k"),
                             .aOuter = asked.integer("aOuter"),
                             .aInner = asked.integer("aInner"),
                             .aM = asked.integer("aM"),
                             .aK = asked.integer("aK"),
                             .bOuter = asked.integer("bOuter"),
                             .bInner = asked.integer("bInner"),
                             .bK = asked.integer("bK"),
                             .bN = asked.integer("bN"),
                             .cOuter = asked.integer("cOuter"),
                             .cInner = asked.integer("cInner"),
                             .cM = asked.integer("cM"),
                             .cN = asked.integer("cN")})
      .workspaceBytes();
}
static size_t embeddingGrad(const Asked &asked) {
  return cpu::EmbeddingGrad{.rows = asked.integer("rows"),
                            .channels = asked.integer("channels"),
                            .table = asked.part("table"),
                            .length = asked.integer("length")}
      .workspaceBytes();
}
template <typename Call> static size_t attention(const Asked &asked) {
  return Call({.batch = asked.integer("batch"),
               .sequence = asked.integer("sequence"),
               .heads = asked.integer("heads"),
               .headSize = asked.integer("headSize"),
               .causal = asked.flag("causal"),
               .scale = asked.real("scale"),
               .dropout = asked.real("dropout"),
               .site = asked.integer("site"),
               .part = asked.part("part")})
      .workspaceBytes();
}
static size_t squareSum(const Asked &asked) {
  return cpu::SquareSum{.count = asked.integer("count")}.workspaceBytes();
}
static size_t allReduce(const Asked &asked) {
  return AllReducePlan{.ranks = asked.ranks, .type = asked.type(), .tensors = asked.shapes()}
      .workspaceBytes();
}
template <typename Plan> static size_t sliced(const Asked &asked) {
  return Plan{.ranks = asked.ranks, .type = asked.type(), .tensors = asked.slicedTensors()}
      .workspaceBytes();
}
static size_t allToAll(const Asked &asked) {
  return AllToAllPlan{.ranks = asked.ranks,
                      .type = asked.type(),
                      .tensors = {{.shape = runtimeShape(asked.inputs[0]),
                                   .splitDim = static_cast<int>(asked.integer("split")),
                                   .concatDim = static_cast<int>(asked.integer("concat"))}}}
      .workspaceBytes();
}

using Ask = size_t (*)(const Asked &);

/// The calls of the CPU target that have a workspace.
static const llvm::StringMap<Ask> &asks() {
  static const llvm::StringMap<Ask> table = {
      {"Conv2dForward", convolution<cpu::Conv2dForward>},
      {"Conv2dInputGrad", convolution<cpu::Conv2dInputGrad>},
      {"Conv2dWeightGrad", convolution<cpu::Conv2dWeightGrad>},
      {"BatchNormStats", rowsAndChannels<cpu::BatchNormStats>},
      {"BatchNormGradSums", rowsAndChannels<cpu::BatchNormGradSums>},
      {"MaxPool", pool<cpu::MaxPool>},
      {"MaxPoolGrad", pool<cpu::MaxPoolGrad>},
      {"AvgPool", pool<cpu::AvgPool>},
      {"AvgPoolGrad", pool<cpu::AvgPoolGrad>},
      {"LinearForward", linear<cpu::LinearForward>},
      {"LinearInputGrad", linear<cpu::LinearInputGrad>},
      {"LinearWeightGrad", linear<cpu::LinearWeightGrad>},
      {"BiasGrad", rowsAndChannels<cpu::BiasGrad>},
      {"SoftmaxCrossEntropy", loss},
      {"Matmul", matmul},
      {"StridedMatmul", stridedMatmul},
      {"LayerNormGradParameters", rowsAndChannels<cpu::LayerNormGradParameters>},
      {"EmbeddingGrad", embeddingGrad},
      {"Attention", attention<cpu::Attention>},
      {"AttentionGrad", attention<cpu::AttentionGrad>},
      {"SquareSum", squareSum},
      {"AllReduce", allReduce},
      {"AllGather", sliced<AllGatherPlan>},
      {"ReduceScatter", sliced<ReduceScatterPlan>},
      {"AllToAll", allToAll},
  };
  return table;
}

void planForThreads(int threads) { cpu::planForThreads(threads); }

llvm::Expected<int64_t> workspaceBytes(Operation *context, StringRef callee,
                                       DictionaryAttr config, TypeRange inputs) {
  auto ask = asks().find(callee);
  if (ask == asks().end())
    return llvm::createStringError("the runtime has no workspace for a call of '" + callee +
                                   "'");
  Asked asked{config, inputs, /*ranks=*/1};
  if (auto axes = config.getAs<DenseI64ArrayAttr>("axes"))
    asked.ranks = dist::meshOf(context)->groupSize(
        llvm::SmallVector<int>(axes.asArrayRef().begin(), axes.asArrayRef().end()));
  try {
    return ask->second(asked);
  } catch (const std::exception &error) {
    return llvm::createStringError(error.what());
  }
}

} // namespace autopar::cpu_lowering
