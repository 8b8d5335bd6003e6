// Sums over the rows of a matrix [rows, channels], in one pass and in double precision. The
// rows are cut into blocks by their number alone, and blocks are added in order, so that the
// result does not depend on the number of threads.
#ifndef AUTOPAR_RUNTIME_CPU_CHANNELSUMS_H
#define AUTOPAR_RUNTIME_CPU_CHANNELSUMS_H

#include "autopar/cpu/Rows.h"

#include <cstddef>

namespace autopar::cpu {

/// Sums `Count` terms of each element over the rows of each channel.
template <int Count> class ChannelSums {
public:
  ChannelSums(int64_t rows, int64_t channels)
      : rows(rows, channels),
        blockRuns(std::max(leastBlockRuns, divideUp(this->rows.runs(), mostBlocks))),
        blocks(divideUp(this->rows.runs(), blockRuns)) {}

  size_t workspaceBytes() const {
    return alignUp(sizeof(double) * Count * blocks * rows.channels());
  }

  /// `Coefficients` as in forEachRun. `terms(offset, i, coefficients, t)` writes the element's
  /// terms to t[Count]; of type Term, in which groupRuns of them are added before they go to
  /// double precision. `finish(c, sums)` gets the sums of channel c.
  template <class Term, class Coefficients, class Source, class Terms, class Finish>
  void operator()(const Source &source, void *workspace, Terms terms, Finish finish) const {
    double *const partial = static_cast<double *>(workspace);
#pragma omp parallel if (rows.elements() > serialElements)
    {
#pragma omp for collapse(2) schedule(static)
      for (int64_t block = 0; block < blocks; ++block)
        for (int64_t strip = 0; strip < rows.strips(); ++strip)
          sumBlock<Term>(block, strip, Coefficients(source, rows, strip), terms,
                         partial + block * Count * rows.channels());

#pragma omp for schedule(static)
      for (int64_t c = 0; c < rows.channels(); ++c) {
        double sums[Count] = {};
        for (int64_t block = 0; block < blocks; ++block)
          for (int s = 0; s < Count; ++s)
            sums[s] += partial[(block * Count + s) * rows.channels() + c];
        finish(c, sums);
      }
    }
  }

private:
  static constexpr int64_t mostBlocks = 128;
  static constexpr int64_t leastBlockRuns = 64;
  static constexpr int64_t groupRuns = 8;

  /// Writes the block's sums of the strip's channels to `partial` [Count, channels].
  template <class Term, class Coefficients, class Terms>
  void sumBlock(int64_t block, int64_t strip, const Coefficients &coefficients, Terms terms,
                double *partial) const {
    alignas(alignment) double sums[Count][maxRun] = {};
    const int64_t end = std::min(rows.runs(), (block + 1) * blockRuns);
    const int64_t fullEnd = std::min(end, rows.fullRuns());
    const int64_t stride = rows.stride();
    int64_t index = block * blockRuns;

    // Several runs at once, so that the sums in double precision are loaded and stored rarely.
    for (; index + groupRuns <= fullEnd; index += groupRuns) {
      const Rows::Run run = rows.run(strip, index);
      const int64_t offset = run.offset, length = run.length; // clang's OpenMP takes no bindings
#pragma omp simd
      for (int64_t i = 0; i < length; ++i) {
        Term group[Count] = {};
#pragma GCC unroll 8
        for (int64_t k = 0; k < groupRuns; ++k) {
          Term t[Count];
          terms(offset + k * stride + i, i, coefficients, t);
          for (int s = 0; s < Count; ++s)
            group[s] += t[s];
        }
        for (int s = 0; s < Count; ++s)
          sums[s][i] += group[s];
      }
    }
    for (; index < end; ++index) {
      const Rows::Run run = rows.run(strip, index);
      const int64_t offset = run.offset, length = run.length; // clang's OpenMP takes no bindings
#pragma omp simd
      for (int64_t i = 0; i < length; ++i) {
        Term t[Count];
        terms(offset + i, i, coefficients, t);
        for (int s = 0; s < Count; ++s)
          sums[s][i] += t[s];
      }
    }

    const int64_t first = rows.firstChannel(strip), channels = rows.stripChannels(strip);
    const int64_t longest = rows.run(strip, 0).length;
    for (int s = 0; s < Count; ++s)
      for (int64_t c = 0; c < channels; ++c) {
        double sum = 0;
        for (int64_t i = c; i < longest; i += channels)
          sum += sums[s][i];
        partial[s * rows.channels() + first + c] = sum;
      }
  }

  Rows rows;
  int64_t blockRuns, blocks;
};

} // namespace autopar::cpu

#endif // AUTOPAR_RUNTIME_CPU_CHANNELSUMS_H
