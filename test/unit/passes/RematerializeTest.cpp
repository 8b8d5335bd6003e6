// A step that recomputes is the same step: every result and variable equal bit for bit, on one
// rank and on several, from a budget that asks for nothing to the least one.
#include "test/unit/programs/Interpreter.h"
#include "test/unit/programs/Programs.h"

#include "mlir/IR/Diagnostics.h"
#include "mlir/Pass/PassManager.h"
#include "llvm/Support/FormatVariadic.h"
#include "gtest/gtest.h"

using namespace autopar;
using namespace mlir;

namespace {

/// Layers enough that a loss stands far from the first of them, with batch norms to synchronise
/// and views, which cost nothing and must show what is computed again.
std::string deepNetwork() {
  std::string text = R"(
    module attributes {graph.optimizer = #graph.sgd<learning_rate = 0.1, momentum = 0.9>} {
      func.func @model(%images: tensor<8x2x2x8xf32> {graph.input = "images"},
                       %labels: tensor<8xi32> {graph.input = "labels"})
          -> (tensor<f32> {graph.output = "loss"}) {)";
  std::string input = "%images";
  for (int layer = 0; layer < 6; ++layer) {
    text += llvm::formatv(R"(
        %w{0} = graph.variable parameter "conv{0}.weight" : tensor<8x8x1x1xf32> = #graph.normal<1.0>
        %c{0} = graph.conv2d {1}, %w{0}
            : (tensor<8x2x2x8xf32>, tensor<8x8x1x1xf32>) -> tensor<8x2x2x8xf32> loc("conv{0}")
        %g{0} = graph.variable parameter "bn{0}.weight" : tensor<8xf32> = #graph.constant<1.0>
        %b{0} = graph.variable parameter "bn{0}.bias" : tensor<8xf32> = #graph.constant<0.0>
        %m{0} = graph.variable state "bn{0}.running_mean" : tensor<8xf32> = #graph.constant<0.0>
        %v{0} = graph.variable state "bn{0}.running_var" : tensor<8xf32> = #graph.constant<1.0>
        %n{0} = graph.batch_norm %c{0}, %g{0}, %b{0}, %m{0}, %v{0}
            : (tensor<8x2x2x8xf32>, tensor<8xf32>, tensor<8xf32>, tensor<8xf32>, tensor<8xf32>)
            -> tensor<8x2x2x8xf32> loc("bn{0}")
        %r{0} = graph.relu %n{0} : (tensor<8x2x2x8xf32>) -> tensor<8x2x2x8xf32> loc("relu{0}")
        %view{0} = graph.reshape %r{0} : (tensor<8x2x2x8xf32>) -> tensor<8x4x8xf32> loc("view{0}")
        %back{0} = graph.reshape %view{0} : (tensor<8x4x8xf32>) -> tensor<8x2x2x8xf32> loc("back{0}"))",
                          layer, input);
    input = "%back" + std::to_string(layer);
  }
  text += llvm::formatv(R"(
        %y = graph.global_avg_pool {0} : (tensor<8x2x2x8xf32>) -> tensor<8x8xf32> loc("pool")
        %loss = graph.softmax_cross_entropy %y, %labels {{count = 8 : i64}
            : (tensor<8x8xf32>, tensor<8xi32>) -> tensor<f32> loc("loss")
        return %loss : tensor<f32>
      }
    })",
                        input);
  return text;
}
constexpr int classes = 8;

Module partitioned(llvm::StringRef model, llvm::StringRef mesh) {
  Module module = trainingStep(model);
  SolveShardingOptions solve;
  solve.mesh = mesh.str();
  runPasses(*module, passes(createFuseElementwise(), createNameValues(),
                            createSolveSharding(solve), createPartition()));
  return module;
}

/// The program under a budget; null where none fits.
Module rematerialized(ModuleOp module, int64_t budget) {
  Module copy(cast<ModuleOp>(module->clone()));
  RematerializeOptions options;
  options.budget = budget;
  options.timeLimit = 1; // any schedule will do
  PassManager manager(&context());
  manager.addPass(createRematerialize(options));
  ScopedDiagnosticHandler quiet(&context(), [](Diagnostic &) { return success(); });
  if (failed(manager.run(*copy)))
    return {};
  return copy;
}

size_t operations(ModuleOp module) {
  return autopar::function(module, stepFunctionName).front().getOperations().size();
}

class Rematerialize : public testing::TestWithParam<const char *> {};

TEST_P(Rematerialize, changesNoBit) {
  Module module = partitioned(deepNetwork(), GetParam());
  std::mt19937 random(7);
  func::FuncOp step = autopar::function(*module, stepFunctionName);
  Module whole = trainingStep(deepNetwork());
  func::FuncOp wholeStep = autopar::function(*whole, stepFunctionName);
  NamedTensors variables = randomVariables(wholeStep, random);
  NamedTensors inputs = randomInputs(wholeStep, classes, random);
  Outcome expected = execute(step, inputs, variables, /*partitioned=*/true);

  int tried = 0;
  size_t most = 0;
  for (int64_t budget = 1 << 15;; budget -= budget / 5) {
    Module recomputing = rematerialized(*module, budget);
    if (!recomputing)
      break;
    ++tried;
    most = std::max(most, operations(*recomputing) - operations(*module));
    Outcome outcome = execute(autopar::function(*recomputing, stepFunctionName), inputs,
                              variables, /*partitioned=*/true);
    for (auto [one, other] : llvm::zip_equal(outcome.results, expected.results))
      EXPECT_EQ(one.values, other.values) << budget;
    for (const auto &[name, value] : expected.variables)
      EXPECT_EQ(outcome.variables[name].values, value.values) << budget << ": " << name;
  }
  EXPECT_GT(tried, 1);
  EXPECT_GT(most, 0u) << "no budget asked for a recomputation";
}

INSTANTIATE_TEST_SUITE_P(On, Rematerialize, testing::Values("1", "2", "2x2"),
                         [](const auto &info) { return "mesh_" + std::string(info.param); });

} // namespace
