// A dataset in a new order each epoch. The order comes from seed and epoch, so
// all ranks agree on it without a word; what fills no whole batch waits for
// another epoch.

#ifndef AUTOPAR_CORE_SHUFFLEDBATCHES_H
#define AUTOPAR_CORE_SHUFFLEDBATCHES_H

#include "autopar/core/BatchLoader.h"
#include "autopar/core/BatchSource.h"

#include <vector>

namespace autopar::inline runtime {

class ShuffledBatches final : public BatchSource {
public:
  /// Throws std::runtime_error when the dataset has fewer samples than a batch.
  ShuffledBatches(const Dataset &dataset, const Normalisation &normalisation,
                  const BatchBuffers &buffers, uint64_t seed, bool augment);

  int64_t batchesPerEpoch() const override;
  int64_t samplesPerBatch() const override { return loader.target().batch; }

private:
  bool isApart() const override { return loader.target().isApart(); }
  void fill(int64_t step) override;
  void bring() override { loader.bring(); }
  void flush() override { loader.flush(); }
  void shuffle(int64_t epoch);

  BatchLoader loader;
  uint64_t seed;
  bool augment;
  int64_t shuffledEpoch = -1;
  std::vector<int64_t> order;
};

} // namespace autopar::inline runtime

#endif // AUTOPAR_CORE_SHUFFLEDBATCHES_H
