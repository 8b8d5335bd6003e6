#include "compiler/experiments/Profile.h"

#include <gtest/gtest.h>

using namespace autopar;

namespace {

/// A plan of operations alone: what a profile is made from.
Compilation planOn(llvm::StringRef mesh) {
  Compilation plan;
  plan.mesh = llvm::cantFail(Mesh::parse(mesh));
  return plan;
}

PredictedOp computing(llvm::StringRef name, llvm::StringRef kind, double flops, double bytes) {
  PredictedOp op;
  op.name = name.str();
  op.kind = kind.str();
  op.flops = flops;
  op.bytes = op.traffic = bytes;
  op.seconds = 1;
  return op;
}

PredictedOp moving(llvm::StringRef name, llvm::StringRef kind, llvm::StringRef axes,
                   double bytes) {
  PredictedOp op = computing(name, kind, 0, bytes);
  op.axes = axes.str();
  op.movesData = true;
  return op;
}

const DeviceModel &base() {
  static const DeviceModel device = llvm::cantFail(DeviceModel::load("cpu"));
  return device;
}

TEST(Profile, CallsOfOneNameCountTogether) {
  CallSeconds calls = llvm::cantFail(readCallSeconds(
      R"({"steps": 3, "calls": [{"name": "a", "seconds": 1}, {"name": "b", "seconds": 2},
                                {"name": "a", "seconds": 0.5}]})"));
  EXPECT_EQ(calls["a"], 1.5);
  EXPECT_EQ(calls["b"], 2);
  EXPECT_EQ(llvm::toString(readCallSeconds("{}").takeError()),
            "the times of the calls have no list 'calls'");
}

TEST(Profile, AKindGetsPricesThatAddUp) {
  Compilation plan = planOn("1");
  plan.program.prediction.ops = {computing("a", "conv2d", 1e9, 1e6),
                                 computing("b", "conv2d", 3e9, 1e6),
                                 computing("unseen", "relu", 1, 1)};
  Profile profile = makeProfile(plan, {{"a", 0.05}, {"b", 0.15}, {"copy", 0.025}}, 0.45, base(),
                                "here", "a test");
  EXPECT_EQ(profile.device.name, "here");
  ASSERT_EQ(profile.device.operations.size(), 1u);
  const MeasuredOperation &price = profile.device.operations.at("conv2d");
  EXPECT_NEAR(price.perFlop, 1e-10, 1e-13);
  EXPECT_EQ(price.perFlop.source, "a test");
  // The calls take half of the step's seconds: they are scaled to it.
  EXPECT_NEAR(profile.callSeconds, 0.225, 1e-12);
  EXPECT_NEAR(profile.explainedSeconds, 0.4, 1e-12);
  EXPECT_NEAR(profile.secondsAfter, 0.4, 1e-9);
  // No call tells of links: they stay.
  EXPECT_EQ(profile.device.links, base().links);
}

TEST(Profile, AnAxisIsPricedByItsCollectives) {
  // All-reduces over two ranks: 2 (1/2 bytes / bandwidth + latency), here 1e9 bytes/s and 1 ms.
  Compilation plan = planOn("2x1");
  plan.program.prediction.ops = {moving("a", "all_reduce", "x", 1e8),
                                 moving("b", "all_reduce", "x", 4e8)};
  Profile profile = makeProfile(plan, {{"a", 0.1 + 2e-3}, {"b", 0.4 + 2e-3}}, 0.504, base(),
                                "here", "a test");
  const auto &links = std::get<AxisLinks>(profile.device.links);
  ASSERT_EQ(links.size(), 2u);
  EXPECT_NEAR(links[0].bandwidth / 1e9, 1, 1e-6);
  EXPECT_NEAR(links[0].latency, 1e-3, 1e-8);
  EXPECT_NEAR(profile.secondsAfter, 0.504, 1e-6);
}

} // namespace
