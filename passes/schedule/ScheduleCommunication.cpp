// Puts communication beside computation: build the problem, solve it, apply the order.
#include "compiler/solvers/schedule/Solver.h"
#include "passes/Passes.h"
#include "passes/schedule/StepProblem.h"

using namespace mlir;

namespace autopar {
#define GEN_PASS_DEF_SCHEDULECOMMUNICATION
#include "passes/Passes.h.inc"

namespace {

class ScheduleCommunication : public impl::ScheduleCommunicationBase<ScheduleCommunication> {
public:
  using ScheduleCommunicationBase::ScheduleCommunicationBase;

private:
  void runOnOperation() override {
    if (failed(run()))
      signalPassFailure();
  }

  LogicalResult run() {
    ModuleOp module = getOperation();
    std::optional<Mesh> mesh = dist::meshOf(module);
    if (!mesh)
      return module.emitError("has no program of one rank to schedule; run autopar-partition "
                              "first");
    llvm::Expected<CostModel> costs = CostModel::load(*mesh, device);
    if (!costs)
      return module.emitError(llvm::toString(costs.takeError()));
    for (auto function : programsOf(module))
      if (failed(schedule(function, *costs)))
        return failure();
    return success();
  }

  LogicalResult schedule(func::FuncOp function, const CostModel &costs) {
    StepProblem step(function, costs);
    const int64_t given =
        schedule::simulate(step.problem, schedule::givenOrder(step.problem)).peak;
    const schedule::Result solved =
        schedule::solve(step.problem, {.peak = given + int64_t(spare)});
    if (std::optional<std::string> wrong = schedule::check(step.problem, solved.order))
      return function.emitError("the solver's order is wrong: ") << *wrong;
    step.apply(solved.order);
    return success();
  }
};

} // namespace
} // namespace autopar
