// Losses that compare two values element by element: of regressions, autoencoders, and of several
// answers at once. They are made of elementwise operations, and of the sum over all.
#include "compiler/import/Operations.h"

#include <numeric>

using namespace mlir;

namespace autopar::pt2 {

namespace {

/// What is compared, under one order of dimensions, and operations on it.
class Pair {
public:
  static std::optional<Pair> read(Importer &importer, const Arguments &arguments) {
    const Held *x = importer.real(arguments.tensor("self"));
    const Held *y = x ? importer.real(arguments.tensor("target")) : nullptr;
    if (!y)
      return std::nullopt;
    if (x->shape != y->shape)
      return (void)importer.fail("what it compares is of different shapes"), std::nullopt;
    Held whole = importer.whole(*x);
    Value target = whole.value ? importer.arrangedAs(*y, whole) : Value();
    return target ? std::optional(Pair(importer, whole, target)) : std::nullopt;
  }

  Value x, y;

  /// Null where an operand is.
  template <typename Op>
  Value of(const Twine &name, ValueRange operands, ArrayRef<NamedAttribute> attributes = {}) {
    Value first = operands.front();
    return first ? importer.make<Op>("." + name, graph::shapeOf(first), operands, attributes)
                 : Value();
  }
  Value difference() { return of<graph::SubOp>("difference", {x, y}); }
  Value scaled(Value value, double factor) {
    return factor == 1 ? value
                       : of<graph::ScaleOp>("scaled", value,
                                            importer.attribute("factor", factor));
  }
  Value clamped(Value value, double low, double high) {
    return of<graph::ClampOp>(
        "clamped", value,
        {importer.attribute("low", low), importer.attribute("high", high)});
  }

  /// The mean, the sum, or each, as the node says.
  LogicalResult result(Value each, const Arguments &arguments) {
    if (!each)
      return failure();
    switch (arguments.integer("reduction").value_or(-1)) {
    case 0:
      return importer.result(Importer::likewise(each, held));
    case 1:
      return importer.result(Importer::plainly(
          scaled(sum(each), 1.0 / double(graph::typeOf(each).getNumElements()))));
    case 2:
      return importer.result(Importer::plainly(sum(each)));
    }
    return importer.fail("its reduction is of no kind that is known");
  }

private:
  /// Of all elements: one number.
  Value sum(Value each) {
    SmallVector<int64_t> dims(graph::shapeOf(each).size()), ones(dims.size(), 1);
    std::iota(dims.begin(), dims.end(), 0);
    return importer.reshaped(
        importer.make<graph::SumOp>(".sum", ones, each, importer.attribute("dims", dims)), {});
  }

  Pair(Importer &importer, const Held &held, Value target)
      : x(held.value), y(target), importer(importer), held(held) {}

