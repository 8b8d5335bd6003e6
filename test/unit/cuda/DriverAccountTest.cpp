// A GPU's memory by its driver's account, from before the process has a context there.

#include "autopar/cuda/DriverAccount.h"

#include <gtest/gtest.h>

#include <dlfcn.h>

using namespace autopar::cuda;

namespace {

constexpr DeviceId gpu = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, '\xff'};
constexpr DeviceId another = {};

class DriverAccountTest : public testing::Test {
protected:
  ~DriverAccountTest() override { dlclose(library); }

  template <typename T> T &standIn(const char *name) {
    return *static_cast<T *>(dlsym(library, name));
  }

  void *library = dlopen(STAND_IN_NVML, RTLD_NOW);
  unsigned long long &used = standIn<unsigned long long>("standInUsed");
  unsigned long long &ofProcess = standIn<unsigned long long>("standInOfProcess");
  unsigned int &others = standIn<unsigned int>("standInOthers");
  bool &listsUs = standIn<bool>("standInListsUs");
  int &open = standIn<int>("standInOpen");
};

TEST_F(DriverAccountTest, IsOfTheProcessWhereTheDriverListsIt) {
  used = 5000;
  const auto account = DriverAccount::open(gpu, STAND_IN_NVML);
  ASSERT_TRUE(account);
  used = 9000;
  ofProcess = 3000;
  EXPECT_EQ(account->now().bytes, 3000u);
  EXPECT_EQ(account->now().account, "the driver's account of the process");
  others = 500; // more than it asks for at first
  EXPECT_EQ(account->now().bytes, 3000u);
}

TEST_F(DriverAccountTest, IsOtherwiseOfTheGpuSinceItWasOpened) {
  used = 5000;
  ofProcess = ~0ULL;
  others = 0;
  const auto account = DriverAccount::open(gpu, STAND_IN_NVML);
  ASSERT_TRUE(account);
  EXPECT_EQ(account->now().bytes, 0u);
  used = 9000;
  EXPECT_EQ(account->now().bytes, 4000u); // what is listed has no figure
  EXPECT_EQ(account->now().account, "what the driver counts on the GPU since before the context");
  listsUs = false;
  EXPECT_EQ(account->now().bytes, 4000u);
  used = 100; // somebody else has left
  EXPECT_EQ(account->now().bytes, 0u);
  listsUs = true;
}

TEST_F(DriverAccountTest, ThereIsNoneWithoutTheLibraryOrTheGpu) {
  EXPECT_FALSE(DriverAccount::open(gpu, "libno-such-nvml.so.1"));
  EXPECT_FALSE(DriverAccount::open(gpu, "libm.so.6")); // there, but without the functions
  EXPECT_FALSE(DriverAccount::open(another, STAND_IN_NVML));
}

TEST_F(DriverAccountTest, IsShutDownWithTheLast) {
  {
    const auto account = DriverAccount::open(gpu, STAND_IN_NVML);
    EXPECT_EQ(open, 1);
  }
  EXPECT_EQ(open, 0);
}

} // namespace
