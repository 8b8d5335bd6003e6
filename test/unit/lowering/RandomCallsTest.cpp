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

class RandomCalls : public testing::Test {
protected:
  void SetUp() override {
    if (llvm::Error error = cuda_lowering::planForGpu("h100"))
      GTEST_SKIP() << llvm::toString(std::move(error));
  }

  /// What each pass leaves of `program`s is what they were.
  void expectSame(std::string (*program)(unsigned seed), unsigned seeds) {
    CompileOptions options;
    options.target = "cuda";
    for (unsigned seed = 0; seed < seeds && !HasFailure(); ++seed) {
      const std::string text = program(seed);
      Module module = parse(text);
      ASSERT_TRUE(module);
      std::mt19937 random(seed);
      const Steps steps(*module, /*classes=*/1, random);
      PassManager calls(&context());
      checkAfterEachPass(calls, [&](ModuleOp now, StringRef pass) {
        steps.expectSame(now, (pass + " on program " + Twine(seed)).str());
      });
      buildCalls(calls, options);
      EXPECT_TRUE(succeeded(calls.run(*module)));
      module->walk([&](rt::CallOp call) { ++made[call.getCallee().str()]; });
      if (HasFailure())
        llvm::errs() << text;
    }
  }

  std::map<std::string, int> made; ///< How often each callee comes up in the end.
};

TEST_F(RandomCalls, stayTheSameThroughEachPass) {
  expectSame(randomCalls, 500);
  expectSame(randomImageCalls, 200);
  for (const rt::Callee &callee : rt::cudaCalls())
    EXPECT_GT(made[callee.name.str()], 20) << callee.name.str() << " hardly comes up";
}

} // namespace
