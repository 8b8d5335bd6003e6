// Given batches in turn, from a safetensors file: for comparing a run with
// another program's on exactly the same inputs.

#ifndef AUTOPAR_CORE_FIXEDBATCHES_H
#define AUTOPAR_CORE_FIXEDBATCHES_H

#include "autopar/core/BatchSource.h"
#include "autopar/core/checkpoint/Safetensors.h"
#include "autopar/core/Shard.h"
#include "autopar/core/Staging.h"

#include <vector>

namespace autopar::inline runtime {

class FixedBatches final : public BatchSource {
public:
  /// What labels and tokens lie below.
  struct Bounds {
    int64_t classes, vocabulary;
  };

  /// The file holds whatever the step reads of a batch, of its type and shape, or K of each:
  /// [K, …]. Throws std::runtime_error when a tensor is missing or of another type or shape, or
  /// a label is none of the classes, nor negative, or a token not of the vocabulary.
  FixedBatches(const std::filesystem::path &path, const EntryPoint &step, const Place &place,
               Arena &arena, const Bounds &bounds);

  int64_t batchesPerEpoch() const override { return batches; }
  int64_t samplesPerBatch() const override { return samples; }

private:
  /// An input of the step and the tensor that fills it.
  struct Input {
    Staging<std::byte> data;
    Shard shard;
    TensorReader tensor;
    const Port *port;
    int64_t elementBytes, batchBytes;
  };

  /// Throws where the numbers of `part`, from element `first` of the tensor on, are no labels or
  /// tokens of the model's.
  void check(const Port &port, int64_t first, std::span<const std::byte> part) const;
  bool isApart() const override { return inputs.front().data.isApart(); }
  void fill(int64_t step) override;
  void bring() override;
  void flush() override;

  SafetensorsReader file;
  Bounds bounds;
  std::vector<Input> inputs;
  int64_t batches = 0;
  int64_t samples = 0;
};

} // namespace autopar::inline runtime

#endif // AUTOPAR_CORE_FIXEDBATCHES_H
