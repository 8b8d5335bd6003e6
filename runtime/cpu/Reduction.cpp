// See Reduction.h. Each block of a row leaves a partial result; inner loops go along whichever
// is contiguous, what is reduced or columns of results.
#include "autopar/cpu/Reduction.h"

#include "autopar/core/Reduction.h"
#include "autopar/cpu/Rows.h"

#include <cmath>

using namespace autopar;
using namespace autopar::cpu;

namespace {

struct Adding {
  using Number = double;
  static constexpr Number start = 0;
  static Number join(Number a, Number b) { return a + b; }
};

struct Largest {
  using Number = float;
  static constexpr Number start = -INFINITY;
  static Number join(Number a, Number b) { return b > a || b != b ? b : a; }
};

constexpr int64_t mostBlocks = 128;

Reduction walk(const Shape &shape, const Shape &dims) {
  return Reduction(shape, dims, mostBlocks, serialElements);
}

/// Of neighbours, in as many ways at once as make a vector on any processor: sums do not depend
/// on which it is.
template <class Way> typename Way::Number reduceRun(const float *x, int64_t count) {
  constexpr int64_t ways = 16;
  typename Way::Number partial[ways];
  std::fill_n(partial, ways, Way::start);
  int64_t i = 0;
  for (; i + ways <= count; i += ways)
#pragma omp simd
    for (int64_t k = 0; k < ways; ++k)
      partial[k] = Way::join(partial[k], x[i + k]);
  for (; i < count; ++i)
    partial[i % ways] = Way::join(partial[i % ways], x[i]);
  for (int64_t half = ways / 2; half > 0; half /= 2)
    for (int64_t k = 0; k < half; ++k)
      partial[k] = Way::join(partial[k], partial[k + half]);
  return partial[0];
}

/// A block of a row, of columns from `first` on.
template <class Way>
void reduceBlock(const Reduction &all, int64_t row, int64_t block, int64_t first, int64_t count,
                 const float *x, typename Way::Number *results) {
  std::fill_n(results, count, Way::start);
  all.forEachPiece(row, block, [&](int64_t offset, int64_t length) {
    if (all.columns == 1 && all.apart == 1) {
      results[0] = Way::join(results[0], reduceRun<Way>(x + offset, length));
      return;
    }
    for (int64_t i = 0; i < length; ++i) {
      const float *const in = x + offset + i * all.apart + first;
#pragma omp simd
      for (int64_t c = 0; c < count; ++c)
        results[c] = Way::join(results[c], in[c]);
    }
  });
}

template <class Way>
void reduce(const Shape &shape, const Shape &dims, const float *x, float *y, void *workspace) {
  using Number = typename Way::Number;
  const Reduction all = walk(shape, dims);
  const int64_t rows = all.rows(), blocks = all.blocks, columns = all.columns;
  const int64_t strips = divideUp(columns, maxRun);
  Number *const partial = static_cast<Number *>(workspace); // [rows, blocks, columns]
#pragma omp parallel if (elements(shape) > serialElements)
  {
#pragma omp for collapse(3) schedule(static)
    for (int64_t row = 0; row < rows; ++row)
      for (int64_t block = 0; block < blocks; ++block)
        for (int64_t strip = 0; strip < strips; ++strip) {
          const int64_t first = strip * maxRun, count = std::min(maxRun, columns - first);
          Number results[maxRun];
          reduceBlock<Way>(all, row, block, first, count, x, results);
          if (blocks > 1)
            std::copy_n(results, count, partial + (row * blocks + block) * columns + first);
          else
            for (int64_t c = 0; c < count; ++c)
              y[row * columns + first + c] = static_cast<float>(results[c]);
        }
    if (blocks > 1) {
#pragma omp for collapse(2) schedule(static)
      for (int64_t row = 0; row < rows; ++row)
        for (int64_t c = 0; c < columns; ++c) {
          Number result = Way::start;
          for (int64_t block = 0; block < blocks; ++block)
            result = Way::join(result, partial[(row * blocks + block) * columns + c]);
          y[row * columns + c] = static_cast<float>(result);
        }
    }
  }
}

template <class Way> size_t bytesFor(const Shape &shape, const Shape &dims) {
  return alignUp(sizeof(typename Way::Number) * walk(shape, dims).partials());
}

} // namespace

size_t Sum::workspaceBytes() const { return bytesFor<Adding>(shape, dims); }
void Sum::requireWorkspace(size_t planned) const {
  cpu::requireWorkspace("Sum", workspaceBytes(), planned);
}
void Sum::operator()(const float *x, float *y, void *workspace) const {
  reduce<Adding>(shape, dims, x, y, workspace);
}

size_t Max::workspaceBytes() const { return bytesFor<Largest>(shape, dims); }
void Max::requireWorkspace(size_t planned) const {
  cpu::requireWorkspace("Max", workspaceBytes(), planned);
}
void Max::operator()(const float *x, float *y, void *workspace) const {
  reduce<Largest>(shape, dims, x, y, workspace);
}

void Expand::operator()(const float *x, float *y) const {
  // The last dimension is a run of y, of one element of x or of as many.
  const int last = shape.size() - 1;
  const int64_t run = shape.empty() ? 1 : shape[last];
  const int64_t runs = elements(shape) / std::max<int64_t>(run, 1);
  const bool isRepeated = !dims.empty() && dims[dims.size() - 1] == last;
#pragma omp parallel for schedule(static) if (runs * run > serialElements)
  for (int64_t r = 0; r < runs; ++r) {
    int64_t place = 0, stride = isRepeated ? 1 : run, rest = r;
    for (int d = last - 1, next = dims.size() - 1 - isRepeated; d >= 0; --d) {
      if (next >= 0 && dims[next] == d) {
        --next;
      } else {
        place += rest % shape[d] * stride;
        stride *= shape[d];
      }
      rest /= shape[d];
    }
    if (isRepeated)
      std::fill_n(y + r * run, run, x[place]);
    else
      std::copy_n(x + place, run, y + r * run);
  }
}
