// Batches of a text: windows at random places for training, and one behind the other for
// evaluation. The places come from seed, step and row, so any mesh sees the same batches.

#ifndef AUTOPAR_CORE_TOKENWINDOWS_H
#define AUTOPAR_CORE_TOKENWINDOWS_H

#include "autopar/core/BatchSource.h"
#include "autopar/core/TestSource.h"
#include "autopar/core/TokenBuffers.h"

#include <vector>

namespace autopar::inline runtime {

class RandomWindows final : public BatchSource {
public:
  /// Throws std::runtime_error when the text is too short for a sequence and the token behind
  /// it.
  RandomWindows(const TokenText &text, const TokenBuffers &buffers, uint64_t seed);

  /// As many as read each token once, on average.
  int64_t batchesPerEpoch() const override;
  int64_t samplesPerBatch() const override { return buffers.batch() * buffers.sequence(); }

private:
  bool isApart() const override { return buffers.isApart(); }
  void fill(int64_t step) override;
  void bring() override { buffers.bring(); }
  void flush() override { buffers.flush(); }

  const TokenText &text;
  TokenBuffers buffers;
  uint64_t seed;
  std::vector<int64_t> starts;
};

class WindowsInOrder final : public TestSource {
public:
  /// At most `mostBatches` from the text's beginning; whole ones where the program reads no
  /// labels. Throws std::runtime_error when the text is too short for one sequence, or one such
  /// batch.
  WindowsInOrder(const TokenText &text, const TokenBuffers &buffers, int64_t mostBatches);

  int64_t batches() const override;
  int64_t samples() const override { return windows * buffers.sequence(); }
  int64_t samplesPerBatch() const override { return buffers.batch() * buffers.sequence(); }
  void load(int64_t batch) override;

private:
  const TokenText &text;
  TokenBuffers buffers;
  int64_t windows;
  std::vector<int64_t> starts;
};

} // namespace autopar::inline runtime

#endif // AUTOPAR_CORE_TOKENWINDOWS_H
