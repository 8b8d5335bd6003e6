// One of two values, element by element, by a condition that is known: a mask.
#include "compiler/import/Broadcast.h"
#include "compiler/import/Operations.h"

#include <cmath>

using namespace mlir;

namespace autopar::pt2 {

/// A constant in a shape of PyTorch's.
static Value spread(Importer &importer, const Constant &constant, ArrayRef<int64_t> shape) {
  Held held = Importer::plainly(importer.given(withoutRepetition(constant)));
  return held.value ? importer.plain(repeated(importer, held, shape)) : Value();
}

static Constant changed(const Constant &of, llvm::function_ref<double(double)> function) {
  Constant made = of;
  for (double &number : made.numbers)
    number = function(number);
  return made;
}

/// A tensor in the result's shape and PyTorch's order.
static Value whole(Importer &importer, StringRef name) {
  const Held *held = importer.real(name);
  return held ? importer.plain(repeated(importer, *held, importer.resultShape())) : Value();
}

// What is infinite is added where it shall be, for 0 times that is no number.
Value filledWhere(Importer &importer, Value x, const Constant &mask, double value) {
  if (!x)
    return Value();
  SmallVector<int64_t> shape(graph::shapeOf(x));
  if (std::isnan(value))
    return (void)importer.fail("it fills with what is no number"), Value();
  if (std::isfinite(value)) {
    Value keep =
        spread(importer, changed(mask, [](double set) { return set != 0 ? 0 : 1; }), shape);
    x = importer.make<graph::MulOp>(value == 0 ? "" : ".kept", shape, {x, keep});
    if (value == 0)
      return x;
  }
  Value fill =
      spread(importer, changed(mask, [&](double set) { return set != 0 ? value : 0; }), shape);
  return importer.make<graph::AddOp>("", shape, {x, fill});
}

static LogicalResult filled(Importer &importer, Value x, const Constant &mask, double value) {
  return importer.result(Importer::plainly(filledWhere(importer, x, mask, value)));
}

static LogicalResult maskedFill(Importer &importer, const Arguments &arguments) {
  StringRef self = arguments.tensor("self");
  const Held *scores = importer.real(self);
  if (!scores)
    return failure();
  auto mask = importer.constant(arguments.tensor("mask"));
  std::optional<double> value = importer.numberOf(arguments, "value");
  if (!mask || !value)
    return importer.fail("its mask, or what it fills with, is no constant");
  if (hides(*value) && isCausal(*mask, 0, 1) && scores->shape.size() >= 2 &&
      ArrayRef<int64_t>(scores->shape).take_back(2) ==
          ArrayRef<int64_t>(mask->shape).take_back(2)) {
    Held masked = *scores;
    masked.pending = Held::Pending::CausalMask;
    return importer.result(masked);
  }
  return filled(importer, whole(importer, self), *mask, *value);
}

static LogicalResult where(Importer &importer, const Arguments &arguments) {
  auto condition = importer.constant(arguments.tensor("condition"));
  if (!condition)
    return importer.fail("its condition is no constant");
  std::optional<double> self = importer.numberOf(arguments, "self");
  std::optional<double> other = importer.numberOf(arguments, "other");
  if (self && other)
    return importer.fail("it chooses between two numbers by what is computed");
  if (other)
    return filled(importer, whole(importer, arguments.tensor("self")),
                  changed(*condition, [](double set) { return set == 0; }), *other);
  Value y = whole(importer, arguments.tensor("other"));
  if (self)
    return filled(importer, y, *condition, *self);
  Value x = whole(importer, arguments.tensor("self"));
  if (!x || !y)
    return failure();
  ArrayRef<int64_t> shape = importer.resultShape();
  x = importer.make<graph::MulOp>(
      ".chosen", shape,
      {x, spread(importer, changed(*condition, [](double set) { return set != 0; }), shape)});
  y = importer.make<graph::MulOp>(
      ".other", shape,
      {y, spread(importer, changed(*condition, [](double set) { return set == 0; }), shape)});
  return importer.result(Importer::plainly(importer.make<graph::AddOp>("", shape, {x, y})));
}

/// One side of the diagonal of the last two dimensions, 0 on the other.
template <bool lower>
static LogicalResult triangle(Importer &importer, const Arguments &arguments) {
  ArrayRef<int64_t> shape = importer.resultShape();
  std::optional<int64_t> diagonal = arguments.integer("diagonal");
  if (!diagonal || shape.size() < 2)
    return importer.fail("its tensor is no matrix");
  Constant mask{shape.take_back(2).vec(), {}};
  for (int64_t row = 0; row < mask.shape[0]; ++row)
    for (int64_t column = 0; column < mask.shape[1]; ++column)
      mask.numbers.push_back(lower ? column - row > *diagonal : column - row < *diagonal);
  return filled(importer, whole(importer, arguments.tensor("self")), mask, 0);
}

static constexpr OperationForm choiceForms[] = {
    {"aten.masked_fill.Scalar", "self mask value", maskedFill},
    {"aten.masked_fill_.Scalar", "self mask value", maskedFill},
    {"aten.masked_fill.Tensor", "self mask value", maskedFill},
    {"aten.where.self", "condition self other", where},
    {"aten.where.ScalarOther", "condition self other", where},
    {"aten.where.ScalarSelf", "condition self other", where},
    {"aten.tril.default", "self diagonal=0", triangle<true>},
    {"aten.triu.default", "self diagonal=0", triangle<false>},
};

ArrayRef<OperationForm> choiceOperations() { return choiceForms; }

} // namespace autopar::pt2
