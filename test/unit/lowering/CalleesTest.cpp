// Whatever a target's runtime can be called for can be interpreted, and on a GPU counted.
#include "dialects/rt/Launches.h"
#include "dialects/rt/Target.h"
#include "test/unit/programs/CallKernels.h"
#include "test/unit/programs/Programs.h"

#include "gtest/gtest.h"

using namespace autopar;

namespace {

TEST(CallKernels, knowEveryCalleeOfEveryTarget) {
  std::vector<std::string> unknown;
  for (llvm::StringRef name : rt::targetNames())
    for (const rt::Callee &callee : rt::findTarget(name)->callees) {
      const bool isOfGroup = // the interpreter's, on all ranks of a group at once
          callee.form == rt::CallForm::Collective || callee.form == rt::CallForm::Block;
      if (!isOfGroup && !callKernels().contains(callee.name))
        unknown.push_back(name.str() + "'s " + callee.name.str());
    }
  EXPECT_EQ(unknown, std::vector<std::string>()) << "add them to test/unit/programs/calls";
}

/// The first call of a function.
rt::CallOp firstCall(mlir::ModuleOp module) {
  rt::CallOp first;
  module.walk([&](rt::CallOp call) { first = first ? first : call; });
  return first;
}

TEST(Operands, areThoseThatTheCallHas) {
  const Module module = parse(R"(
    module attributes {rt.target = "cpu"} {
      func.func @step(%w: tensor<8xf32>, %lr: tensor<f32>, %state: tensor<2xi64>) {
        %a, %b = rt.call "Sgd" {count = 8 : i64, momentum = 0.9, dampening = 0.5}
            (%w, %w, %lr, %w, %state, %lr)
            : (tensor<8xf32>, tensor<8xf32>, tensor<f32>, tensor<8xf32>, tensor<2xi64>,
               tensor<f32>) -> (tensor<8xf32>, tensor<8xf32>)
        return
      }
    })");
  rt::CallOp sgd = firstCall(*module);
  EXPECT_EQ(sgd.getInput("state"), sgd.getInputs()[4]);
  EXPECT_EQ(sgd.getInput("factor"), sgd.getInputs()[5]);
  EXPECT_EQ(sgd.getOutput("newVelocity"), sgd.getResult(1));
  EXPECT_TRUE(sgd.mayOverwrite(1, 3)) << "the velocity's new value over the old one";
  EXPECT_FALSE(sgd.mayOverwrite(0, 3));
}

TEST(Operands, areTheTablesOrNone) {
  const Module module = parse(R"(
    module attributes {rt.target = "cpu"} {
      func.func @step(%x: tensor<4x8xf32>, %stats: tensor<2x8xf64>, %gamma: tensor<8xf32>) {
        %y = rt.call "BatchNormApply" {rows = 4 : i64, channels = 8 : i64, count = 4 : i64,
            epsilon = 1.0e-5 : f64} (%x, %stats, %gamma, %gamma)
            : (tensor<4x8xf32>, tensor<2x8xf64>, tensor<8xf32>, tensor<8xf32>)
            -> tensor<4x8xf32>
        return
      }
    })");
  rt::CallOp apply = firstCall(*module);
  EXPECT_FALSE(apply.getInput("residual"));
  EXPECT_DEATH(apply.getInput("gama"), "BatchNormApply has no input 'gama'");
  EXPECT_DEATH(apply.getOutput("dx"), "BatchNormApply has no output 'dx'");
}

TEST(Launches, knowEveryCalleeOfTheCudaTarget) {
  std::vector<std::string> unknown;
  for (const rt::Callee &callee : rt::cudaTarget().callees)
    if (!rt::hasLaunches(callee.name))
      unknown.push_back(callee.name.str());
  EXPECT_EQ(unknown, std::vector<std::string>()) << "add them to dialects/rt/Launches.cpp";
}

} // namespace
