// From samples to the rows of a batch: read, crop and flip, normalise, resize,
// and write channels-last into the batch's buffers; bytes where a device normalises
// them. A rank does this for its rows only; what a row holds depends on the sample,
// the seed and the epoch, never on the mesh.

#ifndef AUTOPAR_CORE_BATCHLOADER_H
#define AUTOPAR_CORE_BATCHLOADER_H

#include "autopar/core/BatchBuffers.h"
#include "autopar/core/Dataset.h"
#include "autopar/core/Resize.h"

#include <optional>

namespace autopar::inline runtime {

/// What random crops and flips are keyed by, besides the sample's index.
struct AugmentationKey {
  uint64_t seed = 0;
  uint64_t epoch = 0;
};

class BatchLoader {
public:
  /// Row content where there is no sample: black, and a label of -1.
  static constexpr int64_t noSample = -1;

  /// Throws std::invalid_argument unless the model's images have 3 channels.
  BatchLoader(const Dataset &dataset, const Normalisation &normalisation,
              const BatchBuffers &buffers);

  /// Row i of the global batch takes sample `samples[i]`; the buffers are left to be brought
  /// and flushed.
  /// With a key, images are padded by 4 black pixels a side, cropped at random and flipped by a
  /// coin's toss.
  void load(std::span<const int64_t> samples,
            const std::optional<AugmentationKey> &augmentation) const;

  void bring() const { buffers.bring(); }
  void flush() const { buffers.flush(levels); }

  const BatchBuffers &target() const { return buffers; }

private:
  struct View; // which pixel of a sample stands where

  /// Row `row` of this rank's images.
  void decode(const Sample &sample, const View &view, int64_t row) const;

  const Dataset &dataset;
  BatchBuffers buffers;
  Resize resize;
  PixelLevels levels;
};

} // namespace autopar::inline runtime

#endif // AUTOPAR_CORE_BATCHLOADER_H
