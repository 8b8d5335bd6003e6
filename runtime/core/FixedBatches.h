// Given batches in turn, from a safetensors file: for comparing a run with
// another program's on exactly the same inputs.

#ifndef AUTOPAR_CORE_FIXEDBATCHES_H
#define AUTOPAR_CORE_FIXEDBATCHES_H

#include "autopar/core/BatchBuffers.h"
#include "autopar/core/BatchSource.h"
#include "autopar/core/Safetensors.h"

namespace autopar::inline runtime {

class FixedBatches final : public BatchSource {
public:
  /// The file holds "images" f32 [N, H, W, C] and "labels" i32 [N], or K of
  /// each: [K, N, …]. Throws std::runtime_error when a tensor is missing, of
  /// another shape, or a label is not in [-1, classes).
  FixedBatches(const std::filesystem::path &path, const BatchBuffers &buffers, int64_t classes);

  int64_t batchesPerEpoch() const override { return batches; }

private:
  bool isApart() const override { return buffers.isApart(); }
  void fill(int64_t step) override;
  void flush() override { buffers.flush(); }

  SafetensorsReader file;
  BatchBuffers buffers;
  int64_t batches = 1;
  const std::byte *images;
  const std::byte *labels;
};

} // namespace autopar::inline runtime

#endif // AUTOPAR_CORE_FIXEDBATCHES_H
