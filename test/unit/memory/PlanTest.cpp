// A planned program leaves behind what the program on values does, whenever collectives beside
// computation do their work.
#include "ArenaRun.h"

#include "dialects/dist/Dist.h"
#include "dialects/graph/Graph.h"
#include "dialects/rt/Rt.h"
#include "passes/Passes.h"

#include "mlir/Parser/Parser.h"
#include "mlir/Pass/PassManager.h"
#include "llvm/Support/FormatVariadic.h"
#include "gtest/gtest.h"

#include <random>

using namespace autopar;
using namespace mlir;

namespace {

/// Calls, collectives, views and assignments of values made before, drawn at random.
class RandomProgram {
public:
  RandomProgram(llvm::StringRef target, unsigned seed) : random(seed) {
    values = {"%x", "%y"};
    for (int variable = 0; variable < variables; ++variable) {
      body += llvm::formatv("  %w{0} = graph.variable parameter \"w{0}\" : {1} = "
                            "#graph.constant<0.0>\n",
                            variable, type);
      values.push_back(llvm::formatv("%w{0}", variable));
    }
    for (int call = 0; call < 24; ++call)
      addCall();
    for (int variable = 0; variable < variables; ++variable)
      if (draw(4))
        body += llvm::formatv("  graph.assign \"w{0}\" = {1} : {2}\n", variable, any(), type);
    text = llvm::formatv(
        "module attributes {{rt.target = \"{0}\", dist.mesh = #dist.mesh<x = 2>} {{\n"
        "func.func @step(%x: {1} {{graph.input = \"x\"}, %y: {1} {{graph.input = \"y\"})"
        " -> ({1}, {1}) {{\n{2}  return {3}, {4} : {1}, {1}\n}\n}\n",
        target, type, body, any(), any());
  }

  std::string text;

private:
  static constexpr int variables = 3;
  static constexpr llvm::StringLiteral type = "tensor<64xf32>";

  int draw(int below) { return std::uniform_int_distribution(0, below - 1)(random); }
  /// Recent values are drawn more often, so that others die.
  const std::string &any() {
    int back = std::min(draw(static_cast<int>(values.size())), draw(8));
    return values[values.size() - 1 - back];
  }

  void addCall() {
    std::string name = llvm::formatv("%v{0}", values.size()), a = any(), b = any();
    switch (draw(7)) {
    case 0:
      add(name, "Relu", "count = 64 : i64", {a}, "");
      break;
    case 1:
    case 2:
      add(name, "Add", "count = 64 : i64", {a, b}, "");
      break;
    case 3:
      add(name, "LinearForward", "batch = 8 : i64, inputs = 8 : i64, outputs = 8 : i64", {a, b},
          "workspace 300");
      break;
    case 4:
    case 5:
      add(name, "AllReduce", "axes = array<i64: 0>", {a}, "workspace 0");
      break;
    default:
      add(name, "AllToAll", "axes = array<i64: 0>, split = 0 : i64, concat = 0 : i64", {a},
          "workspace 256");
    }
    values.push_back(name);
  }

  void add(llvm::StringRef name, llvm::StringRef callee, llvm::StringRef config,
           std::vector<std::string> inputs, llvm::StringRef workspace) {
    std::string names, types;
    for (const std::string &input : inputs) {
      names += (names.empty() ? "" : ", ") + input;
      types += (types.empty() ? "" : ", ") + type.str();
    }
    body += llvm::formatv("  {0} = rt.call \"{1}\" {{{2}} ({3}) {4} : ({5}) -> {6}\n", name,
                          callee, config, names, workspace, types, type);
  }

  std::mt19937 random;
  std::vector<std::string> values;
  std::string body;
};

/// Runs the program before and after planning. How many collectives run beside computation,
/// with a call between them and their join.
int compare(const std::string &text) {
  OwningOpRef<ModuleOp> module = parseSourceString<ModuleOp>(text, &context());
  EXPECT_TRUE(module) << text;
  auto step = module->lookupSymbol<func::FuncOp>("step");
  Leavings expected = runOnValues(step);
  PassManager manager(&context());
  manager.addPass(createPlanMemory());
  EXPECT_TRUE(succeeded(manager.run(*module))) << text;
  for (Moment moment : {Moment::AtOnce, Moment::AtJoin}) {
    Leavings left = runInArena(step, moment);
    EXPECT_EQ(left.results, expected.results) << text;
    for (const auto &[name, bytes] : expected.variables)
      EXPECT_EQ(left.variables[name], bytes) << name << "\n" << text;
  }
  int beside = 0;
  for (rt::CallOp call : step.getOps<rt::CallOp>())
    beside += call.runsBeside() && isa<rt::CallOp>(call->getNextNode()) &&
              !cast<rt::CallOp>(call->getNextNode()).runsBeside();
  return beside;
}

TEST(Plan, holdsWhenCollectivesEndLate) {
  int beside = 0;
  for (unsigned seed = 0; seed < 300; ++seed)
    beside += compare(RandomProgram("cuda", seed).text);
  EXPECT_GT(beside, 300) << "hardly anything ran beside computation";
}

TEST(Plan, holdsWithOneStream) {
  int beside = 0;
  for (unsigned seed = 0; seed < 100; ++seed)
    beside += compare(RandomProgram("cpu", seed).text);
  EXPECT_EQ(beside, 0);
}

/// The test sees a join that is missing, or stands too late.
TEST(Plan, isSeenToBreakWithoutItsJoins) {
  int broken = 0;
  for (unsigned seed = 0; seed < 50; ++seed) {
    OwningOpRef<ModuleOp> module =
        parseSourceString<ModuleOp>(RandomProgram("cuda", seed).text, &context());
    auto step = module->lookupSymbol<func::FuncOp>("step");
    PassManager manager(&context());
    manager.addPass(createPlanMemory());
    ASSERT_TRUE(succeeded(manager.run(*module)));
    Leavings expected = runInArena(step, Moment::AtOnce);
    for (rt::JoinOp join : step.getOps<rt::JoinOp>())
      join->moveBefore(step.front().getTerminator());
    broken += !(runInArena(step, Moment::AtJoin) == expected);
  }
  EXPECT_GT(broken, 25);
}

} // namespace
