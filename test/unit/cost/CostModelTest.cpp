// The cost formulas, with numbers that can be worked out by hand.
#include "compiler/cost/CostModel.h"

#include "gtest/gtest.h"

using namespace autopar;

namespace {

/// 100 FLOP/s of which half are reached, 10 bytes a second, 1 s a launch; a slow outer axis.
DeviceModel device() {
  DeviceModel device;
  device.name = "slow";
  device.peaks.fill({100, ""});
  device.peaks[static_cast<size_t>(Precision::BF16)] = {400, ""};
  device.efficiency = {0.5, ""};
  device.memoryBandwidth = {10, ""};
  device.launch = {1, ""};
  device.links = AxisLinks{{{3, ""}, {2, ""}}, {{1, ""}, {4, ""}}, {{100, ""}, {1, ""}}};
  return device;
}

TEST(CostModel, anOperationComputesAndMovesAtOnce) {
  EXPECT_DOUBLE_EQ(opSeconds(device(), 100, 0, Precision::F32), 1 + 2.0);
  EXPECT_DOUBLE_EQ(opSeconds(device(), 100, 50, Precision::F32), 1 + 5.0);
  EXPECT_DOUBLE_EQ(opSeconds(device(), 100, 0, Precision::BF16), 1 + 0.5);
  EXPECT_DOUBLE_EQ(opSeconds(device(), 0, 0, Precision::F32), 1);
}

TEST(CostModel, aMeasuredKindHasPricesOfItsOwn) {
  DeviceModel measured = device();
  measured.operations["conv2d"] = {{0.01, ""}, {0.1, ""}, {3, ""}};
  EXPECT_DOUBLE_EQ(opSeconds(measured, "conv2d", 100, 50, Precision::F32), 1 + 5 + 3.0);
  EXPECT_DOUBLE_EQ(opSeconds(measured, "relu", 100, 50, Precision::F32),
                   opSeconds(device(), 100, 50, Precision::F32));
}

TEST(CostModel, aCollectiveOverOneAxis) {
  CostModel costs = llvm::cantFail(CostModel::create(Mesh({2, 4}), device()));
  // Axis 1: 3 of 4 parts of 16 bytes at 4 bytes a second, 3 steps of 1 s.
  for (auto kind :
       {CollectiveKind::AllGather, CollectiveKind::ReduceScatter, CollectiveKind::AllToAll})
    EXPECT_DOUBLE_EQ(costs.collectiveSeconds(kind, 16, 1), 3 + 3);
  EXPECT_DOUBLE_EQ(costs.collectiveSeconds(CollectiveKind::AllReduce, 16, 1), 2 * (3 + 3));
}

TEST(CostModel, aCollectiveOverSeveralAxesIsAsFastAsTheSlowest) {
  CostModel costs = llvm::cantFail(CostModel::create(Mesh({2, 4}), device()));
  // 7 of 8 parts of 16 bytes at 2 bytes a second; 1 step of 3 s and 3 of 1 s.
  EXPECT_DOUBLE_EQ(costs.collectiveSeconds(CollectiveKind::AllGather, 16, {0, 1}), 7 + 6);
  EXPECT_DOUBLE_EQ(costs.collectiveSeconds(CollectiveKind::AllReduce, 16, {0, 1}), 2 * (7 + 6));
}

TEST(CostModel, anAxisOfOneRankCostsNothing) {
  CostModel costs = llvm::cantFail(CostModel::create(Mesh({1, 4, 1}), device()));
  EXPECT_EQ(costs.collectiveSeconds(CollectiveKind::AllReduce, 16, 0), 0);
  EXPECT_EQ(costs.collectiveSeconds(CollectiveKind::AllReduce, 16, {0, 2}), 0);
  EXPECT_EQ(costs.collectiveSeconds(CollectiveKind::AllReduce, 16, {}), 0);
  EXPECT_EQ(costs.collectiveSeconds(CollectiveKind::AllGather, 16, {0, 1, 2}),
            costs.collectiveSeconds(CollectiveKind::AllGather, 16, 1));
}

TEST(CostModel, needsALinkForEachAxis) {
  DeviceModel narrow = device();
  std::get<AxisLinks>(narrow.links).resize(1);
  EXPECT_EQ(
      llvm::toString(CostModel::create(Mesh({2, 4}), narrow).takeError()),
      "device 'slow' lists links for 1 mesh axes, the mesh 2x4 has 2; add to its axis_links");
}

} // namespace
