// What a training step is fed with: step after step, a batch into the arena.

#ifndef AUTOPAR_CORE_BATCHSOURCE_H
#define AUTOPAR_CORE_BATCHSOURCE_H

#include <cstdint>

namespace autopar::inline runtime {

class BatchSource {
public:
  virtual ~BatchSource() = default;

  /// Batches until the source begins again.
  virtual int64_t batchesPerEpoch() const = 0;

  /// Writes this rank's share of the batch of `step`, counted from 0.
  virtual void load(int64_t step) = 0;
};

} // namespace autopar::inline runtime

#endif // AUTOPAR_CORE_BATCHSOURCE_H
