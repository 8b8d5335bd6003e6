#include "compiler/experiments/Progress.h"

#include <gtest/gtest.h>

using namespace autopar;

namespace {

TEST(Progress, TheTimeLeftFollowsFromTheTimeTaken) {
  Progress progress("planning", 4);
  progress.begin("1 GiB");
  EXPECT_EQ(progress.line(2), "planning [>                       ] 0/4  1 GiB");
  progress.advance();
  EXPECT_EQ(progress.line(10), "planning [======>                 ] 1/4  1 GiB  30 s left");
  for (int part = 1; part < 4; ++part)
    progress.advance();
  EXPECT_EQ(progress.line(40), "planning [========================] 4/4  1 GiB");
}

} // namespace
