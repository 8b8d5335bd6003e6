// How much scratch memory the runtime's calls need, for any target: each is asked by an object
// of the target's own class, so that the plan is the run's own figure. `Calls` names the
// classes.
#ifndef AUTOPAR_PASSES_LOWERING_CALLS_WORKSPACEASKS_H
#define AUTOPAR_PASSES_LOWERING_CALLS_WORKSPACEASKS_H

#include "dialects/dist/Dist.h"
#include "passes/lowering/calls/RuntimeTensor.h"

#include "autopar/core/Part.h"
#include "autopar/mpi/CollectivePlan.h"

#include "llvm/ADT/StringMap.h"
#include "llvm/Support/Error.h"

namespace autopar::lowering {

/// A call as its workspace depends on it.
struct Asked {
  mlir::DictionaryAttr config;
  mlir::TypeRange inputs, results;
  int ranks;

  int64_t integer(llvm::StringRef field, int64_t otherwise = 0) const {
    auto attr = config.getAs<mlir::IntegerAttr>(field);
    return attr ? attr.getInt() : otherwise;
  }
  double real(llvm::StringRef field) const {
    auto attr = config.getAs<mlir::FloatAttr>(field);
    return attr ? attr.getValueAsDouble() : 0;
  }
  bool flag(llvm::StringRef field) const {
    auto attr = config.getAs<mlir::BoolAttr>(field);
    return attr && attr.getValue();
  }
  /// A part that begins where the whole does: as large as any rank's.
  Part part(llvm::StringRef field) const {
    Part part;
    for (int64_t size : config.getAs<dist::PartAttr>(field).getWhole()) {
      part.whole.push_back(size);
      part.begin.push_back(0);
    }
    return part;
  }
  llvm::ArrayRef<int64_t> integers(llvm::StringRef field) const {
    return config.getAs<mlir::DenseI64ArrayAttr>(field).asArrayRef();
  }

