// What this target refuses beyond what every target does.
#include "Tensor.h"

using namespace autopar::conformance;

namespace {

TEST(Attention, doesNotDropOutWithoutASeed) {
  const AttentionShape shape{
      .batch = 1, .sequence = 1, .heads = 1, .headSize = 1, .scale = 1, .dropout = 0.5};
  const Tensor qkv(std::vector<float>(3)), dy(std::vector<float>(1));
  Tensor<float> y(1), lse(1), dqkv(3);
  const Attention forward(shape);
  const AttentionGrad backward(shape);
  EXPECT_THROW(run(forward, qkv, y, lse), std::logic_error);
  EXPECT_THROW(run(backward, dy, qkv, y, lse, dqkv), std::logic_error);
}

} // namespace
