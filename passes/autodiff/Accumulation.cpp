// See Accumulation.h.
#include "passes/autodiff/Accumulation.h"

using namespace mlir;

namespace autopar::autodiff {

using graph::VariableOp;

Total accumulate(OpBuilder &builder, VariableOp parameter, Value gradient) {
  std::string name = parameter.getName().str() + ".total_grad";
  auto total = VariableOp::create(builder, named(parameter.getLoc(), name), parameter.getType(),
                                  graph::VariableKind::Slot, name,
                                  graph::ConstantInitAttr::get(builder.getContext(), 0.0),
                                  parameter.getStoredAttr());
  Location loc = named(parameter.getLoc(), name + ".new");
  auto sum = graph::AccumulateOp::create(builder, loc, total, gradient);
  graph::AssignOp::create(builder, loc, name, sum);
  return {parameter, total};
}

func::FuncOp makeUpdate(func::FuncOp step) {
  OpBuilder builder(step.getContext());
  builder.setInsertionPointAfter(step);
  auto update = func::FuncOp::create(builder, named(step.getLoc(), updateFunctionName),
                                     updateFunctionName, builder.getFunctionType({}, {}));
  builder.setInsertionPointToStart(update.addEntryBlock());
  func::ReturnOp::create(builder, update.getLoc());
  return update;
}

void fillUpdate(func::FuncOp update, ArrayRef<Total> totals,
                graph::OptimizerAttrInterface optimizer, LossScale lossScale,
                Value learningRate) {
  OpBuilder builder(update.front().getTerminator());
  auto again = [&](VariableOp variable) {
    return cast<VariableOp>(builder.clone(*variable.getOperation()));
  };
  SmallVector<VariableOp> parameters;
  SmallVector<Value> gradients;
  for (Total total : totals) {
    parameters.push_back(again(total.parameter));
    gradients.push_back(again(total.gradient));
  }
  const graph::UpdateOperands shared = emitUpdateOperands(
      builder, gradients, optimizer, learningRate, lossScale.read(builder));
  for (auto [parameter, gradient] : llvm::zip_equal(parameters, gradients))
    optimizer.emitUpdate(builder, parameter, gradient, shared);
  // Last, so that no collective that moves a total is held back beyond its end.
  for (Value gradient : gradients) {
    auto total = gradient.getDefiningOp<VariableOp>();
    Location loc = named(total.getLoc(), total.getName().str() + ".zeros");
    auto zeros = graph::ZerosOp::create(builder, loc, total.getType());
    graph::AssignOp::create(builder, loc, total.getName(), zeros);
  }
}

} // namespace autopar::autodiff
