// A change of shape becomes a view, so it takes no time: neither to shard nor to schedule.
#include "passes/schedule/StepProblem.h"
#include "passes/sharding/Strategies.h"
#include "test/unit/programs/Programs.h"

#include "gtest/gtest.h"

using namespace autopar;
using namespace mlir;

namespace {

TEST(Views, takeNoTime) {
  Module module = parse(R"(
    func.func @step(%x: tensor<8x2x2x16xf32>) -> tensor<8x2x2x16xf32> {
      %f = graph.flatten %x : (tensor<8x2x2x16xf32>) -> tensor<8x64xf32>
      %r = graph.reshape %f : (tensor<8x64xf32>) -> tensor<16x32xf32>
      %y = graph.relu %r : (tensor<16x32xf32>) -> tensor<16x32xf32>
      %b = graph.reshape %y : (tensor<16x32xf32>) -> tensor<8x64xf32>
      %u = graph.unflatten %b : (tensor<8x64xf32>) -> tensor<8x2x2x16xf32>
      return %u : tensor<8x2x2x16xf32>
    })");
  func::FuncOp step = autopar::function(*module, stepFunctionName);
  const CostModel costs = llvm::cantFail(CostModel::load(Mesh({1}), "h100-sxm"));
  StrategyTable strategies(costs);
  for (auto op : step.getOps<graph::WorkOpInterface>())
    EXPECT_EQ(strategies.of(op).front().seconds > 0, isa<graph::ReluOp>(op)) << nameOf(op);
  const StepProblem problem(step, costs);
  ASSERT_EQ(problem.operations().size(), 1u);
  EXPECT_TRUE(isa<graph::ReluOp>(problem.operations()[0]));
}

} // namespace
