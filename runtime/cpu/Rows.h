// How the kernels walk a matrix [rows, channels] whose channels have coefficients or sums of
// their own. Inner loops want to be long whatever the number of channels, so few channels are
// folded and many are cut:
//
//   [100352, 64]  is walked as  [6272, 16 x 64]          (coefficients repeated 16 times)
//   [392, 2048]   is walked as  2 strips of [392, 1024]
#ifndef AUTOPAR_RUNTIME_CPU_ROWS_H
#define AUTOPAR_RUNTIME_CPU_ROWS_H

#include "autopar/cpu/Workspace.h"

#include <algorithm>
#include <cstdint>

namespace autopar::cpu {

/// Elements of the longest run. Four arrays of coefficients of this length fit the L1 cache.
inline constexpr int64_t maxRun = 1024;

/// Below this many elements threads cost more than they bring.
inline constexpr int64_t serialElements = 1 << 14;

constexpr int64_t divideUp(int64_t a, int64_t b) { return (a + b - 1) / b; }

/// [rows, channels] in runs: `run(strip, index)` is contiguous, and holds channels
/// firstChannel(strip) ... of one row, or all channels of several rows.
class Rows {
public:
  struct Run {
    int64_t offset, length;
  };

  Rows(int64_t rows, int64_t channels)
      : rows(rows), channelCount(channels),
        fold(std::max<int64_t>(1, maxRun / std::max<int64_t>(1, channels))) {}

  int64_t channels() const { return channelCount; }
  int64_t elements() const { return rows * channelCount; }
  int64_t strips() const { return divideUp(channelCount, maxRun); }
  int64_t runs() const { return divideUp(rows, fold); }
  /// Runs that hold as many rows as any.
  int64_t fullRuns() const { return rows / fold; }
  /// Elements from one run of a strip to the next.
  int64_t stride() const { return fold * channelCount; }

  int64_t firstChannel(int64_t strip) const { return strip * maxRun; }
  int64_t stripChannels(int64_t strip) const {
    return std::min(maxRun, channelCount - firstChannel(strip));
  }
  Run run(int64_t strip, int64_t index) const {
    return {index * stride() + firstChannel(strip),
            std::min(fold, rows - index * fold) * stripChannels(strip)};
  }

private:
  int64_t rows, channelCount, fold;
};

/// Numbers a channel has, laid out along a run.
struct alignas(alignment) RunValues {
  float values[maxRun];

  float operator[](int64_t i) const { return values[i]; }

  /// `ofChannel(c)` for each channel of the strip, again and again.
  template <class OfChannel> void fill(const Rows &rows, int64_t strip, OfChannel ofChannel) {
    const int64_t first = rows.firstChannel(strip), count = rows.stripChannels(strip);
    for (int64_t c = 0; c < count; ++c)
      values[c] = static_cast<float>(ofChannel(first + c));
    for (int64_t i = count; i + count <= maxRun; i += count)
      std::copy_n(values, count, values + i);
  }
};

/// Calls `body(offset, length, coefficients)` for each run, in parallel. `Coefficients` are
/// constructed from (source, rows, strip), once a thread and strip, on the thread's stack.
template <class Coefficients, class Source, class Body>
void forEachRun(const Rows &rows, const Source &source, Body body) {
#pragma omp parallel if (rows.elements() > serialElements)
  for (int64_t strip = 0; strip < rows.strips(); ++strip) {
    const Coefficients coefficients(source, rows, strip);
#pragma omp for schedule(static) nowait
    for (int64_t index = 0; index < rows.runs(); ++index) {
      const Rows::Run run = rows.run(strip, index);
      body(run.offset, run.length, coefficients);
    }
  }
}

} // namespace autopar::cpu

#endif // AUTOPAR_RUNTIME_CPU_ROWS_H
