// cuDNN has plans for attention, in 16 bits, on each GPU that we know; and those of the
// backward pass want the workspace that is planned for them where there is no asking.
#include "autopar/cuda/cudnn/AttentionGraph.h"
#include "autopar/cuda/Planning.h"
#include "autopar/cuda/Workspace.h"

#include <gtest/gtest.h>

#include <string>

using namespace autopar;
using namespace autopar::cuda;

namespace {

constexpr size_t noLimit = SIZE_MAX;

void expectPlans(const AttentionShape &shape) {
  SCOPED_TRACE(testing::Message()
               << shape.batch << " x " << shape.sequence << " x " << shape.heads << " x "
               << shape.headSize << " " << nameOf(shape.type) << (shape.causal ? " causal" : "")
               << (shape.deterministic ? " deterministic" : ""));
  EXPECT_NO_THROW(cudnn::planAttention(shape, noLimit));
  const std::optional<size_t> planned = cudnn::attentionGradWorkspace(shape);
  ASSERT_TRUE(planned);
  size_t wanted = 0;
  ASSERT_NO_THROW(wanted = cudnn::planAttentionGrad(shape, noLimit).workspaceBytes());
  EXPECT_LE(wanted, *planned);
  EXPECT_GT(wanted + alignment, *planned);
}

class AttentionGraph : public testing::TestWithParam<std::string> {
protected:
  AttentionGraph() { planFor(DeviceProperties::preset(GetParam())); }
  AttentionShape shape{.batch = 2,
                       .sequence = 64,
                       .heads = 3,
                       .headSize = 64,
                       .scale = 0.125,
                       .type = DataType::BF16};
};

INSTANTIATE_TEST_SUITE_P(Devices, AttentionGraph, testing::Values("a100", "h100"),
                         [](const auto &info) { return info.param; });

TEST_P(AttentionGraph, hasPlansForGpt2) {
  shape.batch = 16;
  shape.sequence = 1024;
  shape.heads = 12;
  for (DataType type : {DataType::BF16, DataType::F16})
    for (bool deterministic : {false, true}) {
      shape.type = type;
      shape.deterministic = deterministic;
      expectPlans(shape);
    }
}

// Blocks are multiples of 64 queries and keys, on an H100 of 128 keys.
TEST_P(AttentionGraph, hasPlansForSequencesOfAnyLength) {
  const struct {
    int64_t sequence, headSize;
    bool causal, deterministic;
  } shapes[] = {{1, 8, false, true}, {130, 40, true, true}, {333, 104, false, false}};
  for (const auto &[sequence, headSize, causal, deterministic] : shapes) {
    shape.sequence = sequence;
    shape.headSize = headSize;
    shape.causal = causal;
    shape.deterministic = deterministic;
    expectPlans(shape);
  }
}

TEST_P(AttentionGraph, keepsToItsLimit) {
  const size_t wanted = cudnn::planAttentionGrad(shape, noLimit).workspaceBytes();
  EXPECT_EQ(cudnn::planAttentionGrad(shape, wanted).workspaceBytes(), wanted);
  EXPECT_THROW(cudnn::planAttentionGrad(shape, wanted - 1), std::runtime_error);
}

TEST_P(AttentionGraph, hasPlansForHeadsThatKernelsTake) {
  const int64_t most = GetParam() == "h100" ? 256 : 128;
  shape.headSize = most;
  expectPlans(shape);
  for (int64_t headSize : {int64_t(20), most + 8}) {
    shape.headSize = headSize;
    EXPECT_FALSE(cudnn::attentionGradWorkspace(shape));
    EXPECT_THROW(cudnn::planAttentionGrad(shape, noLimit), std::runtime_error);
  }
}

TEST_P(AttentionGraph, hasNoBackwardPassInSinglePrecision) {
  shape.type = DataType::F32;
  EXPECT_THROW(cudnn::planAttentionGrad(shape, noLimit), std::runtime_error);
}

} // namespace
