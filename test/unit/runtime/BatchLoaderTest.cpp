#include "autopar/core/BatchLoader.h"
#include "autopar/core/SyntheticDataset.h"

#include "BatchPorts.h"
#include "FarMemory.h"
#include "Meshes.h"

#include <gtest/gtest.h>

#include <cmath>
#include <numeric>
#include <set>
#include <vector>

using namespace autopar;

namespace {

/// The whole batch that some ranks load together.
struct Batch {
  std::vector<float> images;
  std::vector<int32_t> labels;
};

Batch load(const Dataset &data, const Mesh &mesh, const Split &split, int64_t side,
           std::optional<AugmentationKey> key, std::vector<int64_t> samples) {
  const auto rows = static_cast<int64_t>(samples.size());
  const BatchPorts ports(rows, side, split);
  const int64_t imageElements = side * side * 3;
  Batch whole{std::vector<float>(rows * imageElements, -1e9f), std::vector<int32_t>(rows, -99)};
  for (int rank = 0; rank < mesh.ranks(); ++rank) {
    Arena arena(ports.arenaBytes());
    const BatchBuffers buffers(ports.entry(), Place(mesh, rank), arena);
    BatchLoader(data, data.normalisation(), buffers).load(samples, key);
    std::copy_n(buffers.images.data(), buffers.imageRows.count * imageElements,
                whole.images.begin() + buffers.imageRows.begin * imageElements);
    std::copy_n(buffers.labels.data(), buffers.labelRows.count,
                whole.labels.begin() + buffers.labelRows.begin);
  }
  return whole;
}

using meshes::one, meshes::four;

std::vector<int64_t> firstSamples(int64_t count) {
  std::vector<int64_t> samples(count);
  std::iota(samples.begin(), samples.end(), int64_t(0));
  return samples;
}

const SyntheticDataset data(SyntheticDataset::Part::Train, 100, 10);

} // namespace

TEST(BatchLoader, RanksTogetherLoadWhatOneLoads) {
  const AugmentationKey key{.seed = 5, .epoch = 2};
  const Batch alone = load(data, one, {}, 32, key, firstSamples(8));
  for (const Split &split : {Split{{0}}, Split{{1}}, Split{{0, 1}}, Split{}}) {
    const Batch together = load(data, four, split, 32, key, firstSamples(8));
    EXPECT_EQ(together.images, alone.images);
    EXPECT_EQ(together.labels, alone.labels);
  }
}

TEST(BatchLoader, NormalisesChannelsLast) {
  const Batch batch = load(data, one, {}, 32, std::nullopt, {3});
  const Normalisation normal = data.normalisation();
  Sample sample;
  data.read(3, sample);
  for (int y = 0; y < 32; ++y)
    for (int x = 0; x < 32; ++x)
      for (int c = 0; c < 3; ++c)
        ASSERT_FLOAT_EQ(batch.images[(y * 32 + x) * 3 + c],
                        (sample.pixels[c * 1024 + y * 32 + x] / 255.0 - normal.mean[c]) /
                            normal.deviation[c]);
  EXPECT_EQ(batch.labels[0], 3);
}

TEST(BatchLoader, ARowWithoutASampleIsBlackAndDoesNotCount) {
  const Batch batch = load(data, one, {}, 32, std::nullopt, {7, BatchLoader::noSample});
  EXPECT_EQ(batch.labels, (std::vector<int32_t>{7, -1}));
  const Normalisation normal = data.normalisation();
  EXPECT_FLOAT_EQ(batch.images[3072], -normal.mean[0] / normal.deviation[0]);
}

TEST(BatchLoader, ResizesToTheModelsImages) {
  const Batch small = load(data, one, {}, 16, std::nullopt, {4});
  const Batch full = load(data, one, {}, 32, std::nullopt, {4});
  // Halving with centres at halves is the mean of each square of four.
  for (int c = 0; c < 3; ++c)
    EXPECT_NEAR(
        small.images[c],
        (full.images[c] + full.images[3 + c] + full.images[96 + c] + full.images[99 + c]) / 4,
        1e-5);
  const Batch large = load(data, one, {}, 224, std::nullopt, {4});
  EXPECT_EQ(large.images.size(), 224u * 224 * 3);
  EXPECT_FLOAT_EQ(large.images[0], full.images[0]); // corners are kept
  EXPECT_FLOAT_EQ(large.images.back(), full.images.back());
}

