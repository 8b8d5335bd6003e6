#include "autopar/core/FixedBatches.h"

#include "autopar/core/BatchBuffers.h"

#include "BatchPorts.h"
#include "Meshes.h"
#include "TemporaryFolder.h"

#include <gtest/gtest.h>

#include <numeric>
#include <vector>

using namespace autopar;

namespace {

using meshes::two;
constexpr int64_t imageElements = 2 * 2 * 3;

/// Writes tensors whose values count up, with labels of `classes`.
std::filesystem::path write(const TemporaryFolder &folder, Shape images, Shape labels,
                            int32_t classes = 10) {
  const auto path = folder.path / "batch.safetensors";
  std::vector<float> pixels(elements(images));
  std::iota(pixels.begin(), pixels.end(), 0.0f);
  std::vector<int32_t> numbers(elements(labels));
  for (size_t i = 0; i < numbers.size(); ++i)
    numbers[i] = static_cast<int32_t>(i) % classes;
  SafetensorsWriter writer(
      path, {{"images", DataType::F32, images}, {"labels", DataType::I32, labels}}, {});
  writer.append(std::as_bytes(std::span(pixels)));
  writer.append(std::as_bytes(std::span(numbers)));
  writer.finish();
  return path;
}

/// Rank 1 of two, of batches of four 2x2 images.
struct FixedBatchesTest : testing::Test {
  TemporaryFolder folder;
  BatchPorts ports{4, 2, {{0}}};
  Arena arena{ports.arenaBytes()};
  BatchBuffers buffers{ports.entry(), Place(two, 1), arena};

  std::string error(const std::filesystem::path &path) {
    return errorOf([&] { FixedBatches(path, ports.entry(), Place(two, 1), arena, {10, 10}); });
  }
};

} // namespace

TEST_F(FixedBatchesTest, TakesSeveralInTurnAndItsOwnRows) {
  const auto path = write(folder, {3, 4, 2, 2, 3}, {3, 4});
  FixedBatches batches(path, ports.entry(), Place(two, 1), arena, {10, 10});
  EXPECT_EQ(batches.batchesPerEpoch(), 3);
  for (int64_t step : {0, 1, 2, 3, 4}) {
    batches.load(step);
    const int64_t firstRow = step % 3 * 4 + 2;
    EXPECT_EQ(buffers.images[0], firstRow * imageElements);
    EXPECT_EQ(buffers.images[2 * imageElements - 1], (firstRow + 2) * imageElements - 1);
    EXPECT_EQ(buffers.labels[0], firstRow % 10);
    EXPECT_EQ(buffers.labels[1], (firstRow + 1) % 10);
  }
}

TEST_F(FixedBatchesTest, SaysWhatChangedWhileItWasInUse) {
  const auto path = write(folder, {3, 4, 2, 2, 3}, {3, 4});
  FixedBatches batches(path, ports.entry(), Place(two, 1), arena, {10, 10});
  std::filesystem::resize_file(path, std::filesystem::file_size(path) - 4);
  EXPECT_NE(errorOf([&] { batches.load(2); }).find("the file has shrunk"), std::string::npos);
}

TEST_F(FixedBatchesTest, TakesASingleOne) {
  const auto path = write(folder, {4, 2, 2, 3}, {4});
  FixedBatches batches(path, ports.entry(), Place(two, 1), arena, {10, 10});
  EXPECT_EQ(batches.batchesPerEpoch(), 1);
  batches.load(5);
  EXPECT_EQ(buffers.labels[0], 2);
}

TEST_F(FixedBatchesTest, NamesBothShapesWhenTheyDiffer) {
  EXPECT_NE(error(write(folder, {4, 3, 2, 3}, {4}))
                .find("tensor images is F32[4, 3, 2, 3], not F32[4, 2, 2, 3]"),
            std::string::npos);
  EXPECT_NE(
      error(write(folder, {2, 4, 2, 2, 3}, {4})).find("2 batches of images, but 1 of labels"),
      std::string::npos);
  EXPECT_NE(error(write(folder, {0, 4, 2, 2, 3}, {0, 4})), "");
}

TEST_F(FixedBatchesTest, RefusesALabelOutOfRange) {
  EXPECT_NE(error(write(folder, {3, 4, 2, 2, 3}, {3, 4}, 12))
                .find("label 10 is 10, but the model has 10 classes"),
            std::string::npos);
}

TEST_F(FixedBatchesTest, FillWhateverAProgramReads) {
  const auto path = folder.path / "more.safetensors";
  const std::vector<float> targets{1, 2, 3, 4};
  const std::vector<int32_t> labels{-100, 3, -1, 0};
  SafetensorsWriter writer(
      path, {{"targets", DataType::F32, {4}}, {"labels", DataType::I32, {4}}}, {});
  writer.append(std::as_bytes(std::span(targets)));
  writer.append(std::as_bytes(std::span(labels)));
  writer.finish();
  const Port more[] = {
      {.name = "targets", .type = DataType::F32, .shape = {4}, .split = {{0}}},
      {.name = "labels", .type = DataType::I32, .shape = {4}, .split = {{0}}, .offset = 64},
      {.name = "learning_rate", .type = DataType::F32, .offset = 128}};
  FixedBatches batches(path, {.inputs = more}, Place(two, 0), arena, {10, 10});
  batches.load(0);
  EXPECT_EQ(arena.at<float>(0, {2})[1], 2);
  EXPECT_EQ(*arena.at<int32_t>(64, {2}), -100);
  EXPECT_EQ(batches.samplesPerBatch(), 4);
}

TEST_F(FixedBatchesTest, OfTextAreSplitAlongTheSequenceToo) {
  const auto path = folder.path / "text.safetensors";
  std::vector<int32_t> tokens(2 * 4), labels(2 * 4, -1);
  std::iota(tokens.begin(), tokens.end(), 0);
  SafetensorsWriter writer(
      path, {{"tokens", DataType::I32, {2, 4}}, {"labels", DataType::I32, {2, 4}}}, {});
  writer.append(std::as_bytes(std::span(tokens)));
  writer.append(std::as_bytes(std::span(labels)));
  writer.finish();
  const Port text[] = {
      {.name = "tokens", .type = DataType::I32, .shape = {2, 4}, .split = {{}, {0}}},
      {.name = "labels",
       .type = DataType::I32,
       .shape = {2, 4},
       .split = {{}, {0}},
       .offset = 64}};
  FixedBatches batches(path, {.inputs = text}, Place(two, 1), arena, {10, 10});
  batches.load(0);
  const int32_t *const loaded = arena.at<int32_t>(0, {2, 2});
  EXPECT_EQ(std::vector(loaded, loaded + 4), (std::vector<int32_t>{2, 3, 6, 7}));
  EXPECT_EQ(*arena.at<int32_t>(64, {2, 2}), -1);
  EXPECT_EQ(batches.samplesPerBatch(), 8);
  EXPECT_NE(errorOf([&] {
              FixedBatches(path, {.inputs = text}, Place(two, 1), arena, {10, 7});
            }).find("token 7 is 7, but the model has 7 classes"),
            std::string::npos);
}
