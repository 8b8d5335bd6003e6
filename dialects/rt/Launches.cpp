// See Launches.h. This mirrors the kernels of runtime/cuda, call by call; the table is at the
// end.
#include "dialects/rt/Launches.h"

#include "mlir/IR/TypeUtilities.h"
#include "llvm/ADT/StringMap.h"

#include <algorithm>
#include <cmath>

using namespace mlir;

namespace autopar::rt {
namespace {

/// Tensors that one launch of a call on a table takes: runtime/cuda/TensorTable.cuh.
constexpr double tableRows = 256;

double elements(Type type) { return double(cast<ShapedType>(type).getNumElements()); }
double bytes(Type type) { return double(bytesOf(type)); }
double elementBytes(Type type) {
  return getElementTypeOrSelf(type).getIntOrFloatBitWidth() / 8;
}
bool isNarrow(Type type) {
  return isa<FloatType>(type) && type.getIntOrFloatBitWidth() == 16;
}

/// Operations of a call of this name on each element of the largest operand or result, products
/// apart.
double flopsPerElement(StringRef callee);

/// The launches of a call, added one by one, and what they are counted from.
class Counter {
public:
  explicit Counter(CallOp call) : call(call) {}
  operator std::vector<Launch>() { return std::move(launches); }

  Type input(StringRef name) { return call.getInput(name).getType(); }
  Type output(StringRef name) { return call.getOutput(name).getType(); }
  unsigned inputs() { return call.getInputs().size(); }

  double integer(StringRef field, double otherwise = 0) {
    auto attr = call.getConfig().getAs<IntegerAttr>(field);
    return attr ? attr.getValue().roundToDouble() : otherwise;
  }
  double real(StringRef field) {
    auto attr = call.getConfig().getAs<FloatAttr>(field);
    return attr ? attr.getValueAsDouble() : 0;
  }
  bool flag(StringRef field) {
    auto attr = call.getConfig().getAs<BoolAttr>(field);
    return attr && attr.getValue();
  }

  /// All operands and results, each as often as it stands there.
  double operands() {
    double sum = 0;
    for (ValueRange values : {ValueRange(call.getInputs()), call.getOutputs()})
      for (Type type : values.getTypes())
        sum += bytes(type);
    return sum;
  }
  /// Those of its largest operand or result.
  double largest() {
    double most = 0;
    for (ValueRange values : {ValueRange(call.getInputs()), call.getOutputs()})
      for (Type type : values.getTypes())
        most = std::max(most, elements(type));
    return most;
  }
  /// Of the callee, an element of the largest.
  double flops() { return flopsPerElement(call.getCallee()) * largest(); }
  double scratch() {
    if (Value room = call.getScratch())
      return bytes(room.getType());
    return call.getWorkspace().value_or(0);
  }

  Counter &add(StringRef work, double bytes, double flops = 0) {
    launches.push_back({work, bytes, flops});
    return *this;
  }
  /// The call's own work, in one.
  Counter &addWhole(double bytes) { return add(call.getCallee(), bytes, flops()); }
  /// A library's products of factors of this type.
  Counter &addProduct(double bytes, double flops, Type factors) {
    launches.push_back(
        {call.getCallee(), bytes, flops, getElementTypeOrSelf(factors), flag("tf32")});
    return *this;
  }
  /// f32 numbers on their way to a product of another type, if they are.
  Counter &addRounding(StringRef work, Type from, Type factors) {
    if (Type to = getElementTypeOrSelf(factors); to != getElementTypeOrSelf(from))
      add(work, bytes(from) + elements(from) * elementBytes(to));
    return *this;
  }

