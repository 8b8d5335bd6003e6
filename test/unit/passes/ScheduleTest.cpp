// A step whose communication is scheduled is the same step: every result and variable equal bit
// for bit. It takes no longer by the two streams' timeline, and holds no more.
#include "compiler/solvers/schedule/Timeline.h"
#include "passes/schedule/StepProblem.h"
#include "test/unit/programs/Interpreter.h"
#include "test/unit/programs/Networks.h"
#include "test/unit/programs/Programs.h"

#include "gtest/gtest.h"

using namespace autopar;
using namespace mlir;

namespace {

struct Case {
  Network network;
  const char *mesh;
  bool isFaster; ///< Where gradients are clipped, all updates wait for all of them as it is.
};

class Schedule : public testing::TestWithParam<Case> {};

schedule::Timeline timelineOf(func::FuncOp function) {
  llvm::Expected<CostModel> costs =
      CostModel::create(*dist::meshOf(function), llvm::cantFail(DeviceModel::load("cpu")));
  schedule::Problem problem = StepProblem(function, llvm::cantFail(std::move(costs))).problem;
  return schedule::simulate(problem, schedule::givenOrder(problem));
}

TEST_P(Schedule, changesNoBit) {
  const auto &[network, mesh, isFaster] = GetParam();
  std::mt19937 random(7);
  Module whole = trainingStep(network.text);
  func::FuncOp wholeStep = autopar::function(*whole, stepFunctionName);
  NamedTensors variables = randomVariables(wholeStep, random);
  NamedTensors inputs = randomInputs(wholeStep, network.classes, random);

  Module module = trainingStep(network.text);
  SolveShardingOptions solve;
  solve.mesh = mesh;
  BucketCollectivesOptions buckets;
  buckets.bucketBytes = 2048; // several buckets
  runPasses(*module,
            passes(createFuseElementwise(), createNameValues(), createSolveSharding(solve),
                   createPartition(), createBucketCollectives(buckets), createNameValues()));
  func::FuncOp step = autopar::function(*module, stepFunctionName);
  Outcome expected = execute(step, inputs, variables, /*partitioned=*/true);
  const schedule::Timeline given = timelineOf(step);

  runPasses(*module, passes(createScheduleCommunication()));
  const schedule::Timeline scheduled = timelineOf(step);
  EXPECT_LE(scheduled.cost, given.cost);
  EXPECT_EQ(scheduled.cost < given.cost, isFaster);
  EXPECT_LE(scheduled.peak, given.peak);
  Outcome outcome = execute(step, inputs, variables, /*partitioned=*/true);
  for (auto [one, other] : llvm::zip_equal(outcome.results, expected.results))
    EXPECT_EQ(one.values, other.values);
  for (const auto &[name, value] : expected.variables)
    EXPECT_EQ(outcome.variables[name].values, value.values) << name;
}

INSTANTIATE_TEST_SUITE_P(On, Schedule,
                         testing::Values(Case{residual, "2", true}, Case{residual, "2x2", true},
                                         Case{transformer, "2", false},
                                         Case{transformer, "2x2", false}),
                         [](const auto &info) {
                           return std::string(info.param.network.name) + "_on_" +
                                  info.param.mesh;
                         });

} // namespace
