// The CUDA runtime's plans of cuDNN's on a device that refuses some of them.
#include "standin/cudnn/Rehearsal.h"
#include "standin/tests/OnDevice.h"

#include "autopar/cuda/Attention.h"
#include "autopar/cuda/Context.h"
#include "autopar/cuda/Conv2d.h"
#include "autopar/cuda/NarrowTypes.h"
#include "autopar/cuda/Planning.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>

using namespace autopar::cuda;
using autopar::DataType;

namespace standin {

namespace {

constexpr size_t workspaceBytes = size_t(96) << 20;

/// For as long as it lives.
struct Rehearsing {
  Rehearsing(int64_t refuses, int64_t fails) { cudnn::rehearsal() = {refuses, fails}; }
  ~Rehearsing() { cudnn::rehearsal() = {}; }
};

/// Numbers of a pattern.
template <class T> void fill(const Context &context, const OnDevice<T> &tensor, size_t count) {
  std::vector<T> numbers;
  for (size_t i = 0; i < count; ++i)
    numbers.push_back(T(float(i * 37 % 101) / 101 - 0.5f));
  cudaMemcpyAsync(tensor.data(), numbers.data(), count * sizeof(T), cudaMemcpyHostToDevice,
                  context.compute);
  context.synchronize();
}

/// The product of a convolution, twice run by one plan.
std::vector<float> convolve() {
  const Context context;
  const Conv2dShape shape{.batch = 1, .height = 6, .width = 6, .channels = 8, .filters = 8,
                          .kernelH = 3, .kernelW = 3, .padTop = 1, .padLeft = 1, .padBottom = 1,
                          .padRight = 1};
  const Conv2dForward call(shape);
  call.requireWorkspace(workspaceBytes);
  const size_t images = 6 * 6 * 8;
  OnDevice<float> x(images), w(9 * 8 * 8), y(images);
  OnDevice<char> workspace(workspaceBytes);
  fill(context, x, images);
  fill(context, w, 9 * 8 * 8);
  try {
    for (int times = 0; times < 2; ++times)
      call(context, x.data(), w.data(), y.data(), workspace.data());
  } catch (...) {
    context.synchronize(); // Before its operands are freed.
    throw;
  }
  context.synchronize();
  return y.read();
}

/// What body writes to standard error.
template <class Body> std::string saidBy(Body body) {
  testing::internal::CaptureStderr();
  body();
  return testing::internal::GetCapturedStderr();
}

TEST(Plans, thatAreRefusedOrFailGiveWayToOthers) {
  std::vector<float> expected;
  EXPECT_EQ(saidBy([&] { expected = convolve(); }), "");
  for (const auto &[refuses, fails] : {std::pair(1, 0), {0, 2}, {1, 2}}) {
    const Rehearsing device(refuses, fails);
    std::vector<float> actual;
    const std::string said = saidBy([&] { actual = convolve(); });
    EXPECT_EQ(actual, expected);
    EXPECT_TRUE(said.starts_with("note: Conv2dForward ")) << said;
    EXPECT_NE(said.find(": of cuDNN's engines these do not run on NVIDIA H100 80GB HBM3: "),
              std::string::npos)
        << said;
    EXPECT_TRUE(said.ends_with(" takes their place\n")) << said;
    EXPECT_EQ(std::ranges::count(said, '\n'), 1);
  }
}

TEST(Plans, ofWhichNoneIsLeftSayWhatToDo) {
  const Rehearsing device(0, 1000);
  saidBy([] {
    try {
      convolve();
      FAIL() << "ran by an engine that fails";
    } catch (const std::runtime_error &error) {
      EXPECT_NE(std::string(error.what()).find("runs this on NVIDIA H100 80GB HBM3 in"),
                std::string::npos)
          << error.what();
    }
  });
}

/// Attention and its gradient: y, then dqkv.
std::vector<float> attend() {
  const Context context;
  const AttentionShape shape{.batch = 1, .sequence = 16, .heads = 2, .headSize = 8,
                             .scale = 0.35, .type = DataType::BF16};
  const Attention forward(shape);
  const AttentionGrad backward(shape);
  forward.requireWorkspace(workspaceBytes);
  backward.requireWorkspace(workspaceBytes);
  const size_t part = 16 * 2 * 8;
  OnDevice<bf16> qkv(3 * part), y(part), dy(part), dqkv(3 * part);
  OnDevice<float> lse(16 * 2);
  OnDevice<char> workspace(workspaceBytes);
  fill(context, qkv, 3 * part);
  fill(context, dy, part);
  for (int times = 0; times < 2; ++times) {
    forward(context, qkv.data(), y.data(), lse.data(), workspace.data());
    backward(context, dy.data(), qkv.data(), y.data(), lse.data(), dqkv.data(),
             workspace.data());
  }
  context.synchronize();
  std::vector<float> result;
  for (const auto &part : {y.read(), dqkv.read()})
    for (bf16 number : part)
      result.push_back(static_cast<float>(number));
  return result;
}

TEST(Plans, ofAttentionThatFailGiveWayToProducts) {
  const std::vector<float> expected = attend();
  const Rehearsing device(0, 1000);
  std::vector<float> actual;
  const std::string said = saidBy([&] { actual = attend(); });
  EXPECT_NE(said.find("note: Attention "), std::string::npos) << said;
  EXPECT_NE(said.find("note: AttentionGrad "), std::string::npos) << said;
  ASSERT_EQ(actual.size(), expected.size());
  for (size_t i = 0; i < expected.size(); ++i)
    EXPECT_NEAR(actual[i], expected[i], 0x1p-6) << i;
}

void runADescribedPlan() {
  const Context context;
  planFor(DeviceProperties::preset("h100"));
  const Conv2dForward call({.batch = 1, .height = 4, .width = 4, .channels = 8, .filters = 8,
                            .kernelH = 1, .kernelW = 1});
  OnDevice<float> x(128), w(64), y(128);
  OnDevice<char> workspace(workspaceBytes);
  call(context, x.data(), w.data(), y.data(), workspace.data());
}

TEST(PlansDeathTest, ofADescribedDeviceAreNotExecuted) {
  EXPECT_EXIT(runADescribedPlan(), testing::ExitedWithCode(1),
              "a cuDNN plan that was made for a described device");
}

} // namespace

} // namespace standin
