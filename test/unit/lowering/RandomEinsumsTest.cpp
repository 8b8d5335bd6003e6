// Every legal contraction has a gradient, and both lower to calls of each target that compute
// what they are defined as, however its letters stand.
#include "Steps.h"

#include "compiler/driver/Pipeline.h"
#include "dialects/graph/Equation.h"
#include "passes/lowering/cuda/Workspace.h"
#include "test/unit/programs/RandomPlans.h"

#include "llvm/Support/FormatVariadic.h"
#include "gtest/gtest.h"

using namespace autopar;
using namespace mlir;

namespace {

/// Of up to seven letters of sizes that meshes divide, and do not, and 1.
struct RandomEquation {
  graph::Equation equation;
  std::map<char, int64_t> sizes;

  explicit RandomEquation(std::mt19937 &random) {
    auto draw = [&](int64_t below) {
      return std::uniform_int_distribution<int64_t>(0, below - 1)(random);
    };
    auto insert = [&](std::string &term, char letter) {
      term.insert(term.begin() + draw(term.size() + 1), letter);
    };
    for (char letter : StringRef("abcdefg").take_front(1 + draw(7))) {
      sizes[letter] = ArrayRef<int64_t>{1, 2, 2, 3, 4}[draw(5)];
      const int64_t kind = draw(4); // m, n, k, or of the batch
      if (kind != 1)
        insert(equation.lhs, letter);
      if (kind != 0)
        insert(equation.rhs, letter);
      if (kind != 2)
        insert(equation.result, letter);
    }
  }

  std::string type(StringRef letters) const {
    std::string text = "tensor<";
    for (char letter : letters)
      text += std::to_string(sizes.at(letter)) + "x";
    return text + "f32>";
  }
  int64_t size(StringRef letters) const {
    int64_t product = 1;
    for (char letter : letters)
      product *= sizes.at(letter);
    return product;
  }

  /// The result as the logits of one row.
  std::string model() const {
    const std::string logits = llvm::formatv("tensor<1x{0}xf32>", size(equation.result));
    return llvm::formatv(R"(
      module attributes {{graph.optimizer = #graph.sgd<learning_rate = 1.0>} {{
        func.func @model(%labels: tensor<1xi32> {{graph.input = "labels"}) -> (tensor<f32> {{graph.output = "loss"}) {{
          %a = graph.variable parameter "a" : {1} = #graph.normal<1.0>
          %b = graph.variable parameter "b" : {2} = #graph.normal<1.0>
          %y = graph.einsum "{0}" %a, %b : ({1}, {2}) -> {3}
          %z = graph.reshape %y : ({3}) -> {4}
          %loss = graph.softmax_cross_entropy %z, %labels {{count = 1 : i64} : ({4}, tensor<1xi32>) -> tensor<f32>
          return %loss : tensor<f32>
        }
      })",
                         equation.str(), type(equation.lhs), type(equation.rhs),
                         type(equation.result), logits);
  }
};

struct Target {
  const char *name, *mesh, *precision;
};

class RandomEinsums : public testing::TestWithParam<Target> {};

TEST_P(RandomEinsums, computeWhatTheyAreDefinedAs) {
  const Target &target = GetParam();
  if (target.name == StringRef("cuda"))
    if (llvm::Error error = cuda_lowering::planForGpu("h100"))
      GTEST_SKIP() << llvm::toString(std::move(error));
  CompileOptions options;
  options.target = target.name;
  options.mesh = target.mesh;
  options.device = deviceOf(options);
  int transposes = 0;
  for (unsigned seed = 0; seed < 200 && !HasFailure(); ++seed) {
    std::mt19937 random(seed);
    const std::string text = RandomEquation(random).model();
    auto trainingStep = [&](const char *precision) {
      Module module = parse(text);
      PassManager manager(&context());
      options.precision = precision;
      buildDifferentiation(manager, options);
      EXPECT_TRUE(succeeded(manager.run(*module)));
      return module;
    };
    Module whole = trainingStep("f32"), step = trainingStep(target.precision);
    const Steps steps(*whole, /*classes=*/1, random);
    RandomPlans plans(*step, llvm::cantFail(Mesh::parse(target.mesh)));
    Module module = plans.draw(random);
    PassManager manager(&context());
    buildPartition(manager, options, LoweringWishes(), nullptr);
    buildCalls(manager, options);
    EXPECT_TRUE(succeeded(manager.run(*module)));
    if (!HasFailure())
      steps.expectSame(*module, text);
    module->walk([&](rt::CallOp call) { transposes += call.getCallee() == "Transpose"; });
    if (HasFailure())
      llvm::errs() << text;
  }
  EXPECT_GT(transposes, 50) << "nothing was rearranged";
}

INSTANTIATE_TEST_SUITE_P(On, RandomEinsums,
                         testing::Values(Target{"cpu", "1", "f32"}, Target{"cpu", "2x2", "f32"},
                                         Target{"cuda", "1", "f32"}, Target{"cuda", "2", "bf16"}),
                         [](const auto &info) {
                           return llvm::formatv("{0}_{1}_{2}", info.param.name, info.param.mesh,
                                                info.param.precision)
                               .str();
                         });

} // namespace
