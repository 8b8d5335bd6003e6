// What can be told of the CUDA target with no GPU at hand: cuDNN has a plan for every
// convolution, on each GPU that we know, in every precision, in a workspace that is worth it;
// and for those that it fuses with batch norms.
#include "Convolution.h"
#include "FusableShapes.h"
#include "Random.h"

#include "autopar/cuda/Conv2d.h"
#include "autopar/cuda/FusedConv2d.h"
#include "autopar/cuda/FusedMatmul.h"
#include "autopar/cuda/Linear.h"
#include "autopar/cuda/Matmul.h"
#include "autopar/cuda/Planning.h"
#include "autopar/cuda/Workspace.h"
#include "autopar/cuda/cudnn/ConvolutionGraph.h"
#include "autopar/cuda/cudnn/Engines.h"

#include <gtest/gtest.h>

#include <tuple>
#include <vector>

using namespace autopar;
using namespace autopar::cuda;
using conformance::named, conformance::Random;

namespace {

class Plans : public testing::TestWithParam<std::tuple<const char *, DataType>> {
protected:
  Plans() { planFor(DeviceProperties::preset(std::get<0>(GetParam()))); }
  const DataType type = std::get<1>(GetParam());

  /// Plans all three passes, and returns the largest workspace.
  size_t plan(Conv2dShape shape) const {
    shape.type = type;
    SCOPED_TRACE(named(shape));
    size_t most = 0;
    EXPECT_NO_THROW(most = std::max(most, Conv2dForward(shape).workspaceBytes()));
    EXPECT_NO_THROW(most = std::max(most, Conv2dInputGrad(shape).workspaceBytes()));
    EXPECT_NO_THROW(most = std::max(most, Conv2dWeightGrad(shape).workspaceBytes()));
    return most;
  }
};

INSTANTIATE_TEST_SUITE_P(Devices, Plans,
                         testing::Combine(testing::Values("a100", "h100"),
                                          testing::Values(DataType::F32, DataType::BF16,
                                                          DataType::F16)),
                         [](const auto &info) {
                           return std::get<0>(info.param) +
                                  ("_" + std::string(nameOf(std::get<1>(info.param))));
                         });

Conv2dShape square(int64_t size, int64_t channels, int64_t filters, int64_t kernel,
                   int64_t stride) {
  const int64_t pad = kernel / 2;
  return {.batch = 64,
          .height = size,
          .width = size,
          .channels = channels,
          .filters = filters,
          .kernelH = kernel,
          .kernelW = kernel,
          .strideH = stride,
          .strideW = stride,
          .padTop = pad,
          .padLeft = pad,
          .padBottom = pad,
          .padRight = pad};
}

const Conv2dShape stem = square(224, 3, 64, 7, 2);

/// ResNet-50's convolutions behind its stem.
std::vector<Conv2dShape> blocks() {
  std::vector<Conv2dShape> shapes;
  int64_t size = 56, channels = 64;
  for (int64_t width : {64, 128, 256, 512}) {
    const int64_t stride = width == 64 ? 1 : 2;
    shapes.push_back(square(size, channels, width, 1, 1));
    shapes.push_back(square(size, width, width, 3, stride));
    shapes.push_back(square(size, channels, 4 * width, 1, stride));
    size /= stride;
    channels = 4 * width;
    shapes.push_back(square(size, width, channels, 1, 1));
    shapes.push_back(square(size, channels, width, 1, 1));
    shapes.push_back(square(size, width, width, 3, 1));
  }
  return shapes;
}

TEST_P(Plans, everyConvolutionOfResNet50) {
  plan(stem);
  for (const Conv2dShape &shape : blocks())
    plan(shape);
}

TEST_P(Plans, randomConvolutions) {
  Random random(1);
  for (int repeat = 0; repeat < 25; ++repeat)
    plan(conformance::randomConv2d(random, 9, 16));
}

// cuDNN 9.19 has engines of gradients that add up in any order in f32, for whoever does not mind.
TEST_P(Plans, theSameBitsLeaveEnginesOut) {
  using cudnn::ConvolutionGraph, cudnn::Engines;
  size_t all = 0, kept = 0;
  Conv2dShape shape = square(56, 64, 64, 3, 1);
  shape.type = type;
  for (auto pass : {ConvolutionGraph::Pass::InputGrad, ConvolutionGraph::Pass::WeightGrad}) {
    ConvolutionGraph graph(shape);
    graph.convolve(pass, graph.image(), graph.weights(), graph.output());
    const Engines::Terms any = {.tensorCores = type != DataType::F32},
                         same = {.tensorCores = any.tensorCores, .deterministic = true};
    all += Engines::of(graph, any)->count();
    kept += Engines::of(graph, same)->count();
  }
  EXPECT_GT(kept, 0);
  if (type == DataType::F32)
    EXPECT_GT(all, kept);
  else
    EXPECT_GE(all, kept);
}

// Half of the images and 16 MiB: what Conv2d.cpp allows, and the weights beside that.
TEST_P(Plans, workspacesAreSmallBesideTheImages) {
  const Conv2dShape shape = square(56, 64, 256, 1, 1);
  const size_t images = bytesOf(type) * 64 * 56 * 56 * (64 + 256);
  EXPECT_LE(plan(shape),
            images / 2 + (size_t(16) << 20) + bytesOf(type) * 64 * 256 + 2 * alignment);
}

TEST_P(Plans, areTheSameWhenMadeAgain) {
  const Conv2dShape shape = square(14, 256, 256, 3, 1);
  EXPECT_EQ(plan(shape), plan(shape));
}

// A GPU's own plan may want more than the compiler's for another of its kind.
TEST_P(Plans, giveWayToAPlanThatFits) {
  Conv2dShape shape = square(28, 128, 128, 3, 1);
  shape.type = type;
  const Conv2dWeightGrad call(shape);
  const size_t best = call.workspaceBytes();
  const size_t ofWeights = bytesOf(type) * 128 * 128 * 9;
  ASSERT_GT(best, 0u);
  try {
    call.requireWorkspace(best - alignment);
    EXPECT_LT(call.workspaceBytes(), best);
  } catch (const std::runtime_error &error) {
    EXPECT_NE(std::string(error.what()).find(std::to_string(best)), std::string::npos)
        << error.what();
  }
  EXPECT_THROW(call.requireWorkspace(ofWeights - 1), std::runtime_error);
}

TEST(Planning, namesTheGpusItKnows) {
  try {
    DeviceProperties::preset("h1000");
    FAIL() << "took an unknown GPU";
  } catch (const std::invalid_argument &error) {
    EXPECT_STREQ(error.what(), "no GPU is known as h1000; a100 and h100 are");
  }
  EXPECT_EQ(DeviceProperties::preset("h100").name, "NVIDIA H100 80GB HBM3");
}

TEST(Planning, refusesWhatIsNoDescription) {
  EXPECT_THROW(DeviceProperties::parse("[1, 2]"), std::invalid_argument);
  EXPECT_THROW(DeviceProperties::parse("{\"deviceName\": 3}"), std::invalid_argument);
  EXPECT_THROW(DeviceProperties::parse("{\"deviceName\": \"GPU\"}"), std::invalid_argument);
}

TEST(Conv2dPlans, refuseImagesOfOtherTypes) {
  planFor(DeviceProperties::preset("h100"));
  Conv2dShape shape = square(8, 8, 8, 1, 1);
  shape.type = DataType::I32;
  EXPECT_THROW(Conv2dForward{shape}, std::invalid_argument);
}

/// An H100 of fewer multiprocessors, as those on PCIe are.
DeviceProperties smallerH100() {
  std::string json = DeviceProperties::preset("h100").json;
  const std::string all = "\"multiProcessorCount\": 132";
  return DeviceProperties::parse(
      json.replace(json.find(all), all.size(), "\"multiProcessorCount\": 114"));
}

template <class Call> void expectSameRoomOnASmallerH100(const Conv2dShape &shape) {
  SCOPED_TRACE(named(shape));
  planFor(DeviceProperties::preset("h100"));
  const size_t planned = Call(shape).workspaceBytes();
  planFor(smallerH100());
  EXPECT_NO_THROW(Call(shape).requireWorkspace(planned));
}

// What is planned for one kind of H100 does on another.
TEST(Conv2dPlans, fitAnotherKindOfH100) {
  for (Conv2dShape shape : blocks()) {
    shape.type = DataType::BF16;
    expectSameRoomOnASmallerH100<Conv2dForward>(shape);
    expectSameRoomOnASmallerH100<Conv2dInputGrad>(shape);
    expectSameRoomOnASmallerH100<Conv2dWeightGrad>(shape);
  }
}

// In f16, with the batch norm in front that NormConv2d… have.
Conv2dShape fusable(Conv2dShape shape) {
  shape.type = DataType::F16;
  shape.count = shape.batch * shape.height * shape.width;
  shape.epsilon = 1e-5;
  return shape;
}

TEST(FusedConv2dPlans, haveEveryConvolutionOfResNet50ButItsStem) {
  for (const char *device : {"a100", "h100"}) {
    planFor(DeviceProperties::preset(device));
    for (const Conv2dShape &plain : blocks()) {
      const Conv2dShape shape = fusable(plain);
      SCOPED_TRACE(device + (" " + named(shape)));
      EXPECT_NO_THROW(Conv2dStats{shape});
      EXPECT_NO_THROW(NormConv2dStats{shape});
      EXPECT_NO_THROW(NormConv2dWeightGrad{shape});
    }
    EXPECT_THROW(Conv2dStats{fusable(stem)}, std::runtime_error);
    EXPECT_THROW(NormConv2dStats{fusable(stem)}, std::runtime_error);
    EXPECT_THROW(NormConv2dWeightGrad{fusable(stem)}, std::runtime_error);
    EXPECT_THROW(NormConv2dInputGrad{fusable(stem)}, std::runtime_error);
  }
}

// An A100's engine for them wants room for twice the image, which is too much where the image
// is no less than the output.
TEST(FusedConv2dPlans, haveInputGradientsOnAnH100) {
  planFor(DeviceProperties::preset("h100"));
  for (const Conv2dShape &shape : blocks()) {
    SCOPED_TRACE(named(shape));
    EXPECT_NO_THROW(NormConv2dInputGrad{fusable(shape)});
  }
  planFor(DeviceProperties::preset("a100"));
  EXPECT_THROW(NormConv2dInputGrad{fusable(square(56, 256, 64, 1, 1))}, std::runtime_error);
}

TEST(FusedConv2dPlans, haveRandomConvolutions) {
  Random random(1);
  for (const char *device : {"a100", "h100"}) {
    planFor(DeviceProperties::preset(device));
    for (int repeat = 0; repeat < 25; ++repeat) {
      const Conv2dShape shape = conformance::randomFusable(random);
      SCOPED_TRACE(device + (" " + named(shape)));
      EXPECT_NO_THROW(Conv2dStats{shape});
      EXPECT_NO_THROW(NormConv2dStats{shape});
      EXPECT_NO_THROW(NormConv2dWeightGrad{shape});
      EXPECT_NO_THROW(NormConv2dInputGrad{shape});
    }
  }
}

TEST(FusedConv2dPlans, refuseImagesOfOtherTypes) {
  planFor(DeviceProperties::preset("h100"));
  for (DataType type : {DataType::F32, DataType::BF16}) {
    Conv2dShape shape = fusable(square(8, 8, 8, 1, 1));
    shape.type = type;
    EXPECT_THROW(Conv2dStats{shape}, std::invalid_argument);
    EXPECT_THROW(NormConv2dStats{shape}, std::invalid_argument);
    EXPECT_THROW(NormConv2dInputGrad{shape}, std::invalid_argument);
    try {
      NormConv2dWeightGrad{shape};
      FAIL() << "took images of " << nameOf(type);
    } catch (const std::invalid_argument &error) {
      EXPECT_EQ(error.what(), "NormConv2dWeightGrad: images of " + std::string(nameOf(type)) +
                                  "; cuDNN fuses batch norms with convolutions of F16 only");
    }
  }
}

TEST(FusedConv2dPlans, refuseANormOverNoValues) {
  planFor(DeviceProperties::preset("h100"));
  Conv2dShape shape = fusable(square(8, 8, 8, 1, 1));
  shape.count = 0;
  EXPECT_NO_THROW(Conv2dStats{shape}); // It has no norm in front.
  EXPECT_THROW(NormConv2dStats{shape}, std::invalid_argument);
  EXPECT_THROW(NormConv2dWeightGrad{shape}, std::invalid_argument);
  EXPECT_THROW(NormConv2dInputGrad{shape}, std::invalid_argument);
}

/// Checks that `parts` have their room whatever plan is taken.
template <class Call> void expectRoomFor(size_t parts, const Conv2dShape &shape) {
  const Call call(shape);
  EXPECT_GE(call.workspaceBytes(), parts);
  EXPECT_THROW(call.requireWorkspace(parts - 1), std::runtime_error);
}

TEST(FusedConv2dPlans, haveRoomForWeightsCoefficientsAndSums) {
  planFor(DeviceProperties::preset("h100"));
  const int64_t channels = 24, filters = 520;
  const Conv2dShape shape = fusable(square(16, channels, filters, 3, 1));
  const size_t weights = alignUp(2 * filters * channels * 9);
  const size_t folded = 2 * alignUp(2 * channels), moments = 2 * alignUp(4 * channels);
  const size_t stats = 2 * alignUp(4 * filters), gradSums = 5 * alignUp(4 * channels);
  expectRoomFor<Conv2dStats>(weights + stats, shape);
  expectRoomFor<NormConv2dStats>(weights + folded + stats, shape);
  expectRoomFor<NormConv2dWeightGrad>(weights + folded, shape);
  expectRoomFor<NormConv2dInputGrad>(weights + moments + gradSums, shape);
}

// The rounded copies of f32 factors lie in the workspace, beside what cuBLASLt gets.
TEST(MatmulPlans, haveRoomForWhatIsRounded) {
  const Matmul plain({.m = 10, .n = 20, .k = 30});
  const Matmul ofMasters(
      {.m = 10, .n = 20, .k = 30, .typeA = DataType::BF16, .typeC = DataType::BF16});
  EXPECT_EQ(ofMasters.workspaceBytes() - plain.workspaceBytes(), alignUp(30 * 20 * 2));
  EXPECT_THROW(plain.requireWorkspace(plain.workspaceBytes() - 1), std::runtime_error);
}

// A bias of 16 bits beside that; in f32 it is read where it lies.
TEST(FusedMatmulPlans, haveRoomForTheBias) {
  const MatmulShape wide{.m = 10, .n = 200, .k = 30};
  MatmulShape narrow = wide;
  narrow.typeA = narrow.typeC = DataType::BF16;
  EXPECT_EQ(MatmulBias(wide).workspaceBytes(), Matmul(wide).workspaceBytes());
  EXPECT_EQ(MatmulBias(narrow).workspaceBytes(),
            Matmul(narrow).workspaceBytes() + alignUp(200 * 2));
  EXPECT_THROW(MatmulBias(narrow).requireWorkspace(Matmul(narrow).workspaceBytes()),
               std::runtime_error);
}

// Where cuBLASLt sums no rows, a kernel does it in the same workspace.
TEST(FusedMatmulPlans, haveRoomForSumsOfRows) {
  const MatmulShape shape{.m = 64, .n = 32, .k = 1 << 22, .transposeA = true};
  EXPECT_GE(MatmulSumA(shape).workspaceBytes(), BiasGrad({shape.k, 64}).workspaceBytes());
}

TEST(FusedMatmulPlans, refuseWhatTheirLayoutDoesNotAllow) {
  const MatmulShape byTwelve{.m = 8, .n = 12, .k = 8};
  EXPECT_NO_THROW(MatmulBiasGelu{byTwelve});
  EXPECT_THROW(MatmulBiasGeluAux{byTwelve}, std::invalid_argument);
  EXPECT_THROW(MatmulGeluGrad{byTwelve}, std::invalid_argument);
  EXPECT_THROW(MatmulSumA{byTwelve}, std::invalid_argument);
  EXPECT_NO_THROW(MatmulSumB{byTwelve});
}

TEST(MatmulPlans, refuseMixedSixteenBits) {
  EXPECT_THROW(
      Matmul({.m = 1, .n = 1, .k = 1, .typeA = DataType::BF16, .typeB = DataType::F16}),
      std::invalid_argument);
  EXPECT_THROW(Matmul({.m = 1, .n = 1, .k = 1, .typeC = DataType::BF16}),
               std::invalid_argument);
}

} // namespace