  CallOp call;

private:
  std::vector<Launch> launches;
};

/// The product of `a` and `b` into `c`, f32 factors rounded to the other's type before;
/// `beside` is read or written while the sums are at hand.
void addMatmul(Counter &count, Type a, Type b, Type c, double multiplyAdds, double beside = 0) {
  const Type factors = isNarrow(getElementTypeOrSelf(a)) ? a : b;
  count.addRounding("round factor", a, factors).addRounding("round factor", b, factors);
  const double width = elementBytes(factors);
  count.addProduct((elements(a) + elements(b)) * width + bytes(c) + beside, 2 * multiplyAdds,
                   factors);
}

//===- how calls launch -------------------------------------------------------------------===//

std::vector<Launch> onePass(CallOp call) {
  Counter count(call);
  return count.addWhole(count.operands());
}

std::vector<Launch> convolution(CallOp call) {
  Counter count(call);
  const StringRef name = call.getCallee();
  const bool hasNorm = name.starts_with("Norm"), ofWeights = name.ends_with("WeightGrad"),
             ofInput = name.ends_with("InputGrad"), hasSums = name.ends_with("Stats");
  const Type weights = ofWeights ? count.output("dw") : count.input("w");
  const Type filtered = ofInput || ofWeights ? count.input("dy") : count.output("y");
  const Type image = ofInput ? call.getOutputs()[0].getType() : count.input("x");

  const double width = elementBytes(image), taps = elements(weights);
  const bool asKept = width == 4 && count.integer("kernelH") * count.integer("kernelW") == 1;
  const double rearranged = bytes(weights) + taps * width, channels = count.integer("channels");
  constexpr double perChannel = 2 * sizeof(double) + 4 * sizeof(float); // in, and coefficients
  if (hasNorm)
    count.add("fold norm", channels * perChannel);
  if (!asKept && !ofWeights)
    count.add("rearrange weights", rearranged);
  double moved = bytes(image) + taps * width + bytes(filtered);
  if (hasNorm && ofInput)
    moved += bytes(count.input("x")); // What the relu's gradient and the sums are seen from.
  count.addProduct(moved, 2 * elements(filtered) * taps / count.integer("filters"), image);
  if (!asKept && ofWeights)
    count.add("rearrange weights", rearranged);
  if (hasSums || (hasNorm && ofInput))
    count.add("widen sums", elements(call.getOutputs().back().getType()) *
                                (sizeof(float) + sizeof(double)));
  return count;
}

std::vector<Launch> channelSums(CallOp call) {
  Counter count(call);
  double read = 0;
  for (Type type : call.getInputs().getTypes())
    read += bytes(type);
  return count.addWhole(read + count.scratch())
      .add("finish sums", count.scratch() + count.operands() - read);
}

/// A second launch joins what blocks leave, where there are any.
std::vector<Launch> blockwise(CallOp call) {
  Counter count(call);
  if (count.scratch() == 0)
    return count.addWhole(count.operands());
  const double written = bytes(count.output("y"));
  return count.addWhole(count.operands() - written + count.scratch())
      .add("join blocks", count.scratch() + written);
}

std::vector<Launch> scalarSum(CallOp call) {
  Counter count(call);
  // Of tensors, and then of what each block of them comes to.
  const double launches = std::ceil(call.getRows() / tableRows);
  for (double i = 0; i < launches; ++i)
    count.add(call.getCallee(), (count.operands() + count.scratch()) / launches,
              count.flops() / launches);
  return count.add("finish sum", count.scratch());
}

std::vector<Launch> windows(CallOp call) {
  Counter count(call);
  const bool isGrad = call.getCallee().ends_with("Grad");
  const Type pooled = isGrad ? count.input("dy") : count.output("y");
  return count.add(call.getCallee(), count.operands(),
                   elements(pooled) * count.integer("kernelH") * count.integer("kernelW"));
}

std::vector<Launch> cleared(CallOp call) {
  Counter count(call);
  return count.add("clear", count.operands());
}

std::vector<Launch> counted(CallOp call) {
  Counter count(call);
  return count.add("clear", bytes(count.output("correct"))).addWhole(count.operands());
}

/// Factors and product in the order of the call, whatever they are.
std::vector<Launch> linearProduct(CallOp call) {
  Counter count(call);
  addMatmul(count, call.getInputs()[0].getType(), call.getInputs()[1].getType(),
            call.getOutputs()[0].getType(),
            count.integer("batch") * count.integer("inputs") * count.integer("outputs"));
  return count;
}

std::vector<Launch> matrixProduct(CallOp call) {
  Counter count(call);
  const Type a = count.input("a"), b = count.input("b"), c = count.output("c");
  double beside = count.operands() - bytes(a) - bytes(b) - bytes(c);
  if (call.getCallee().starts_with("MatmulBias")) { // It is read in the type of c.
    const Type bias = count.input("bias");
    beside += elements(bias) * elementBytes(c) - bytes(bias);
    count.addRounding("round bias", bias, c);
  }
  addMatmul(count, a, b, c,
            count.integer("m") * count.integer("n") * count.integer("k"), beside);
  return count;
}

std::vector<Launch> stridedProduct(CallOp call) {
  Counter count(call);
  const auto isPlain = [&](StringRef columns, StringRef rows) {
    return count.integer(columns) == 1 || (!rows.empty() && count.integer(rows) == 1);
  };
  const double turns = std::min(count.integer("inner"), count.integer("outer"));
  if (!isPlain("aK", "aM"))
    count.add("pack factor", 2 * bytes(count.input("a")));
  if (!isPlain("bN", "bK"))
    count.add("pack factor", 2 * bytes(count.input("b")));
  const double flops = 2 * count.integer("outer") * count.integer("inner") *
                       count.integer("m") * count.integer("n") * count.integer("k");
  for (double turn = 0; turn < turns; ++turn)
    count.addProduct(count.operands() / turns, flops / turns, count.input("a"));
  if (!isPlain("cN", ""))
    count.add("unpack result", 2 * bytes(count.output("c")));
  return count;
}

std::vector<Launch> embedding(CallOp call) {
  Counter count(call); // Of the table, the rows that tokens name.
  const double rows = count.integer("rows") * count.integer("channels") * sizeof(float);
  return count.addWhole(bytes(count.input("tokens")) + rows + bytes(count.output("y")));
}

std::vector<Launch> embeddingGrad(CallOp call) {
  Counter count(call);
  const double rows = std::min(count.integer("rows"), count.integer("length"));
  return count.add("clear", bytes(count.output("dtable")))
      .add(call.getCallee(),
           bytes(count.input("tokens")) + bytes(count.input("dy")) +
               rows * count.integer("channels") * sizeof(float),
           elements(count.input("dy")));
}

//===- attention --------------------------------------------------------------------------===//

/// What both passes are counted from.
struct Heads {
  double batch, rows, scores, product; ///< of one sequence: rows, scores, FLOPs of a product
  Type type;
  /// Whether cuDNN is taken to have a fused kernel: see runtime/cuda/AttentionPlan.h, and
  /// cudnn/AttentionGraph.cpp for Hopper's heads.
  bool isFused;

