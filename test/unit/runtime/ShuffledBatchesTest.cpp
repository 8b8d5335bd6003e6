#include "autopar/core/ShuffledBatches.h"
#include "autopar/core/SyntheticDataset.h"

#include "BatchPorts.h"
#include "Meshes.h"
#include "TemporaryFolder.h"

#include <gtest/gtest.h>

#include <algorithm>

using namespace autopar;

namespace {

using meshes::one;

/// Labels of the first `steps` batches of 4; with as many classes as samples a
/// label tells which sample it is.
std::vector<int32_t> labels(int64_t samples, uint64_t seed, int64_t steps) {
  const SyntheticDataset data(SyntheticDataset::Part::Train, samples, samples);
  const BatchPorts ports(4, 8, {});
  Arena arena(ports.arenaBytes());
  const BatchBuffers buffers(ports.entry(), Place(one, 0), arena);
  ShuffledBatches batches(data, data.normalisation(), buffers, seed, false);
  std::vector<int32_t> result;
  for (int64_t step = 0; step < steps; ++step) {
    batches.load(step);
    result.insert(result.end(), buffers.labels.data(), buffers.labels.data() + 4);
  }
  return result;
}

} // namespace

TEST(ShuffledBatches, AnEpochShowsEachSampleOnceInAnOrderOfItsOwn) {
  const std::vector<int32_t> order = labels(12, 1, 6);
  std::vector<int32_t> first(order.begin(), order.begin() + 12);
  std::vector<int32_t> second(order.begin() + 12, order.end());
  EXPECT_NE(first, second);
  std::vector<int32_t> all(12);
  for (int i = 0; i < 12; ++i)
    all[i] = i;
  EXPECT_NE(first, all);
  for (std::vector<int32_t> *epoch : {&first, &second}) {
    std::sort(epoch->begin(), epoch->end());
    EXPECT_EQ(*epoch, all);
  }
}

TEST(ShuffledBatches, TheSeedAloneDecidesTheOrder) {
  EXPECT_EQ(labels(12, 1, 3), labels(12, 1, 3));
  EXPECT_NE(labels(12, 1, 3), labels(12, 2, 3));
}

TEST(ShuffledBatches, DropsWhatFillsNoBatch) {
  std::vector<int32_t> epoch = labels(11, 1, 2); // 8 of 11 samples
  std::sort(epoch.begin(), epoch.end());
  EXPECT_EQ(std::adjacent_find(epoch.begin(), epoch.end()), epoch.end());
}

TEST(ShuffledBatches, NeedsOneWholeBatch) {
  EXPECT_EQ(errorOf([] { labels(3, 1, 1); }),
            "the training data has 3 samples, fewer than one batch of 4");
}
