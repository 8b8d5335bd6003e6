#include "autopar/core/Resize.h"

#include <gtest/gtest.h>

#include <vector>

using namespace autopar;

TEST(Resize, ToTheSameSizeChangesNothing) {
  const std::vector<float> image = {1, 2, 3, 4, 5, 6};
  std::vector<float> out(6);
  Resize(2, 3, 2, 3, 1)(image.data(), out.data());
  EXPECT_EQ(out, image);
}

// torch.nn.functional.interpolate([[0, 4]], size=4, mode='bilinear',
// align_corners=False) gives [0, 1, 3, 4].
TEST(Resize, TakesPixelCentresAtHalves) {
  const std::vector<float> image = {0, 4};
  std::vector<float> out(4);
  Resize(1, 2, 1, 4, 1)(image.data(), out.data());
  EXPECT_EQ(out, (std::vector<float>{0, 1, 3, 4}));
}

TEST(Resize, BlendsRowsAndColumnsOfEachChannel) {
  // Two channels; the second is ten times the first.
  const std::vector<float> image = {0, 0, 2, 20, 4, 40, 6, 60};
  std::vector<float> out(2);
  Resize(2, 2, 1, 1, 2)(image.data(), out.data());
  EXPECT_EQ(out, (std::vector<float>{3, 30}));
}
