// Functions that are made of several operations of the graph.
#include "compiler/import/Broadcast.h"
#include "compiler/import/Operations.h"
#include "compiler/import/ops/Reduction.h"

using namespace mlir;

namespace autopar::pt2 {

static Held scaled(Importer &importer, const Held &x, double factor, const Twine &suffix) {
  return importer.apply<graph::ScaleOp>(x, importer.attribute("factor", factor), suffix);
}

/// log Σ e^x over a dimension, which stays at size 1. The largest x is taken out of the sum.
static Held logOfSum(Importer &importer, const Held &x, int dim, const Twine &suffix) {
  const Dims dims = {dim};
  Held most = reduced<graph::MaxOp>(importer, x, dims, ".largest");
  Held below = applyToBoth<graph::SubOp>(importer, x, most, ".below");
  Held sum = reduced<graph::SumOp>(importer, importer.apply<graph::ExpOp>(below, {}, ".exp"),
                                   dims, ".sum");
  return applyToBoth<graph::AddOp>(importer, importer.apply<graph::LogOp>(sum, {}, ".log"), most,
                            suffix);
}

Held logSoftmaxOver(Importer &importer, const Held &x, int dim) {
  return applyToBoth<graph::SubOp>(importer, x, logOfSum(importer, x, dim, ".of_sum"));
}

static LogicalResult logSumExp(Importer &importer, const Arguments &arguments) {
  const Held *read = importer.real(arguments.tensor("self"));
  auto dims = arguments.integers("dim");
  if (!read || !dims)
    return failure();
  if (dims->size() != 1)
    return importer.fail("it sums over several dimensions at a time");
  Held x = *read;
  std::optional<int> dim = importer.dimension(dims->front(), x);
  Held sum = dim ? logOfSum(importer, x, *dim, "") : Held();
  std::optional<Held> result =
      sum.value ? importer.reshaped(sum, importer.resultShape()) : std::nullopt;
  return result ? importer.result(*result) : failure();
}

/// The first half of a dimension times the sigmoid of the second.
static LogicalResult glu(Importer &importer, const Arguments &arguments) {
  const Held *read = importer.real(arguments.tensor("self"));
  if (!read)
    return failure();
  Held x = importer.whole(*read);
  std::optional<int> dim = importer.dimension(arguments.integer("dim"), x);
  if (!dim || !x.value || x.shape[*dim] % 2 != 0)
    return importer.fail("its dimension has no halves");
  auto half = [&](int64_t begin) {
    Held part = Importer::likewise(Value(), x);
    part.shape[*dim] /= 2;
    SmallVector<int64_t> shape(graph::shapeOf(x.value));
    shape[x.order[*dim]] /= 2;
    part.value = importer.make<graph::SliceOp>(
        ".half", shape, x.value,
        {importer.attribute("dim", int64_t(x.order[*dim])),
         importer.attribute("begin", begin * part.shape[*dim]),
         importer.attribute("length", part.shape[*dim])});
    return part;
  };
  Held first = half(0);
  Held gate = importer.apply<graph::SigmoidOp>(half(1), {}, ".gate");
  return importer.result(applyToBoth<graph::MulOp>(importer, first, gate));
}

using Function = Held (*)(Importer &, const Held &, const Arguments &);
template <Function function>
static LogicalResult of(Importer &importer, const Arguments &arguments) {
  const Held *x = importer.real(arguments.tensor("self"));
  return x ? importer.result(function(importer, Held(*x), arguments)) : failure();
}

/// x tanh(softplus(x))
static Held mish(Importer &importer, const Held &x, const Arguments &) {
  Held inside = importer.apply<graph::SoftplusOp>(x, {}, ".softplus");
  return applyToBoth<graph::MulOp>(importer, x, importer.apply<graph::TanhOp>(inside, {}, ".tanh"));
}
/// x / (1 + |x|)
static Held softsign(Importer &importer, const Held &x, const Arguments &) {
  Held size = importer.apply<graph::AbsOp>(x, {}, ".abs");
  return applyToBoth<graph::DivOp>(
      importer, x,
      importer.apply<graph::ShiftOp>(size, importer.attribute("term", 1.0), ".shift"));
}
/// -softplus(-x)
static Held logSigmoid(Importer &importer, const Held &x, const Arguments &) {
  Held turned = scaled(importer, x, -1, ".turned");
  return scaled(importer, importer.apply<graph::SoftplusOp>(turned, {}, ".softplus"), -1, "");
}
static Held tanhShrink(Importer &importer, const Held &x, const Arguments &) {
  return applyToBoth<graph::SubOp>(importer, x, importer.apply<graph::TanhOp>(x, {}, ".tanh"));
}
/// e^x - 1, and log(1 + x): as exact as e^x and 1 + x are.
static Held expMinusOne(Importer &importer, const Held &x, const Arguments &) {
  return importer.apply<graph::ShiftOp>(importer.apply<graph::ExpOp>(x, {}, ".exp"),
                                        importer.attribute("term", -1.0));
}
static Held logOnePlus(Importer &importer, const Held &x, const Arguments &) {
  return importer.apply<graph::LogOp>(
      importer.apply<graph::ShiftOp>(x, importer.attribute("term", 1.0), ".shift"));
}
/// x where it is positive, else α (e^(x / α) - 1)
static Held celu(Importer &importer, const Held &x, const Arguments &arguments) {
  std::optional<double> alpha = arguments.number("alpha");
  if (!alpha || *alpha == 0)
    return (void)importer.fail("its alpha is no number, or 0"), Held();
  Held inside = scaled(importer, x, 1 / *alpha, ".inside");
  return scaled(importer,
                importer.apply<graph::EluOp>(inside, importer.attribute("alpha", 1.0), ".elu"),
                *alpha, "");
}

/// relu(x) - slope relu(-x), with a slope for each channel, the second dimension, or one for all.
static LogicalResult prelu(Importer &importer, const Arguments &arguments) {
  const Held *read = importer.real(arguments.tensor("self"));
  if (!read)
    return failure();
  Held x = *read;
  read = importer.real(arguments.tensor("weight"));
  if (!read)
    return failure();
  Held slope = *read;
  if (slope.shape.size() == 1 && x.shape.size() > 1) {
    std::vector<int64_t> shape(x.shape.size(), 1);
    shape[1] = slope.shape[0];
    std::optional<Held> each = importer.reshaped(slope, shape);
    if (!each)
      return failure();
    slope = *each;
  }
  Held above = importer.apply<graph::ReluOp>(x, {}, ".above");
  Held below = importer.apply<graph::ReluOp>(scaled(importer, x, -1, ".turned"), {}, ".below");
  Held taken = applyToBoth<graph::MulOp>(importer, below, slope, ".scaled");
  return importer.result(applyToBoth<graph::SubOp>(importer, above, taken));
}

static constexpr OperationForm compositeForms[] = {
    {"aten.glu.default", "self dim=-1", glu},
    {"aten.mish.default", "self", of<mish>},
    {"aten.mish_.default", "self", of<mish>},
    {"aten.softsign.default", "self", of<softsign>},
    {"aten.log_sigmoid.default", "self", of<logSigmoid>},
    {"aten.tanhshrink.default", "self", of<tanhShrink>},
    {"aten.expm1.default", "self", of<expMinusOne>},
    {"aten.log1p.default", "self", of<logOnePlus>},
    {"aten.celu.default", "self alpha=1", of<celu>},
    {"aten.celu_.default", "self alpha=1", of<celu>},
    {"aten.prelu.default", "self weight", prelu},
    {"aten.logsumexp.default", "self dim keepdim=false", logSumExp},
};

ArrayRef<OperationForm> compositeOperations() { return compositeForms; }

} // namespace autopar::pt2
