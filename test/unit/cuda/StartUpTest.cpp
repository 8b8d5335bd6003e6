// What may be wrong with a host's GPUs when a program starts, and what is said then.

#include "autopar/core/LonePeers.h"
#include "autopar/cuda/Device.h"
#include "autopar/cuda/DeviceMemory.h"
#include "autopar/cuda/Target.h"

#include "../runtime/TemporaryFolder.h"

#include <gtest/gtest.h>

#include <vector>

using namespace autopar;
using namespace autopar::cuda;

TEST(StartUp, NeedsADriverOfTheSameAge) {
  EXPECT_EQ(errorOf([] { requireDriver(/*driver=*/0, /*runtime=*/13000); }),
            "no CUDA driver is installed here; this program needs a GPU and a driver for CUDA "
            "13.0, or compile with --target cpu");
  EXPECT_EQ(errorOf([] { requireDriver(12080, 13000); }),
            "the driver here is for CUDA 12.8, this program was built with CUDA 13.0; install a "
            "newer driver, or build with an older nvcc");
  EXPECT_EQ(errorOf([] { requireDriver(13000, 13010); }), "");
  EXPECT_EQ(errorOf([] { requireDriver(14020, 13000); }), "");
}

TEST(StartUp, GivesEveryRankAGpuOfItsOwn) {
  const DeviceId a = {'a'}, b = {'b'}, c = {'c'};
  EXPECT_EQ(errorOf([&] { requireOwnDevices(std::vector{a, b, c}); }), "");
  EXPECT_EQ(errorOf([&] { requireOwnDevices(std::vector{a, b, c, b}); }),
            "ranks 1 and 3 have one GPU between them; start no more ranks on a host than it has "
            "GPUs, or let ranks share one with --comm mpi");
}

TEST(StartUp, NamesTheMemoryThatIsMissing) {
  EXPECT_EQ(errorOf([] { failForWantOfMemory(9'000'000'000, 8'000'000'000); }),
            "the plan needs 9000000000 bytes of device memory, but of 8000000000 free ones none "
            "so large could be had; compile with a smaller --mem-budget, or stop what else runs "
            "on the device");
}

TEST(StartUp, ReadsItsOptionsBeforeAnyDevice) {
  LonePeers alone;
  Rank rank(alone, {.sizes = {1}, .axes = {"x"}}, "train_rank");
  const auto start = [&rank](const TargetOptions &options) {
    return errorOf([&] { target().makeMemory(rank, options); });
  };
  EXPECT_EQ(start({{"--comm", "gloo"}}), "--comm takes one of nccl, mpi, not gloo");
  EXPECT_EQ(start({{"--patience", "0"}}),
            "--patience takes a positive number of seconds, not 0");
}
