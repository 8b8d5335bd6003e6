#include "autopar/mpi/CollectivePlan.h"

#include <gtest/gtest.h>

using namespace autopar;

// Blocks from 256 KiB on travel alone and need no packing where they lie
// contiguously; [256, 256] f32 has exactly 256 KiB.

TEST(CollectivePlan, OneTensorInOnePieceNeedsNoWorkspace) {
  EXPECT_EQ((AllReducePlan{.ranks = 4, .tensors = {{64, 3, 7, 7}}}).workspaceBytes(), 0u);
  EXPECT_EQ(
      (AllGatherPlan{.ranks = 4, .tensors = {{.shape = {8, 5}, .dim = 0}}}).workspaceBytes(),
      0u);
  // A leading dimension of 1 does not interleave blocks either.
  EXPECT_EQ(
      (AllGatherPlan{.ranks = 4, .tensors = {{.shape = {1, 5}, .dim = 1}}}).workspaceBytes(),
      0u);
  EXPECT_EQ((ReduceScatterPlan{.ranks = 4, .tensors = {{.shape = {8, 5}, .dim = 0}}})
                .workspaceBytes(),
            0u);
}

TEST(CollectivePlan, InterleavedBlocksPassThroughTheWorkspace) {
  // Received: 4 blocks of 8 * 5 floats.
  EXPECT_EQ(
      (AllGatherPlan{.ranks = 4, .tensors = {{.shape = {8, 5}, .dim = 1}}}).workspaceBytes(),
      4u * 8 * 5 * 4);
  // Sent: 4 blocks of 5 * 2 doubles.
  EXPECT_EQ((ReduceScatterPlan{
                 .ranks = 4, .type = DataType::F64, .tensors = {{.shape = {5, 8}, .dim = 1}}})
                .workspaceBytes(),
            5u * 8 * 8);
  // Sent, rounded up to 64, and received.
  EXPECT_EQ((AllToAllPlan{.ranks = 2,
                          .tensors = {{.shape = {2, 3, 6}, .splitDim = 2, .concatDim = 1}}})
                .workspaceBytes(),
            192u + 144);
}

TEST(CollectivePlan, SmallTensorsShareAMessageAndLargeOnesDoNot) {
  EXPECT_EQ((AllReducePlan{.ranks = 2, .tensors = {{10}, {256, 256}, {30}}}).workspaceBytes(),
            40u * 4);
  EXPECT_EQ((AllReducePlan{.ranks = 2, .tensors = {{256, 256}, {30}}}).workspaceBytes(), 0u);
}

TEST(CollectivePlan, RefusesWhatCannotBeCut) {
  EXPECT_THROW((ReduceScatterPlan{.ranks = 4, .tensors = {{{6, 8}, 0}}}).workspaceBytes(),
               std::invalid_argument);
  EXPECT_THROW((AllGatherPlan{.ranks = 4, .tensors = {{{6, 8}, 2}}}).workspaceBytes(),
               std::invalid_argument);
  EXPECT_THROW(
      (AllReducePlan{.ranks = 4, .type = DataType::I32, .tensors = {{6}}}).workspaceBytes(),
      std::invalid_argument);
}
