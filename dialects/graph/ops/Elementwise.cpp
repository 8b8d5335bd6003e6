// Elementwise operations: what is wrong with their parameters, and their gradients.
#include "dialects/graph/Graph.h"
#include "dialects/graph/Rules.h"

using namespace mlir;

namespace autopar::graph {

ShardingRule CastOp::getShardingRule() { return elementwiseRule(*this, /*isLinear=*/true); }
ShardingRule FillOp::getShardingRule() { return elementwiseRule(*this); }

LogicalResult ClampOp::verify() {
  double low = getLow().convertToDouble(), high = getHigh().convertToDouble();
  if (low > high)
    return emitOpError("has a low of ") << low << " above its high of " << high;
  return success();
}

//===- gradients of functions -------------------------------------------------------------===//

/// `Grad` of dy and `at`, with the function's own parameters.
template <typename Grad, typename Op>
static void addGradient(Op op, Value at, Gradients &gradients) {
  auto parameters = dyn_cast_if_present<DictionaryAttr>(op->getPropertiesAsAttribute());
  gradients.add(op.getInput(),
                Grad::create(gradients.builder, gradients.nameFor(op.getInput()),
                             TypeRange(op.getInput().getType()),
                             ValueRange{gradients.of(op.getOutput()), at},
                             parameters ? parameters.getValue() : ArrayRef<NamedAttribute>()));
}

#define OF_INPUT(Name)                                                                         \
  void Name##Op::buildGradient(Gradients &gradients) {                                         \
    addGradient<Name##GradOp>(*this, getInput(), gradients);                                   \
  }
#define OF_OUTPUT(Name)                                                                        \
  void Name##Op::buildGradient(Gradients &gradients) {                                         \
    addGradient<Name##GradOp>(*this, getOutput(), gradients);                                  \
  }
OF_OUTPUT(Relu)
OF_INPUT(Silu)
OF_OUTPUT(Sqrt)
OF_OUTPUT(Rsqrt)
OF_OUTPUT(Tanh)
OF_OUTPUT(Sigmoid)
OF_INPUT(Erf)
OF_INPUT(Abs)
OF_INPUT(Softplus)
OF_INPUT(Hardswish)
OF_INPUT(Hardsigmoid)
OF_INPUT(Power)
OF_INPUT(Clamp)
OF_INPUT(LeakyRelu)
OF_INPUT(Elu)
#undef OF_INPUT
#undef OF_OUTPUT

namespace {

/// The gradient of one operand, operation by operation.
class GradientOf {
public:
  GradientOf(Gradients &gradients, Value operand)
      : gradients(gradients), operand(operand), loc(gradients.nameFor(operand)) {}

  Value mul(Value a, Value b) { return MulOp::create(gradients.builder, loc, a, again(b)); }
  Value div(Value a, Value b) { return DivOp::create(gradients.builder, loc, a, again(b)); }
  Value sub(Value a, Value b) { return SubOp::create(gradients.builder, loc, a, b); }
  Value greater(Value a, Value b) {
    return GreaterOp::create(gradients.builder, loc, again(a), again(b));
  }
  Value scale(Value a, double factor) {
    return ScaleOp::create(gradients.builder, loc, a.getType(), a, APFloat(factor));
  }
  void add(Value gradient) { gradients.add(operand, gradient); }

private:
  /// What the forward pass made by repetition, cast or not, is repeated again, and not kept
  /// until now.
  Value again(Value value) {
    Location locAgain = named(value.getLoc(), nameOf(value) + ".again");
    if (auto expand = value.getDefiningOp<ExpandOp>())
      return ExpandOp::create(gradients.builder, locAgain, expand.getType(),
                              expand.getInput());
    auto cast = value.getDefiningOp<CastOp>();
    if (cast && cast.getInput().getDefiningOp<ExpandOp>())
      return CastOp::create(gradients.builder, locAgain, cast.getType(),
                            again(cast.getInput()));
    return value;
  }

  Gradients &gradients;
  Value operand;
  Location loc;
};

} // namespace