  Importer &importer;
  Held held;
};

} // namespace

static LogicalResult meanSquared(Importer &importer, const Arguments &arguments) {
  std::optional<Pair> pair = Pair::read(importer, arguments);
  if (!pair)
    return failure();
  Value d = pair->difference();
  return pair->result(pair->of<graph::MulOp>("square", {d, d}), arguments);
}

static LogicalResult meanAbsolute(Importer &importer, const Arguments &arguments) {
  std::optional<Pair> pair = Pair::read(importer, arguments);
  if (!pair)
    return failure();
  return pair->result(pair->of<graph::AbsOp>("absolute", pair->difference()), arguments);
}

/// With c the smaller one of |d| and `bound`: c (|d| - c / 2), a square near 0 and else a line.
static Value huber(Pair &pair, double bound) {
  Value d = pair.of<graph::AbsOp>("absolute", pair.difference());
  Value c = pair.clamped(d, 0, bound);
  Value reach = pair.of<graph::SubOp>("reach", {d, pair.scaled(c, 0.5)});
  return pair.of<graph::MulOp>("huber", {c, reach});
}

static LogicalResult huberLoss(Importer &importer, const Arguments &arguments) {
  std::optional<Pair> pair = Pair::read(importer, arguments);
  std::optional<double> delta = arguments.number("delta");
  if (!pair || !delta)
    return failure();
  return pair->result(huber(*pair, *delta), arguments);
}

static LogicalResult smoothAbsolute(Importer &importer, const Arguments &arguments) {
  std::optional<double> beta = arguments.number("beta");
  if (beta == 0)
    return meanAbsolute(importer, arguments);
  std::optional<Pair> pair = Pair::read(importer, arguments);
  if (!pair || !beta)
    return failure();
  return pair->result(pair->scaled(huber(*pair, *beta), 1 / *beta), arguments);
}

static constexpr StringLiteral weighted = "its elements have weights";

/// Of scores: log(1 + e^x) - x y.
static LogicalResult binaryWithLogits(Importer &importer, const Arguments &arguments) {
  std::optional<Pair> pair = Pair::read(importer, arguments);
  if (!pair)
    return failure();
  if (arguments.has("weight") || arguments.has("pos_weight"))
    return importer.fail(weighted);
  Value all = pair->of<graph::SoftplusOp>("softplus", pair->x);
  Value own = pair->of<graph::MulOp>("own", {pair->x, pair->y});
  return pair->result(pair->of<graph::SubOp>("each", {all, own}), arguments);
}

/// Of probabilities: -(y log x + (1 - y) log(1 - x)), no logarithm below -100, as PyTorch has it.
static LogicalResult binary(Importer &importer, const Arguments &arguments) {
  std::optional<Pair> pair = Pair::read(importer, arguments);
  if (!pair)
    return failure();
  if (arguments.has("weight"))
    return importer.fail(weighted);
  auto otherwise = [&](Value value) { // 1 - value
    return pair->of<graph::ShiftOp>("otherwise", pair->scaled(value, -1),
                                    importer.attribute("term", 1.0));
  };
  auto logarithm = [&](Value value) {
    return pair->clamped(pair->of<graph::LogOp>("log", value), -100, 0);
  };
  Value own = pair->of<graph::MulOp>("own", {pair->y, logarithm(pair->x)});
  Value other =
      pair->of<graph::MulOp>("other", {otherwise(pair->y), logarithm(otherwise(pair->x))});
  Value sum = pair->of<graph::AddOp>("both", {own, other});
  return pair->result(pair->scaled(sum, -1), arguments);
}

/// Of log probabilities x: y (log y - x), 0 where y is.
static LogicalResult divergence(Importer &importer, const Arguments &arguments) {
  std::optional<Pair> pair = Pair::read(importer, arguments);
  if (!pair)
    return failure();
  constexpr double least = 1e-37, most = 3e38;
  bool isLog = arguments.flag("log_target");
  Value y = isLog ? pair->of<graph::ExpOp>("target", pair->y) : pair->y;
  Value log =
      isLog ? pair->y : pair->of<graph::LogOp>("log", pair->clamped(y, least, most));
  Value apart = pair->of<graph::SubOp>("apart", {log, pair->x});
  return pair->result(pair->of<graph::MulOp>("each", {y, apart}), arguments);
}

/// In front of what compares two: nothing where neither is repeated.
static LogicalResult broadcast(Importer &importer, const Arguments &arguments) {
  for (auto [index, name] : llvm::enumerate(arguments.tensors("tensors"))) {
    const Held *x = importer.real(name);
    if (!x)
      return failure();
    if (ArrayRef<int64_t>(x->shape) != importer.resultShape(index))
      return importer.fail("what it compares is of different shapes");
    if (failed(importer.result(*x, index)))
      return failure();
  }
  return success();
}

static constexpr OperationForm distanceForms[] = {
    {"aten.broadcast_tensors.default", "tensors", broadcast},
    {"aten.mse_loss.default", "self target reduction=1", meanSquared},
    {"aten.l1_loss.default", "self target reduction=1", meanAbsolute},
    {"aten.huber_loss.default", "self target reduction=1 delta=1.0", huberLoss},
    {"aten.smooth_l1_loss.default", "self target reduction=1 beta=1.0", smoothAbsolute},
    {"aten.binary_cross_entropy_with_logits.default",
     "self target weight=null pos_weight=null reduction=1", binaryWithLogits},
    {"aten.binary_cross_entropy.default", "self target weight=null reduction=1", binary},
    {"aten.kl_div.default", "self target reduction=1 log_target=false", divergence},
};

ArrayRef<OperationForm> distanceOperations() { return distanceForms; }

} // namespace autopar::pt2
