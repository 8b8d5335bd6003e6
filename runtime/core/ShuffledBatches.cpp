#include "autopar/core/ShuffledBatches.h"

#include "autopar/core/Philox.h"

#include <numeric>
#include <stdexcept>
#include <string>

using namespace autopar;

ShuffledBatches::ShuffledBatches(const Dataset &dataset, const Normalisation &normalisation,
                                 const BatchBuffers &buffers, uint64_t seed, bool augment)
    : loader(dataset, normalisation, buffers), seed(seed), augment(augment),
      order(dataset.size()) {
  if (dataset.size() < buffers.batch)
    throw std::runtime_error("the training data has " + std::to_string(dataset.size()) +
                             " samples, fewer than one batch of " +
                             std::to_string(buffers.batch));
}

int64_t ShuffledBatches::batchesPerEpoch() const {
  return static_cast<int64_t>(order.size()) / loader.target().batch;
}

void ShuffledBatches::fill(int64_t step) {
  const int64_t epoch = step / batchesPerEpoch();
  if (epoch != shuffledEpoch)
    shuffle(epoch);
  const int64_t batch = loader.target().batch;
  const auto samples = std::span(order).subspan(step % batchesPerEpoch() * batch, batch);
  std::optional<AugmentationKey> key;
  if (augment)
    key = AugmentationKey{seed, static_cast<uint64_t>(epoch)};
  loader.load(samples, key);
}

void ShuffledBatches::shuffle(int64_t epoch) {
  // Fisher and Yates, with numbers that no standard library may change.
  std::iota(order.begin(), order.end(), int64_t(0));
  const RandomStream random(seed, "epoch " + std::to_string(epoch));
  for (uint64_t last = order.size() - 1; last > 0; --last)
    std::swap(order[last], order[random.below(last + 1, last)]);
  shuffledEpoch = epoch;
}