  DataType type(unsigned input = 0) const { return *dataTypeOf(inputs[input]); }
  std::vector<Shape> shapes() const {
    std::vector<Shape> shapes;
    for (mlir::Type input : inputs)
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

/// Bytes of workspace of the call that is asked about.
using Ask = size_t (*)(const Asked &);
using Asks = llvm::StringMap<Ask>;

/// What the call that `op` becomes says; its own words where it refuses its configuration.
inline llvm::Expected<int64_t> askWorkspace(const Asks &asks, mlir::Operation *op,
                                            llvm::StringRef callee, mlir::DictionaryAttr config,
                                            mlir::TypeRange inputs) {
  auto ask = asks.find(callee);
  if (ask == asks.end())
    return llvm::createStringError("the runtime has no workspace for a call of '" + callee +
                                   "'");
  Asked asked{config, inputs, op->getResultTypes(), /*ranks=*/1};
  if (auto axes = config.getAs<mlir::DenseI64ArrayAttr>("axes"))
    asked.ranks = dist::meshOf(op)->groupSize(
        llvm::SmallVector<int>(axes.asArrayRef().begin(), axes.asArrayRef().end()));
  try {
    return ask->second(asked);
  } catch (const std::exception &error) {
    return llvm::createStringError(error.what());
  }
}

//===- the calls, by the shape of their configuration -----------------------------------===//

/// Where calls differ by the type of what they work on, it is the first operand's.
template <typename Shape> Shape typed(Shape shape, const Asked &asked) {
  if constexpr (requires { shape.type; })
    shape.type = asked.type();
  if constexpr (requires { shape.tf32; })
    shape.tf32 = asked.flag("tf32");
  if constexpr (requires { shape.deterministic; })
    shape.deterministic = asked.flag("deterministic");
  return shape;
}

/// What convolutions and pools have in common: images, and a window that slides over them.
template <typename Shape> Shape windowed(const Asked &asked) {
  Shape shape{};
  shape.batch = asked.integer("batch");
  shape.height = asked.integer("height");
  shape.width = asked.integer("width");
  shape.channels = asked.integer("channels");
  shape.kernelH = asked.integer("kernelH");
  shape.kernelW = asked.integer("kernelW");
  shape.strideH = asked.integer("strideH", 1);
  shape.strideW = asked.integer("strideW", 1);
  shape.padTop = asked.integer("padTop");
  shape.padLeft = asked.integer("padLeft");
  shape.padBottom = asked.integer("padBottom");
  shape.padRight = asked.integer("padRight");
  return typed(shape, asked);
}
template <typename Call, typename Shape> size_t convolution(const Asked &asked) {
  auto shape = windowed<Shape>(asked);
  shape.filters = asked.integer("filters");
  shape.dilationH = asked.integer("dilationH", 1);
  shape.dilationW = asked.integer("dilationW", 1);
  shape.groups = asked.integer("groups", 1);
  if constexpr (requires { shape.count; }) { // that of a batch norm in front
    shape.count = asked.integer("count");
    shape.epsilon = asked.real("epsilon");
  }
  return Call(shape).workspaceBytes();
}
template <typename Call, typename Shape> size_t pool(const Asked &asked) {
  auto shape = windowed<Shape>(asked);
  auto countIncludePad = asked.config.getAs<mlir::BoolAttr>("countIncludePad");
  shape.countIncludePad = !countIncludePad || countIncludePad.getValue();
  return Call(shape).workspaceBytes();
}
template <typename Call, typename Shape> size_t linear(const Asked &asked) {
  Shape shape{.batch = asked.integer("batch"),
              .inputs = asked.integer("inputs"),
              .outputs = asked.integer("outputs")};
  return Call(typed(shape, asked)).workspaceBytes();
}
template <typename Call> size_t rowsAndChannels(const Asked &asked) {
  Call call{};
  call.rows = asked.integer("rows");
  call.channels = asked.integer("channels");
  return call.workspaceBytes();
}
template <typename Call> size_t loss(const Asked &asked) {
  return Call{.batch = asked.integer("batch"),
              .classes = asked.integer("classes"),
              .count = asked.integer("count")}
      .workspaceBytes();
}
template <typename Call, typename Shape> size_t matmul(const Asked &asked) {
  Shape shape{.m = asked.integer("m"),
              .n = asked.integer("n"),
              .k = asked.integer("k"),
              .transposeA = asked.flag("transposeA"),
              .transposeB = asked.flag("transposeB")};
  if constexpr (requires { shape.typeA; }) {
    shape.typeA = asked.type(0);
    shape.typeB = asked.type(1);
    shape.typeC = *dataTypeOf(asked.results[0]);
    shape.tf32 = asked.flag("tf32");
  }
  return Call(shape).workspaceBytes();
}
template <typename Call, typename Shape> size_t stridedMatmul(const Asked &asked) {
  Shape shape{.outer = asked.integer("outer"),
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
              .cN = asked.integer("cN")};
  return Call(typed(shape, asked)).workspaceBytes();
}
template <typename Call> size_t embeddingGrad(const Asked &asked) {
  return Call{.rows = asked.integer("rows"),
              .channels = asked.integer("channels"),
              .table = asked.part("table"),
              .length = asked.integer("length")}
      .workspaceBytes();
}
template <typename Call, typename Shape> size_t attention(const Asked &asked) {
  Shape shape{.batch = asked.integer("batch"),
              .sequence = asked.integer("sequence"),
              .heads = asked.integer("heads"),
              .headSize = asked.integer("headSize"),
              .causal = asked.flag("causal"),
              .scale = asked.real("scale"),
              .dropout = asked.real("dropout"),
              .site = asked.integer("site"),
              .part = asked.part("part")};
  return Call(typed(shape, asked)).workspaceBytes();
}
template <typename Call> size_t squareSum(const Asked &asked) {
  return Call{.count = asked.integer("count")}.workspaceBytes();
}
inline size_t allReduce(const Asked &asked) {
  return AllReducePlan{.ranks = asked.ranks, .type = asked.type(), .tensors = asked.shapes()}
      .workspaceBytes();
}
template <typename Plan> size_t sliced(const Asked &asked) {
  return Plan{.ranks = asked.ranks, .type = asked.type(), .tensors = asked.slicedTensors()}
      .workspaceBytes();
}
inline size_t allToAll(const Asked &asked) {
  return AllToAllPlan{.ranks = asked.ranks,
                      .type = asked.type(),
                      .tensors = {{.shape = runtimeShape(asked.inputs[0]),
                                   .splitDim = static_cast<int>(asked.integer("split")),
                                   .concatDim = static_cast<int>(asked.integer("concat"))}}}
      .workspaceBytes();
}

//===- tables ---------------------------------------------------------------------------===//

/// The calls of convolutional networks, and collectives.
template <typename Calls> Asks imageAsks() {
  using C = Calls;
  return {
      {"Conv2dForward", convolution<typename C::Conv2dForward, typename C::Conv2dShape>},
      {"Conv2dInputGrad", convolution<typename C::Conv2dInputGrad, typename C::Conv2dShape>},
      {"Conv2dWeightGrad", convolution<typename C::Conv2dWeightGrad, typename C::Conv2dShape>},
      {"BatchNormStats", rowsAndChannels<typename C::BatchNormStats>},
      {"BatchNormGradSums", rowsAndChannels<typename C::BatchNormGradSums>},
      {"MaxPool", pool<typename C::MaxPool, typename C::PoolShape>},
      {"MaxPoolGrad", pool<typename C::MaxPoolGrad, typename C::PoolShape>},
      {"AvgPool", pool<typename C::AvgPool, typename C::PoolShape>},
      {"AvgPoolGrad", pool<typename C::AvgPoolGrad, typename C::PoolShape>},
      {"LinearForward", linear<typename C::LinearForward, typename C::LinearShape>},
      {"LinearInputGrad", linear<typename C::LinearInputGrad, typename C::LinearShape>},
      {"LinearWeightGrad", linear<typename C::LinearWeightGrad, typename C::LinearShape>},
      {"BiasGrad", rowsAndChannels<typename C::BiasGrad>},
      {"SoftmaxCrossEntropy", loss<typename C::SoftmaxCrossEntropy>},
      {"AllReduce", allReduce},
      {"AllGather", sliced<AllGatherPlan>},
      {"ReduceScatter", sliced<ReduceScatterPlan>},
      {"AllToAll", allToAll},
  };
}

/// Adds those of transformers.
template <typename Calls> Asks transformerAsks(Asks asks) {
  using C = Calls;
  asks["Matmul"] = matmul<typename C::Matmul, typename C::MatmulShape>;
  asks["StridedMatmul"] =
      stridedMatmul<typename C::StridedMatmul, typename C::StridedMatmulShape>;
  asks["LayerNormGradParameters"] = rowsAndChannels<typename C::LayerNormGradParameters>;
  asks["EmbeddingGrad"] = embeddingGrad<typename C::EmbeddingGrad>;
  asks["Attention"] = attention<typename C::Attention, typename C::AttentionShape>;
  asks["AttentionGrad"] = attention<typename C::AttentionGrad, typename C::AttentionShape>;
  asks["SquareSum"] = squareSum<typename C::SquareSum>;
  return asks;
}

} // namespace autopar::lowering

#endif