TEST(BatchLoader, AugmentationMovesByUpToFourPixelsAndFlips) {
  // Every augmented image is the plain one under one of 9 * 9 * 2 views, and
  // many views occur.
  const Normalisation normal = data.normalisation();
  std::set<int> seen;
  for (int64_t index = 0; index < 40; ++index) {
    Sample sample;
    data.read(index, sample);
    const Batch batch = load(data, one, {}, 32, AugmentationKey{.seed = 1}, {index});
    int matches = 0;
    for (int view = 0; view < 162; ++view) {
      const int shiftY = view / 18 - 4, shiftX = view / 2 % 9 - 4;
      bool same = true;
      for (int i = 0; i < 1024 && same; ++i) {
        const int y = i / 32 + shiftY;
        const int x = (view % 2 ? 31 - i % 32 : i % 32) + shiftX;
        const bool inside = y >= 0 && y < 32 && x >= 0 && x < 32;
        const double level = inside ? sample.pixels[y * 32 + x] / 255.0 : 0;
        same = std::abs(batch.images[i * 3] - (level - normal.mean[0]) / normal.deviation[0]) <
               1e-4;
      }
      matches += same;
      if (same)
        seen.insert(view);
    }
    EXPECT_EQ(matches, 1);
  }
  EXPECT_GT(seen.size(), 25u);
}

// A device is brought bytes where no resizing makes others of them, and has the same bits.
TEST(BatchLoader, ADeviceIsBroughtTheSameBatch) {
  const AugmentationKey key{.seed = 5, .epoch = 2};
  for (int64_t side : {32, 20}) {
    const Batch wanted = load(data, one, {}, side, key, firstSamples(5));
    BatchPorts ports(5, side, {});
    FarMemory memory;
    memory.hasFeed = true;
    Arena arena(memory, ports.withNext().arenaBytes());
    const BatchBuffers buffers(ports.entry(), Place(one, 0), arena);
    EXPECT_EQ(buffers.pixels.has_value(), side == 32);
    const BatchLoader loader(data, data.normalisation(), buffers);
    loader.load(firstSamples(5), key);
    loader.bring();
    loader.flush();
    Batch found{std::vector<float>(wanted.images.size()), std::vector<int32_t>(5)};
    const std::span<const Port> inputs = ports.entry().inputs;
    memory.read(found.images.data(), arena.at<float>(inputs[0].offset, inputs[0].shape),
                found.images.size() * sizeof(float));
    memory.read(found.labels.data(), arena.at<int32_t>(inputs[1].offset, inputs[1].shape),
                found.labels.size() * sizeof(int32_t));
    EXPECT_EQ(found.images, wanted.images) << side;
    EXPECT_EQ(found.labels, wanted.labels) << side;
  }
}

TEST(BatchLoader, RefusesAModelWithoutThreeChannels) {
  Arena arena(4096);
  BatchPorts ports(1, 8, {});
  BatchBuffers buffers(ports.entry(), Place(one, 0), arena);
  buffers.channels = 1;
  EXPECT_THROW(BatchLoader(data, data.normalisation(), buffers), std::invalid_argument);
}

TEST(SyntheticDataset, ShowsTheSameClassesInBothParts) {
  // A class's images differ by noise of at most 60 levels either way.
  const SyntheticDataset test(SyntheticDataset::Part::Test, 100, 10);
  Sample a, b;
  data.read(2, a);
  test.read(12, b);
  EXPECT_EQ(a.label, b.label);
  EXPECT_NE(a.pixels, b.pixels);
  for (size_t i = 0; i < a.pixels.size(); ++i)
    ASSERT_LE(std::abs(a.pixels[i] - b.pixels[i]), 120);
}

TEST(SyntheticDataset, HasTheNormalisationItClaims) {
  Sample sample;
  double sum = 0, squares = 0;
  const SyntheticDataset many(SyntheticDataset::Part::Train, 300, 100);
  for (int64_t i = 0; i < 300; ++i) {
    many.read(i, sample);
    for (uint8_t pixel : sample.pixels) {
      sum += pixel / 255.0;
      squares += pixel / 255.0 * (pixel / 255.0);
    }
  }
  const double count = 300 * 3072, mean = sum / count;
  EXPECT_NEAR(mean, many.normalisation().mean[0], 0.01);
  EXPECT_NEAR(std::sqrt(squares / count - mean * mean), many.normalisation().deviation[0],
              0.01);
}
