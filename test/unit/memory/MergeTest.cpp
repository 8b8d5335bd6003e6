// Programs whose updates are merged leave behind what they did before, and need no more memory.
#include "ArenaRun.h"

#include "dialects/dist/Dist.h"
#include "dialects/graph/Graph.h"
#include "dialects/rt/Rt.h"
#include "passes/Passes.h"
#include "passes/memory/MemoryReport.h"

#include "mlir/Parser/Parser.h"
#include "mlir/Pass/PassManager.h"
#include "llvm/Support/FormatVariadic.h"
#include "gtest/gtest.h"

#include <random>

using namespace autopar;
using namespace mlir;

namespace {

/// A backward pass: activations die, gradients of several sizes come, some of them by
/// collectives, and update parameters, which are sometimes read at once, or are added to
/// totals.
class RandomStep {
public:
  explicit RandomStep(unsigned seed) : random(seed) {
    for (int i = 0; i < activations; ++i)
      line("%a{0} = rt.call \"Relu\" {{count = {1} : i64} (%x) : ({2}) -> {2}", i, length(0),
           type(0));
    for (int i = activations; i > 0; --i) {
      // What the pass goes back by: one activation is freed for another.
      line("%d{0} = rt.call \"Add\" {{count = {1} : i64} (%a{2}, {3}) : ({4}, {4}) -> {4}", i,
           length(0), i - 1, i == activations ? "%x" : llvm::formatv("%d{0}", i + 1).str(),
           type(0));
      if (draw(3))
        addParameter(i);
    }
    text = llvm::formatv("module attributes {{rt.target = \"cuda\", dist.mesh = "
                         "#dist.mesh<x = 2>} {{\nfunc.func @step(%x: {0} {{graph.input = "
                         "\"x\"}, %lr: tensor<f32> {{graph.input = \"lr\"}) -> {0} {{\n"
                         "{1}  return %d1 : {0}\n}\n}\n",
                         type(0), body);
  }

  std::string text;

private:
  static constexpr int activations = 12;

  int draw(int below) { return std::uniform_int_distribution(0, below - 1)(random); }
  static int length(int kind) { return kind == 0 ? 256 : kind == 1 ? 64 : 1024; }
  static std::string type(int kind) { return llvm::formatv("tensor<{0}xf32>", length(kind)); }

  template <class... Words> void line(const char *format, Words &&...words) {
    body += "  " + llvm::formatv(format, std::forward<Words>(words)...).str() + "\n";
  }

  void addParameter(int i) {
    const int kind = draw(3);
    const std::string of = type(kind), gradient = llvm::formatv("%g{0}", i);
    line("%w{0} = graph.variable parameter \"w{0}\" : {1} = #graph.constant<0.0>", i, of);
    line("%m{0} = graph.variable slot \"m{0}\" : {1} = #graph.constant<0.0>", i, of);
    // Any call that makes one size of another would do.
    line("{0} = rt.call \"SliceDim\" {{outer = 1 : i64, whole = 256 : i64, begin = 0 : i64, "
         "length = {1} : i64, inner = 1 : i64} (%d{2}) : ({3}) -> {4}",
         gradient, length(kind), i, type(0), of);
    std::string arrived = gradient;
    if (draw(3) == 0) {
      arrived = gradient + ".sum";
      line("{0} = rt.call \"AllReduce\" {{axes = array<i64: 0>} ({1}) workspace 0 : ({2}) -> "
           "{2}",
           arrived, gradient, of);
    }
    if (draw(4) == 0) {
      line("%t{0} = rt.call \"Add\" {{count = {1} : i64} (%m{0}, {2}) : ({3}, {3}) -> {3}", i,
           length(kind), arrived, of);
      line("graph.assign \"m{0}\" = %t{0} : {1}", i, of);
      return;
    }
    line("%n{0}:2 = rt.call \"Sgd\" {{count = {1} : i64, momentum = {2} : f64} (%w{0}, {3}, "
         "%lr, %m{0}) : ({4}, {4}, tensor<f32>, {4}) -> ({4}, {4})",
         i, length(kind), draw(4) ? "0.9" : "0.5", arrived, of);
    std::string updated = llvm::formatv("%n{0}#0", i);
    if (draw(4) == 0) { // as a parameter that was updated in part is gathered
      line("%r{0} = rt.call \"Relu\" {{count = {1} : i64} ({2}) : ({3}) -> {3}", i,
           length(kind), updated, of);
      updated = llvm::formatv("%r{0}", i);
    }
    line("graph.assign \"w{0}\" = {1} : {2}", i, updated, of);
    line("graph.assign \"m{0}\" = %n{0}#1 : {1}", i, of);
  }

  std::mt19937 random;
  std::string body;
};

OwningOpRef<ModuleOp> planned(const std::string &text, bool merges) {
  OwningOpRef<ModuleOp> module = parseSourceString<ModuleOp>(text, &context());
  EXPECT_TRUE(module) << text;
  PassManager manager(&context());
  if (merges)
    manager.addPass(createMergeUpdates());
  manager.addPass(createPlanMemory());
  EXPECT_TRUE(succeeded(manager.run(*module))) << text;
  return module;
}

TEST(MergeUpdates, leavesTheSameAndNeedsNoMoreMemory) {
  int tables = 0, singles = 0;
  for (unsigned seed = 0; seed < 300; ++seed) {
    const std::string text = RandomStep(seed).text;
    OwningOpRef<ModuleOp> plain = parseSourceString<ModuleOp>(text, &context());
    ASSERT_TRUE(plain) << text;
    const Leavings expected = runOnValues(plain->lookupSymbol<func::FuncOp>("step"));
    OwningOpRef<ModuleOp> merged = planned(text, true);
    auto step = merged->lookupSymbol<func::FuncOp>("step");
    for (Moment moment : {Moment::AtOnce, Moment::AtJoin})
      ASSERT_TRUE(runInArena(step, moment) == expected) << text;
    ASSERT_LE(reportMemory(*merged).largestLiveSet,
              reportMemory(*planned(text, false)).largestLiveSet)
        << text;
    for (rt::CallOp call : step.getOps<rt::CallOp>()) {
      tables += call.getCallee().ends_with("All");
      singles += call.getCallee() == "Sgd";
    }
  }
  EXPECT_GT(tables, 300) << "hardly anything was merged";
  EXPECT_GT(singles, 300) << "nothing stood in the way of merging";
}

} // namespace