  Heads(Counter &count, Type type)
      : batch(count.integer("batch")), rows(count.integer("heads") * count.integer("sequence")),
        scores(rows * count.integer("sequence")),
        product(2 * scores * count.integer("headSize")),
        type(type) {
    const auto headSize = static_cast<int64_t>(count.integer("headSize"));
    isFused = isNarrow(getElementTypeOrSelf(type)) && count.real("dropout") == 0 &&
              headSize % 8 == 0 && headSize <= 256;
  }
  /// A causal mask leaves out half of what a fused kernel computes.
  double fusedFlops(Counter &count, double products) const {
    auto causal = count.call.getConfig().getAs<BoolAttr>("causal");
    return batch * products * product * (!causal || causal.getValue() ? 0.5 : 1);
  }
  /// Scores in f32, and as factors of products.
  double wide() const { return scores * sizeof(float); }
  double narrow() const { return scores * elementBytes(type); }
};

std::vector<Launch> attention(CallOp call) {
  Counter count(call);
  const Type qkv = count.input("qkv"), y = count.output("y");
  const Heads heads(count, qkv);
  if (heads.isFused)
    return count.addProduct(count.operands(), heads.fusedFlops(count, 2), qkv);
  const double part = bytes(y) / heads.batch; // of one sequence
  for (double b = 0; b < heads.batch; ++b)
    count.addProduct(2 * part + heads.wide(), heads.product, qkv)
        .add("probabilities", heads.wide() + heads.narrow() + heads.rows * sizeof(float),
             8 * heads.scores)
        .addProduct(heads.narrow() + 2 * part, heads.product, qkv);
  return count;
}

std::vector<Launch> attentionGrad(CallOp call) {
  Counter count(call);
  const Type dy = count.input("dy"), qkv = count.input("qkv");
  const Heads heads(count, qkv);
  if (heads.isFused)
    return count.addProduct(count.operands(), heads.fusedFlops(count, 5), qkv);
  const double part = bytes(dy) / heads.batch; // of one sequence
  for (double b = 0; b < heads.batch; ++b) {
    for (int i = 0; i < 2; ++i)
      count.addProduct(2 * part + heads.wide(), heads.product, qkv);
    count.add("slopes",
              2 * (heads.wide() + heads.narrow() + part) + heads.rows * sizeof(float),
              8 * heads.scores);
    for (int i = 0; i < 3; ++i)
      count.addProduct(heads.narrow() + 2 * part, heads.product, qkv);
  }
  return count;
}

//===- moves, scalars, tables -------------------------------------------------------------===//

std::vector<Launch> padded(CallOp call) {
  Counter count(call);
  const double begin = count.integer("begin"), length = count.integer("length");
  const double behind = count.integer("whole") - begin - length;
  const double column = bytes(count.output("x")) / count.integer("whole");
  if (begin > 0)
    count.add("clear", begin * column);
  count.addWhole(2 * bytes(count.input("y")));
  if (behind > 0)
    count.add("clear", behind * column);
  return count;
}

std::vector<Launch> concatenated(CallOp call) {
  Counter count(call);
  for (Type type : call.getInputs().getTypes())
    if (elements(type) > 0)
      count.add(call.getCallee(), 2 * bytes(type));
  return count;
}

std::vector<Launch> addedScalars(CallOp call) {
  Counter count(call);
  for (unsigned begin = 0; begin < count.inputs(); begin += tableRows) {
    const double some = std::min<double>(tableRows, count.inputs() - begin);
    count.add(call.getCallee(), (some + 1) * sizeof(double), some);
  }
  return count;
}

std::vector<Launch> table(CallOp call) {
  Counter count(call);
  const unsigned rows = call.getRows();
  for (unsigned begin = 0; begin < rows; begin += tableRows) {
    double moved = 0, flops = 0;
    for (unsigned row = begin; row < std::min<double>(rows, begin + tableRows); ++row) {
      double most = 0;
      for (ValueRange values : {ValueRange(call.getRowInputs(row)), call.getRowOutputs(row)})
        for (Type type : values.getTypes()) {
          moved += bytes(type);
          most = std::max(most, elements(type));
        }
      flops += flopsPerElement(call.getCallee()) * most;
    }
    count.add(call.getCallee(), moved, flops);
  }
  return count;
}

std::vector<Launch> chain(CallOp call) {
  Counter count(call);
  double flops = 0;
  for (StepAttr step : call.getSteps())
    flops += flopsPerElement(step.getCallee());
  return count.add(call.getCallee(), count.operands(), flops * count.integer("count"));
}

//===- the table --------------------------------------------------------------------------===//

struct Facts {
  double flopsPerElement;
  std::vector<Launch> (*launches)(CallOp call);
};

/// A line a call.
const llvm::StringMap<Facts> &allFacts() {
  static const llvm::StringMap<Facts> all = {
      {"Conv2dForward", {1, convolution}},
      {"Conv2dInputGrad", {1, convolution}},
      {"Conv2dWeightGrad", {1, convolution}},
      {"BatchNormStats", {3, channelSums}},
      {"BatchNormApply", {4, onePass}},
      {"BatchNormGradSums", {5, channelSums}},
      {"BatchNormGradInput", {6, onePass}},
      {"BatchNormGradParameters", {1, onePass}},
      {"BatchNormRunning", {4, onePass}},
      {"BatchNormInference", {4, onePass}},
      {"MaxPool", {1, windows}},
      {"MaxPoolGrad", {1, windows}},
      {"AvgPool", {1, windows}},
      {"AvgPoolGrad", {1, windows}},
      {"LinearForward", {1, linearProduct}},
      {"LinearInputGrad", {1, linearProduct}},
      {"LinearWeightGrad", {1, linearProduct}},
      {"BiasAdd", {1, onePass}},
      {"BiasGrad", {1, channelSums}},
#define AUTOPAR_UNARY(Name, function, x, y, fields, operations, ...)                           \
  {#Name, {operations, onePass}},
#define AUTOPAR_BINARY(Name, function, a, b, y, fields, operations, ...)                       \
  {#Name, {operations, onePass}},
#include "autopar/core/Elements.inc"
      {"Cast", {1, onePass}},
      {"Zeros", {1, cleared}},
      {"Fill", {1, onePass}},
      {"Add", {1, onePass}},
      {"SoftmaxCrossEntropy", {8, channelSums}},
      {"SoftmaxCrossEntropyGrad", {8, onePass}},
      {"CountKept", {1, onePass}},
      {"CountCorrect", {8, counted}},
      {"Sgd", {6, onePass}},
      {"Matmul", {1, matrixProduct}},
      {"StridedMatmul", {1, stridedProduct}},
      {"LayerNorm", {8, onePass}},
      {"LayerNormGradInput", {11, onePass}},
      {"LayerNormGradParameters", {5, channelSums}},
      {"Gelu", {15, onePass}},
      {"GeluGrad", {25, onePass}},
      {"Sum", {1, blockwise}},
      {"Max", {1, blockwise}},
      {"Expand", {1, onePass}},
      {"Embedding", {1, embedding}},
      {"EmbeddingGrad", {1, embeddingGrad}},
      {"Attention", {1, attention}},
      {"AttentionGrad", {1, attentionGrad}},
      {"Softmax", {8, onePass}},
      {"SoftmaxGrad", {4, onePass}},
      {"Dropout", {20, onePass}},
      {"Transpose", {1, onePass}},
      {"SliceDim", {1, onePass}},
      {"PadDim", {1, padded}},
      {"Concat", {1, concatenated}},
      {"VocabularySums", {8, onePass}},
      {"CrossEntropyOfSums", {4, onePass}},
      {"CrossEntropyOfSumsGrad", {8, onePass}},
      {"AdamW", {16, onePass}},
      {"SquareSum", {2, scalarSum}},
      {"AddScalars", {1, addedScalars}},
      {"ClipFactor", {1, onePass}},
      {"UnscaleFactor", {1, onePass}},
      {"NextLossScale", {1, onePass}},
      {"StepsTaken", {1, onePass}},
      {"Copy", {1, onePass}},
      {"CopySlice", {1, onePass}},
      {"AllReduce", {1, onePass}},
      {"AllGather", {1, onePass}},
      {"ReduceScatter", {1, onePass}},
      {"AllToAll", {1, onePass}},
      {"SgdAll", {6, table}},
      {"AdamWAll", {16, table}},
      {"MatmulAdd", {1, matrixProduct}},
      {"MatmulBias", {1, matrixProduct}},
      {"MatmulBiasGelu", {1, matrixProduct}},
      {"MatmulBiasGeluAux", {1, matrixProduct}},
      {"MatmulGeluGrad", {1, matrixProduct}},
      {"MatmulSumA", {1, matrixProduct}},
      {"MatmulSumB", {1, matrixProduct}},
      {"LayerNormGradInputAdd", {12, onePass}},
      {"BatchNormRunningAll", {4, table}},
      {"BatchNormGradParametersAll", {1, table}},
      {"BatchNormReluGradSums", {9, channelSums}},
      {"BatchNormAddReluGradSums", {7, channelSums}},
      {"BatchNormReluGradInput", {10, onePass}},
      {"Conv2dStats", {1, convolution}},
      {"NormConv2dStats", {1, convolution}},
      {"NormConv2dWeightGrad", {1, convolution}},
      {"NormConv2dInputGrad", {1, convolution}},
      {"Chain", {1, chain}},
      {"AddAll", {1, table}},
      {"ZerosAll", {1, table}},
      {"SquareSumAll", {2, scalarSum}},
  };
  return all;
}

double flopsPerElement(StringRef callee) { return allFacts().lookup(callee).flopsPerElement; }

} // namespace

bool hasLaunches(StringRef callee) { return allFacts().contains(callee); }

std::vector<Launch> launchesOf(CallOp call) {
  return allFacts().lookup(call.getCallee()).launches(call);
}

} // namespace autopar::rt
