// The other passes on whole programs: fusion keeps every value, and the evaluation is the
// step's forward pass on running statistics.
#include "test/unit/programs/Interpreter.h"
#include "test/unit/programs/Networks.h"
#include "test/unit/programs/Programs.h"

#include "gtest/gtest.h"

using namespace autopar;
using namespace mlir;

namespace {

void expectSame(const Outcome &a, const Outcome &b) {
  ASSERT_EQ(a.results.size(), b.results.size());
  for (auto [one, other] : llvm::zip_equal(a.results, b.results))
    EXPECT_LT(difference(one, other), 1e-12);
  for (const auto &[name, value] : a.variables)
    EXPECT_LT(difference(value, b.variables.at(name)), 1e-12) << name;
}

template <typename Op> int count(ModuleOp module) {
  int found = 0;
  module->walk([&](Op) { ++found; });
  return found;
}

TEST(FuseElementwise, keepsTheValues) {
  std::mt19937 random(5);
  Module plain = trainingStep(residual.text);
  Module fused(plain->clone());
  runPasses(*fused, passes(createFuseElementwise()));
  // One relu a batch norm, forward and in evaluation; the residual addition of both.
  EXPECT_EQ(count<graph::ReluOp>(*plain), 4);
  EXPECT_EQ(count<graph::ReluOp>(*fused), 0);
  // The masked gradient of the second relu goes to the residual as well, and stays; there two
  // gradients are added.
  EXPECT_EQ(count<graph::ReluGradOp>(*plain), 2);
  EXPECT_EQ(count<graph::ReluGradOp>(*fused), 1);
  EXPECT_EQ(count<graph::AddOp>(*plain), 3);
  EXPECT_EQ(count<graph::AddOp>(*fused), 1);
  for (StringRef name : {stepFunctionName, evaluateFunctionName}) {
    func::FuncOp before = function(*plain, name), after = function(*fused, name);
    NamedTensors variables = randomVariables(before, random);
    NamedTensors inputs = randomInputs(before, residual.classes, random);
    expectSame(execute(before, inputs, variables, false),
               execute(after, inputs, variables, false));
  }
}

TEST(DeriveEvaluation, losesAsTheStepDoesOnceTheRunningStatisticsAreTheBatchs) {
  std::mt19937 random(6);
  Module module = trainingStep(residual.text);
  func::FuncOp step = function(*module, stepFunctionName);
  // Running statistics that forget at once.
  step.walk([](graph::BatchNormRunningOp op) { op.setMomentum(llvm::APFloat(1.0)); });
  NamedTensors inputs = randomInputs(step, residual.classes, random);
  NamedTensors variables = randomVariables(step, random);
  Outcome trained = execute(step, inputs, variables, false);
  for (const auto &[name, rows] : {std::pair("bn1", 8 * 4 * 4), std::pair("bn2", 8 * 2 * 2)}) {
    std::string prefix = name;
    variables[prefix + ".running_mean"] = trained.variables[prefix + ".running_mean"];
    Tensor variance = trained.variables[prefix + ".running_var"];
    for (double &value : variance.values) // Kept unbiased, used biased.
      value *= (rows - 1.0) / rows;
    variables[prefix + ".running_var"] = variance;
  }
  Outcome evaluated =
      execute(function(*module, evaluateFunctionName), inputs, variables, false);
  EXPECT_LT(difference(evaluated.results[0], trained.results[0]), 1e-12);
  // Testing changes nothing.
  for (const auto &[name, value] : evaluated.variables)
    EXPECT_EQ(difference(value, variables[name]), 0) << name;
}

TEST(DeriveEvaluation, countsRightAnswers) {
  Module module = parse(R"(
    func.func @model(%logits: tensor<4x3xf32> {graph.input = "logits"}, %labels: tensor<4xi32> {graph.input = "labels"})
        -> (tensor<f32> {graph.output = "loss"}) {
      %loss = graph.softmax_cross_entropy %logits, %labels {count = 4 : i64} : (tensor<4x3xf32>, tensor<4xi32>) -> tensor<f32>
      return %loss : tensor<f32>
    })");
  runPasses(*module, passes(createNameValues(), createDeriveEvaluation()));
  Tensor logits(ArrayRef<int64_t>{4, 3}), labels(ArrayRef<int64_t>{4});
  logits.values = {1, 2, 0, /**/ 5, -1, 4, /**/ 0, 0, 1, /**/ -3, -2, -1};
  labels.values = {1, 2, 2, -1}; // right, wrong, right, left out
  Outcome outcome = execute(function(*module, evaluateFunctionName),
                            {{"logits", logits}, {"labels", labels}}, {}, false);
  ASSERT_EQ(outcome.results.size(), 2u);
  EXPECT_EQ(outcome.results[1][0], 2);
}

} // namespace
