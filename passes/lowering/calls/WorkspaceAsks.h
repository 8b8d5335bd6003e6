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

  int64_t integer(llvm::StringRef field) const {
    return config.getAs<mlir::IntegerAttr>(field).getInt();
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

// A field that is not given keeps what the runtime's shape has for it.
inline void read(const Asked &asked, llvm::StringRef field, int64_t &value) {
  if (auto attr = asked.config.getAs<mlir::IntegerAttr>(field))
    value = attr.getInt();
}
inline void read(const Asked &asked, llvm::StringRef field, double &value) {
  if (auto attr = asked.config.getAs<mlir::FloatAttr>(field))
    value = attr.getValueAsDouble();
}
inline void read(const Asked &asked, llvm::StringRef field, bool &value) {
  if (auto attr = asked.config.getAs<mlir::BoolAttr>(field))
    value = attr.getValue();
}
inline void read(const Asked &asked, llvm::StringRef field, Part &value) {
  value = asked.part(field);
}

/// A call that is made of a shape: the fields of every target, and those that this one adds.
/// Where calls differ by the type of what they work on, it is the first operand's.
template <typename Call, typename Shape> size_t shaped(const Asked &asked) {
  Shape shape{};
  Shape::Fields::forEachField(
      shape, [&](const char *name, auto &value, auto...) { read(asked, name, value); });
  if constexpr (requires { shape.type; })
    shape.type = asked.type();
  if constexpr (requires { shape.typeA; }) {
    shape.typeA = asked.type(0);
    shape.typeB = asked.type(1);
    shape.typeC = *dataTypeOf(asked.results[0]);
  }
  if constexpr (requires { shape.tf32; })
    read(asked, "tf32", shape.tf32);
  if constexpr (requires { shape.deterministic; })
    read(asked, "deterministic", shape.deterministic);
  if constexpr (requires { shape.count; }) { // that of a batch norm in front
    read(asked, "count", shape.count);
    read(asked, "epsilon", shape.epsilon);
  }
  return Call(shape).workspaceBytes();
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
template <typename Call> size_t embeddingGrad(const Asked &asked) {
  return Call{.rows = asked.integer("rows"),
              .channels = asked.integer("channels"),
              .table = asked.part("table"),
              .length = asked.integer("length")}
      .workspaceBytes();
}
template <typename Call> size_t squareSum(const Asked &asked) {
  return Call{.count = asked.integer("count")}.workspaceBytes();
}
template <typename Call> size_t reduction(const Asked &asked) {
  Call call{};
  for (int64_t size : asked.integers("shape"))
    call.shape.push_back(size);
  for (int64_t dim : asked.integers("dims"))
    call.dims.push_back(dim);
  return call.workspaceBytes();
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
      {"Conv2dForward", shaped<typename C::Conv2dForward, typename C::Conv2dShape>},
      {"Conv2dInputGrad", shaped<typename C::Conv2dInputGrad, typename C::Conv2dShape>},
      {"Conv2dWeightGrad", shaped<typename C::Conv2dWeightGrad, typename C::Conv2dShape>},
      {"BatchNormStats", rowsAndChannels<typename C::BatchNormStats>},
      {"BatchNormGradSums", rowsAndChannels<typename C::BatchNormGradSums>},
      {"MaxPool", shaped<typename C::MaxPool, typename C::PoolShape>},
      {"MaxPoolGrad", shaped<typename C::MaxPoolGrad, typename C::PoolShape>},
      {"AvgPool", shaped<typename C::AvgPool, typename C::PoolShape>},
      {"AvgPoolGrad", shaped<typename C::AvgPoolGrad, typename C::PoolShape>},
      {"LinearForward", shaped<typename C::LinearForward, typename C::LinearShape>},
      {"LinearInputGrad", shaped<typename C::LinearInputGrad, typename C::LinearShape>},
      {"LinearWeightGrad", shaped<typename C::LinearWeightGrad, typename C::LinearShape>},
      {"BiasGrad", rowsAndChannels<typename C::BiasGrad>},
      {"Sum", reduction<typename C::Sum>},
      {"Max", reduction<typename C::Max>},
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
  asks["Matmul"] = shaped<typename C::Matmul, typename C::MatmulShape>;
  asks["StridedMatmul"] =
      shaped<typename C::StridedMatmul, typename C::StridedMatmulShape>;
  asks["LayerNormGradParameters"] = rowsAndChannels<typename C::LayerNormGradParameters>;
  asks["EmbeddingGrad"] = embeddingGrad<typename C::EmbeddingGrad>;
  asks["Attention"] = shaped<typename C::Attention, typename C::AttentionShape>;
  asks["AttentionGrad"] = shaped<typename C::AttentionGrad, typename C::AttentionShape>;
  asks["SquareSum"] = squareSum<typename C::SquareSum>;
  return asks;
}

} // namespace autopar::lowering

#endif
