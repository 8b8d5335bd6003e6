// Passes on calls leave what programs compute as it is, whatever stands around the calls that
// they make one of.
#include "RandomCalls.h"
#include "Steps.h"

#include "compiler/driver/Pipeline.h"
#include "dialects/rt/Calls.h"
#include "passes/lowering/cuda/Workspace.h"

#include "gtest/gtest.h"

using namespace autopar;
using namespace mlir;

namespace {

TEST(RandomCalls, stayTheSameThroughEachPass) {
  if (llvm::Error error = cuda_lowering::planForGpu("h100"))
    GTEST_SKIP() << llvm::toString(std::move(error));
  CompileOptions options;
  options.target = "cuda";
  std::map<std::string, int> made;
  for (unsigned seed = 0; seed < 500 && !HasFailure(); ++seed) {
    const std::string text = randomCalls(seed);
    Module module = parse(text);
    ASSERT_TRUE(module);
    std::mt19937 random(seed);
    const Steps steps(*module, /*classes=*/1, random);
    PassManager calls(&context());
    checkAfterEachPass(calls, [&](ModuleOp now, StringRef pass) {
      steps.expectSame(now, (pass + " on program " + Twine(seed)).str());
    });
    buildCalls(calls, options);
    ASSERT_TRUE(succeeded(calls.run(*module))) << text;
    module->walk([&](rt::CallOp call) { ++made[call.getCallee().str()]; });
    if (HasFailure())
      llvm::errs() << text;
  }
  for (const rt::Callee &callee : rt::cudaCalls())
    EXPECT_GT(made[callee.name.str()], 20) << callee.name.str() << " hardly comes up";
}

} // namespace
