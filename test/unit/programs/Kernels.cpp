// Operations' attributes, as the reference kernels take them. See Kernels.h.
#include "test/unit/programs/Kernels.h"

#include "dialects/graph/Equation.h"
#include "dialects/graph/Graph.h"
#include "test/unit/programs/Functions.h"
#include "test/unit/programs/Losses.h"
#include "test/unit/programs/Norms.h"
#include "test/unit/programs/Rearrangement.h"
#include "test/unit/programs/Updates.h"
#include "test/unit/programs/Windows.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;
using namespace autopar::graph;

namespace autopar {

namespace {

using Operands = ArrayRef<const Tensor *>;

Tensor like(Value value) { return Tensor(graph::shapeOf(value)); }
Tensor reshaped(Value result, Tensor tensor) {
  tensor.shape = llvm::SmallVector<int64_t>(graph::shapeOf(result));
  return tensor;
}
Pair pair(Shape values) { return {values[0], values[1]}; }

//===- products ---------------------------------------------------------------------------===//

template <typename Op> Convolution convolution(Op op) {
  return {pair(op.getStrides()), pair(op.getPadding()), pair(op.getDilations()),
          static_cast<int64_t>(op.getGroups())};
}
Tensor run(Conv2dOp op, Operands in, Place) {
  return convolution(op).forward(*in[0], *in[1], shapeOf(op.getOutput()));
}
Tensor run(Conv2dInputGradOp op, Operands in, Place) {
  return convolution(op).inputGrad(*in[0], *in[1], shapeOf(op.getInputGrad()));
}
Tensor run(Conv2dWeightGradOp op, Operands in, Place) {
  return convolution(op).weightGrad(*in[0], *in[1], shapeOf(op.getWeightGrad()));
}

/// y[n,o] += x[n,i] w[o,i]: calls visit(x, w, y) with the offsets of each product.
void forEachProduct(int64_t rows, int64_t outputs, int64_t inputs,
                    llvm::function_ref<void(int64_t, int64_t, int64_t)> visit) {
  for (int64_t n = 0; n < rows; ++n)
    for (int64_t o = 0; o < outputs; ++o)
      for (int64_t i = 0; i < inputs; ++i)
        visit(n * inputs + i, o * inputs + i, n * outputs + o);
}
Tensor run(LinearOp op, Operands in, Place) {
  Tensor y = like(op.getOutput());
  const Tensor &x = *in[0], &w = *in[1];
  forEachProduct(x.dim(0), w.dim(0), w.dim(1),
                 [&](int64_t a, int64_t b, int64_t c) { y[c] += x[a] * w[b]; });
  return y;
}
Tensor run(LinearInputGradOp op, Operands in, Place) {
  Tensor dx = like(op.getInputGrad());
  const Tensor &dy = *in[0], &w = *in[1];
  forEachProduct(dy.dim(0), w.dim(0), w.dim(1),
                 [&](int64_t a, int64_t b, int64_t c) { dx[a] += dy[c] * w[b]; });
  return dx;
}
Tensor run(LinearWeightGradOp op, Operands in, Place) {
  Tensor dw = like(op.getWeightGrad());
  const Tensor &x = *in[0], &dy = *in[1];
  forEachProduct(dy.dim(0), dw.dim(0), dw.dim(1),
                 [&](int64_t a, int64_t b, int64_t c) { dw[b] += x[a] * dy[c]; });
  return dw;
}
Tensor run(BiasAddOp, Operands in, Place) { return addToRows(*in[0], *in[1]); }
Tensor run(BiasGradOp op, Operands in, Place) {
  return reshaped(op.getBiasGrad(), sumOfRows(*in[0], like(op.getBiasGrad()).size()));
}

Tensor run(EinsumOp op, Operands in, Place) {
  Equation equation = llvm::cantFail(Equation::parse(op.getEquation()));
  Tensor result = like(op.getResult());
  std::string letters = equation.letters();
  auto gather = [&](Shape index, StringRef term) {
    return llvm::map_to_vector(term, [&](char letter) { return index[letters.find(letter)]; });
  };
  SmallVector<int64_t> sizes(letters.size());
  for (auto [term, tensor] :
       {std::pair(StringRef(equation.lhs), in[0]), std::pair(StringRef(equation.rhs), in[1])})
    for (auto [letter, size] : llvm::zip_equal(term, tensor->shape))
      sizes[letters.find(letter)] = size;
  for (int64_t i = 0, end = ShapedType::getNumElements(sizes); i < end; ++i) {
    SmallVector<int64_t> index = indexOf(i, sizes);
    result[offsetOf(gather(index, equation.result), result.shape)] +=
        (*in[0])[offsetOf(gather(index, equation.lhs), in[0]->shape)] *
        (*in[1])[offsetOf(gather(index, equation.rhs), in[1]->shape)];
  }
  return result;
}

//===- norms ------------------------------------------------------------------------------===//

template <typename Op> BatchNorm batchNorm(Op op, const Tensor &stats) {
  return {stats, static_cast<double>(op.getCount()), op.getEpsilon().convertToDouble()};
}
/// What stands in the operation behind a norm.
template <typename Op> Tensor finish(Op op, Tensor y, const Tensor *residual) {
  if (op.getResidual())
    y = sum({y, *residual});
  return op.getRelu() ? relu(y) : y;
}
template <typename Op> Tensor masked(Op op, const Tensor &dy, const Tensor *mask) {
  return op.getMask() ? reluGrad(dy, *mask) : dy;
}

Tensor run(BatchNormStatsOp op, Operands in, Place) {
  return batchStats(*in[0], in[0]->dim(3));
}
Tensor run(BatchNormApplyOp op, Operands in, Place) {
  return finish(op, batchNorm(op, *in[1]).apply(*in[0], *in[2], *in[3]), in.back());
}
Tensor run(BatchNormInferenceOp op, Operands in, Place) {
  return finish(op,
                batchNormInference(*in[0], *in[1], *in[2], *in[3], *in[4],
                                   op.getEpsilon().convertToDouble()),
                in.back());
}
Tensor run(BatchNormGradSumsOp op, Operands in, Place) {
  return batchNorm(op, *in[1]).gradSums(*in[0], masked(op, *in[2], in.back()));
}
Tensor run(BatchNormGradInputOp op, Operands in, Place) {
  return batchNorm(op, *in[1]).gradInput(*in[0], *in[2], *in[3], masked(op, *in[4], in.back()));
}
Tensors run(BatchNormGradParametersOp, Operands in, Place) {
  return batchNormParameterGrads(*in[0]);
}
Tensors run(BatchNormRunningOp op, Operands in, Place) {
  return BatchNorm{*in[0], static_cast<double>(op.getCount()), 0}.running(
      *in[1], *in[2], op.getMomentum().convertToDouble());
}

Tensors run(LayerNormOp op, Operands in, Place) {
  Tensors results = layerNorm(*in[0], *in[1], *in[2], op.getEpsilon().convertToDouble());
  return {results[0], reshaped(op.getMean(), results[1]), reshaped(op.getRstd(), results[2])};
}
Tensor run(LayerNormGradInputOp op, Operands in, Place) {
  return layerNormInputGrad(*in[0], *in[1], *in[2], *in[3], *in[4]);
}
Tensors run(LayerNormGradParametersOp op, Operands in, Place) {
  return layerNormParameterGrads(*in[0], *in[1], *in[2], *in[3],
                                 like(op.getGammaGrad()).size());
}

Tensor run(SoftmaxOp op, Operands in, Place) {
  Shape shape = in[0]->shape;
  return softmax(*in[0], shape.back(), op.getCausal() ? shape[shape.size() - 2] : 0);
}
Tensor run(SoftmaxGradOp, Operands in, Place) {
  return softmaxGrad(*in[0], *in[1], in[1]->shape.back());
}

//===- pools ------------------------------------------------------------------------------===//

template <typename Op> Pool pool(Op op) {
  return {pair(op.getKernel()), pair(op.getStrides()), pair(op.getPadding())};
}
template <typename Op> Pool averagePool(Op op) {
  Pool of = pool(op);
  of.countsPadding = op.getCountIncludePad();
  return of;
}
Pool globalPool(Shape image) { return {{image[1], image[2]}}; }
/// As the pool over a whole image leaves it.
Tensor asImage(const Tensor &rows) {
  Tensor image = rows;
  image.shape = {rows.dim(0), 1, 1, rows.dim(1)};
  return image;
}

Tensors run(MaxPoolOp op, Operands in, Place) {
  return pool(op).largest(*in[0], shapeOf(op.getOutput()));
}
Tensor run(MaxPoolGradOp op, Operands in, Place) {
  return pool(op).largestGrad(*in[0], *in[1], shapeOf(op.getInputGrad()));
}
Tensor run(AvgPoolOp op, Operands in, Place) {
  return averagePool(op).average(*in[0], shapeOf(op.getOutput()));
}
Tensor run(AvgPoolGradOp op, Operands in, Place) {
  return averagePool(op).averageGrad(*in[0], shapeOf(op.getInputGrad()));
}
Tensor run(GlobalAvgPoolOp op, Operands in, Place) {
  Tensor y = asImage(like(op.getOutput()));
  return reshaped(op.getOutput(), globalPool(in[0]->shape).average(*in[0], y.shape));
}
Tensor run(GlobalAvgPoolGradOp op, Operands in, Place) {
  Shape image = shapeOf(op.getInputGrad());
  return globalPool(image).averageGrad(asImage(*in[0]), image);
}

//===- elementwise ------------------------------------------------------------------------===//

/// Those that the runtime lists; null for others.
ElementFunction listedFunction(Operation *op) {
  StringRef name = op->getName().stripDialect();
  return elementFunctions().lookup(
      llvm::convertToCamelFromSnakeCase(name, /*capitalizeFirst=*/true));
}
Tensor apply(ElementFunction function, Operation *op, Operands in) {
  return applied(function, llvm::map_to_vector(in, [](const Tensor *one) { return *one; }),
                 [&](StringRef name) {
                   return op->getAttrOfType<FloatAttr>(name).getValueAsDouble();
                 });
}
Tensor run(AddOp, Operands in, Place) { return sum({*in[0], *in[1]}); }
Tensor run(AccumulateOp, Operands in, Place) { return sum({*in[0], *in[1]}); }
Tensor run(ZerosOp op, Operands, Place) { return like(op.getResult()); }
/// Of a number in double precision nothing is lost.
Tensor run(CastOp, Operands in, Place) { return *in[0]; }
Tensor run(FillOp op, Operands, Place) {
  return Tensor(graph::shapeOf(op.getResult()), op.getValue().convertToDouble());
}
Tensor run(GeluOp op, Operands in, Place) {
  return gelu(*in[0], op.getApproximate() == "tanh");
}
Tensor run(GeluGradOp op, Operands in, Place) {
  return geluGrad(*in[0], *in[1], op.getApproximate() == "tanh");
}

template <typename Op> Draws draws(Op op, double rate, const Tensor *state) {
  return {rate, state, static_cast<int64_t>(op.getSite())};
}
Tensor run(RandomDropoutOp op, Operands in, Place place) {
  return dropout(*in[0], draws(op, op.getRate().convertToDouble(), in[1]),
                 place.block(op.getPart(), in[0]->shape));
}

Tensor run(SumOp op, Operands in, Place) { return sumOver(*in[0], op.getDims()); }
Tensor run(MaxOp op, Operands in, Place) { return largestOver(*in[0], op.getDims()); }
Tensor run(ExpandOp op, Operands in, Place) {
  return expanded(*in[0], graph::shapeOf(op.getOutput()));
}

//===- attention --------------------------------------------------------------------------===//

/// `y`: [B, T, H, D].
template <typename Op> Attention attention(Op op, Shape y, const Tensor *state, Place place) {
  return {op.getCausal(), op.getScaleOrDefault(),
          draws(op, op.getDropout().convertToDouble(), state), place.block(op.getPart(), y)};
}
Tensors run(AttentionOp op, Operands in, Place place) {
  return attention(op, shapeOf(op.getOutput()), in.back(), place).forward(*in[0]);
}
Tensor run(AttentionGradOp op, Operands in, Place place) {
  return attention(op, in[0]->shape, in.back(), place).grad(*in[0], *in[1]);
}

//===- rearrangement ----------------------------------------------------------------------===//

int64_t firstRow(std::optional<dist::PartAttr> part, Shape table, Place place) {
  return place.block(part, table).begin.front();
}
Tensor run(EmbeddingOp op, Operands in, Place place) {
  return embedding(*in[0], *in[1], firstRow(op.getPart(), in[1]->shape, place));
}
Tensor run(EmbeddingGradOp op, Operands in, Place place) {
  Shape table = shapeOf(op.getTableGrad());
  return embeddingGrad(*in[0], *in[1], table, firstRow(op.getPart(), table, place),
                       op.getPadding() ? int64_t(*op.getPadding()) : -1);
}
Tensor run(FlattenOp op, Operands in, Place) { return reshaped(op.getOutput(), *in[0]); }
Tensor run(UnflattenOp op, Operands in, Place) { return reshaped(op.getInputGrad(), *in[0]); }
Tensor run(ReshapeOp op, Operands in, Place) { return reshaped(op.getOutput(), *in[0]); }
Tensor run(TransposeOp op, Operands in, Place) {
  return transpose(*in[0], op.getPermutation());
}
Tensor run(graph::SliceOp op, Operands in, Place) {
  return slice(*in[0], op.getDim(), op.getBegin(), op.getLength());
}
Tensor run(PadOp op, Operands in, Place) {
  return pad(*in[0], op.getDim(), op.getBegin(), op.getWhole(),
             op.getValue().convertToDouble());
}
Tensor run(ConcatOp op, Operands in, Place) {
  return concat(llvm::map_to_vector(in, [](const Tensor *one) { return *one; }), op.getDim());
}

//===- loss -------------------------------------------------------------------------------===//

template <typename Op> SoftmaxLoss softmaxLoss(Op op, const Tensor &logits) {
  return {logits.dim(1), static_cast<double>(op.getCount()),
          op.getLabelSmoothing().convertToDouble()};
}
/// What a gradient is multiplied by, where that is an operand.
double factor(Value given, const Tensor *scale) { return given ? (*scale)[0] : 1; }

Tensor run(SoftmaxCrossEntropyOp op, Operands in, Place) {
  return softmaxLoss(op, *in[0]).loss(*in[0], *in[1]);
}
Tensor run(SoftmaxCrossEntropyGradOp op, Operands in, Place) {
  return softmaxLoss(op, *in[0]).grad(*in[0], *in[1], factor(op.getScale(), in.back()));
}
Tensor run(LossOp op, Operands in, Place) {
  return scalar((*in[0])[0] / static_cast<double>(op.getCount()));
}
Tensor run(CountKeptOp, Operands in, Place) { return countKept(*in[0]); }
Tensor run(CountCorrectOp op, Operands in, Place) {
  return countCorrect(*in[0], *in[1], in[0]->dim(1));
}

template <typename Op> Vocabulary vocabulary(Op op, const Tensor &logits, Place place) {
  return {logits.shape.back(), place.block(op.getPart(), logits.shape).begin.back(),
          static_cast<int64_t>(op.getValid())};
}
Tensor run(VocabularySumsOp op, Operands in, Place place) {
  const int64_t blocks = shapeOf(op.getSums()).drop_back().back();
  return reshaped(op.getSums(), vocabulary(op, *in[0], place).sums(*in[0], *in[1], blocks));
}
Tensor run(CrossEntropyOfSumsOp op, Operands in, Place) {
  return lossOfSums(*in[0], *in[1], static_cast<double>(op.getCount()));
}
Tensor run(CrossEntropyOfSumsGradOp op, Operands in, Place place) {
  return vocabulary(op, *in[0], place)
      .grad(*in[0], *in[1], *in[2], static_cast<double>(op.getCount()),
            factor(op.getScale(), in.back()));
}

//===- update -----------------------------------------------------------------------------===//

Tensors run(SgdOp op, Operands in, Place) {
  Sgd sgd = {op.getMomentum().convertToDouble(), op.getDampening().convertToDouble(),
             op.getWeightDecay().convertToDouble(), op.getNesterov()};
  return sgd.update(*in[0], *in[1], (*in[2])[0], op.getVelocity() ? in[3] : nullptr,
                    op.getState() ? (*in[4])[1] : 1, factor(op.getFactor(), in.back()));
}
Tensors run(AdamWOp op, Operands in, Place) {
  AdamW adamw = {op.getBeta1().convertToDouble(), op.getBeta2().convertToDouble(),
                 op.getEpsilon().convertToDouble(), op.getWeightDecay().convertToDouble()};
  return adamw.update(*in[0], *in[1], (*in[2])[0], (*in[3])[1] + 1, *in[4], *in[5],
                      factor(op.getFactor(), in.back()));
}
Tensor run(SquareSumOp op, Operands in, Place) { return squareSum(*in[0]); }
Tensor run(AddScalarsOp, Operands in, Place) {
  return sum(llvm::map_to_vector(in, [](const Tensor *one) { return *one; }));
}
Tensor run(ClipFactorOp op, Operands in, Place) {
  return scalar(clipFactor((*in[0])[0], op.getMaximum().convertToDouble()));
}
Tensor run(UnscaleFactorOp op, Operands in, Place) {
  double maximum = op.getMaximum() ? op.getMaximum()->convertToDouble() : 0;
  return scalar(unscaleFactor((*in[0])[0], (*in[1])[0], maximum));
}
Tensors run(NextLossScaleOp op, Operands in, Place) {
  return nextLossScale(*in[0], *in[1], *in[2], (*in[3])[0],
                       static_cast<double>(op.getInterval()));
}
Tensors run(StepsTakenOp op, Operands in, Place) {
  return stepsTaken(*in[0], *in[1], factor(op.getFactor(), in.back()));
}

Tensors list(Tensor one) { return {std::move(one)}; }
Tensors list(Tensors all) { return all; }

} // namespace

Tensors compute(Operation *op, Operands operands, Place place) {
  if (ElementFunction function = listedFunction(op))
    return {apply(function, op, operands)};
  return llvm::TypeSwitch<Operation *, Tensors>(op)
      .Case<Conv2dOp, Conv2dInputGradOp, Conv2dWeightGradOp, LinearOp, LinearInputGradOp,
            LinearWeightGradOp, BiasAddOp, BiasGradOp, EinsumOp, BatchNormStatsOp,
            BatchNormApplyOp, BatchNormInferenceOp, BatchNormGradSumsOp, BatchNormGradInputOp,
            BatchNormGradParametersOp, BatchNormRunningOp, LayerNormOp, LayerNormGradInputOp,
            LayerNormGradParametersOp, SoftmaxOp, SoftmaxGradOp, MaxPoolOp, MaxPoolGradOp,
            AvgPoolOp, AvgPoolGradOp, GlobalAvgPoolOp, GlobalAvgPoolGradOp, AddOp,
            AccumulateOp, ZerosOp, FillOp, CastOp, GeluOp, GeluGradOp, RandomDropoutOp, SumOp,
            MaxOp, ExpandOp,
            AttentionOp, AttentionGradOp, EmbeddingOp, EmbeddingGradOp, FlattenOp, UnflattenOp,
            ReshapeOp, TransposeOp, graph::SliceOp, PadOp, ConcatOp, SoftmaxCrossEntropyOp,
            SoftmaxCrossEntropyGradOp, LossOp, CountKeptOp, CountCorrectOp, VocabularySumsOp, CrossEntropyOfSumsOp,
            CrossEntropyOfSumsGradOp, SgdOp, AdamWOp, SquareSumOp, AddScalarsOp, ClipFactorOp,
            UnscaleFactorOp, NextLossScaleOp, StepsTakenOp>(
          [&](auto known) { return list(run(known, operands, place)); });
}

} // namespace autopar
