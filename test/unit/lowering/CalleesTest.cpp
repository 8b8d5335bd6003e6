// Whatever a target's runtime can be called for can be interpreted, and on a GPU counted.
#include "dialects/rt/Launches.h"
#include "dialects/rt/Target.h"
#include "test/unit/programs/CallKernels.h"

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

TEST(Launches, knowEveryCalleeOfTheCudaTarget) {
  std::vector<std::string> unknown;
  for (const rt::Callee &callee : rt::cudaTarget().callees)
    if (!rt::hasLaunches(callee.name))
      unknown.push_back(callee.name.str());
  EXPECT_EQ(unknown, std::vector<std::string>()) << "add them to dialects/rt/Launches.cpp";
}

} // namespace
