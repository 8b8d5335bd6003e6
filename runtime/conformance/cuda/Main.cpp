// The suite needs a GPU. Where there is none it says so, by the exit code that test drivers
// take for "skipped".
#include "autopar/cuda/Device.h"

#include <gtest/gtest.h>

#include <cstdio>

int main(int argc, char **argv) {
  constexpr int skipped = 77;
  testing::InitGoogleTest(&argc, argv);
  if (autopar::cuda::deviceCount() == 0) {
    std::fputs("no GPU here: the CUDA target's conformance suite was not run\n", stderr);
    return skipped;
  }
  try {
    autopar::cuda::selectDevice(/*localRank=*/0);
  } catch (const std::exception &error) {
    std::fprintf(stderr, "error: %s\n", error.what());
    return 1;
  }
  return RUN_ALL_TESTS();
}
