// Functions run one after the other on the same variables. See Steps.h.
#include "Steps.h"

#include "dialects/graph/Graph.h"

#include "mlir/Pass/PassInstrumentation.h"
#include "gtest/gtest.h"

using namespace mlir;

namespace autopar {

static int64_t microBatchesOf(ModuleOp module) {
  auto attr = module->getAttrOfType<IntegerAttr>(graph::microBatchesAttrName);
  return attr ? attr.getInt() : 1;
}

Steps::Steps(ModuleOp whole, int classes, std::mt19937 &random, bool skips) {
  for (auto function : whole.getOps<func::FuncOp>())
    start.merge(randomVariables(function, random));
  if (skips)
    start.at("loss_scale")[0] = 1e300; // squares are infinite
  for (int64_t i = 0; i < number * microBatchesOf(whole) + 1; ++i) {
    NamedTensors &ofBatch = inputs.emplace_back();
    for (auto function : whole.getOps<func::FuncOp>())
      ofBatch.merge(randomInputs(function, classes, random));
  }
  expected = run(whole);
}

/// The results of all functions that ran, and the variables at the end.
Outcome Steps::run(ModuleOp module) const {
  const bool isPartitioned = dist::meshOf(module).has_value();
  Outcome all = {{}, start};
  auto execute = [&](StringRef name, NamedTensors given, int64_t step) {
    auto function = autopar::function(module, name);
    if (given.contains("state"))
      given["state"][1] = static_cast<double>(first + step);
    if (given.contains("learning_rate"))
      given["learning_rate"][0] = 0.01; // nothing explodes within the steps
    Outcome outcome = autopar::execute(function, given, all.variables, isPartitioned);
    llvm::append_range(all.results, outcome.results);
    for (auto &[variable, value] : outcome.variables)
      all.variables[variable] = std::move(value);
  };
  auto given = inputs.begin();
  for (int64_t step = 0; step < number; ++step) {
    for (int64_t i = 0; i < microBatchesOf(module); ++i)
      execute(stepFunctionName, *given++, step);
    if (function(module, updateFunctionName))
      execute(updateFunctionName, *std::prev(given), step);
  }
  if (function(module, evaluateFunctionName))
    execute(evaluateFunctionName, *given, number);
  return all;
}

void Steps::expectSame(ModuleOp program, StringRef when) const {
  constexpr double tolerance = 1e-9;
  Outcome outcome = run(program);
  for (auto [i, one, other] : llvm::enumerate(outcome.results, expected.results))
    EXPECT_LT(difference(one, other), tolerance) << when.str() << ": result " << i;
  for (const auto &[name, value] : expected.variables)
    EXPECT_LT(difference(outcome.variables[name], value), tolerance)
        << when.str() << ": " << name;
}

namespace {

struct CheckAfterPass : PassInstrumentation {
  explicit CheckAfterPass(std::function<void(ModuleOp, StringRef)> check)
      : check(std::move(check)) {}
  void runAfterPass(Pass *pass, Operation *op) override {
    if (auto module = dyn_cast<ModuleOp>(op))
      check(module, pass->getName());
  }
  std::function<void(ModuleOp, StringRef)> check;
};

} // namespace

void checkAfterEachPass(PassManager &manager, std::function<void(ModuleOp, StringRef)> check) {
  manager.addInstrumentation(std::make_unique<CheckAfterPass>(std::move(check)));
}

} // namespace autopar