void ExpOp::buildGradient(Gradients &gradients) {
  GradientOf dx(gradients, getInput());
  dx.add(dx.mul(gradients.of(getOutput()), getOutput()));
}
void LogOp::buildGradient(Gradients &gradients) {
  GradientOf dx(gradients, getInput());
  dx.add(dx.div(gradients.of(getOutput()), getInput()));
}
void SinOp::buildGradient(Gradients &gradients) {
  GradientOf dx(gradients, getInput());
  Value slope = CosOp::create(gradients.builder, gradients.nameFor(getInput()),
                              getInput().getType(), getInput());
  dx.add(dx.mul(gradients.of(getOutput()), slope));
}
void CosOp::buildGradient(Gradients &gradients) {
  GradientOf dx(gradients, getInput());
  Value slope = SinOp::create(gradients.builder, gradients.nameFor(getInput()),
                              getInput().getType(), getInput());
  dx.add(dx.scale(dx.mul(gradients.of(getOutput()), slope), -1));
}
void ShiftOp::buildGradient(Gradients &gradients) {
  gradients.add(getInput(), gradients.of(getOutput()));
}
void ScaleOp::buildGradient(Gradients &gradients) {
  GradientOf dx(gradients, getInput());
  dx.add(dx.scale(gradients.of(getOutput()), getFactor().convertToDouble()));
}
void CastOp::buildGradient(Gradients &gradients) {
  gradients.add(getInput(), CastOp::create(gradients.builder, gradients.nameFor(getInput()),
                                           getInput().getType(), gradients.of(getOutput())));
}

//===- gradients of functions of two ------------------------------------------------------===//

void AddOp::buildGradient(Gradients &gradients) {
  Value dz = gradients.of(getSum());
  for (Value operand : getOperands())
    if (gradients.wants(operand))
      gradients.add(operand, dz);
}
void SubOp::buildGradient(Gradients &gradients) {
  Value dz = gradients.of(getOutput());
  if (gradients.wants(getLhs()))
    gradients.add(getLhs(), dz);
  if (GradientOf dy(gradients, getRhs()); gradients.wants(getRhs()))
    dy.add(dy.scale(dz, -1));
}
void MulOp::buildGradient(Gradients &gradients) {
  Value dz = gradients.of(getOutput());
  GradientOf dx(gradients, getLhs()), dy(gradients, getRhs());
  if (getLhs() == getRhs()) // a square
    return dx.add(dx.scale(dx.mul(dz, getLhs()), 2));
  if (gradients.wants(getLhs()))
    dx.add(dx.mul(dz, getRhs()));
  if (gradients.wants(getRhs()))
    dy.add(dy.mul(dz, getLhs()));
}
void DivOp::buildGradient(Gradients &gradients) {
  Value dz = gradients.of(getOutput());
  GradientOf dx(gradients, getLhs()), dy(gradients, getRhs());
  Value share = dx.div(dz, getRhs());
  if (gradients.wants(getLhs()))
    dx.add(share);
  if (gradients.wants(getRhs()))
    dy.add(dy.scale(dy.mul(share, getOutput()), -1));
}

/// dz goes to the one that `larger` is 1 for, to equal ones by halves.
static void addShares(Value lhs, Value rhs, Value dz, Value above, Value below,
                      Gradients &gradients) {
  GradientOf dx(gradients, lhs), dy(gradients, rhs);
  Value ofLhs = dx.mul(dz, dx.greater(above, below));
  if (gradients.wants(lhs))
    dx.add(ofLhs);
  if (gradients.wants(rhs))
    dy.add(dy.sub(dz, ofLhs));
}
void MaximumOp::buildGradient(Gradients &gradients) {
  addShares(getLhs(), getRhs(), gradients.of(getOutput()), getLhs(), getRhs(), gradients);
}
void MinimumOp::buildGradient(Gradients &gradients) {
  addShares(getLhs(), getRhs(), gradients.of(getOutput()), getRhs(), getLhs(), gradients);
}

} // namespace autopar::graph
