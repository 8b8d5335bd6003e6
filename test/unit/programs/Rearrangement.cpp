// Offsets from indices and back. See Rearrangement.h.
#include "test/unit/programs/Rearrangement.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/SmallVectorExtras.h"

namespace autopar {

using llvm::SmallVector;

SmallVector<int64_t> indexOf(int64_t i, Shape shape) {
  SmallVector<int64_t> index(shape.size());
  for (int64_t dim = shape.size() - 1; dim >= 0; --dim) {
    index[dim] = i % shape[dim];
    i /= shape[dim];
  }
  return index;
}
int64_t offsetOf(Shape index, Shape shape) {
  int64_t offset = 0;
  for (auto [i, size] : llvm::zip_equal(index, shape))
    offset = offset * size + i;
  return offset;
}

Tensor transpose(const Tensor &x, Shape permutation) {
  Tensor y(llvm::map_to_vector(permutation, [&](int64_t source) { return x.shape[source]; }));
  for (int64_t i = 0; i < y.size(); ++i) {
    SmallVector<int64_t> to = indexOf(i, y.shape), from(to.size());
    for (auto [dim, source] : llvm::enumerate(permutation))
      from[source] = to[dim];
    y[i] = x[offsetOf(from, x.shape)];
  }
  return y;
}

/// `shape` with another length along `dim`.
static SmallVector<int64_t> resized(Shape shape, int64_t dim, int64_t length) {
  SmallVector<int64_t> other(shape);
  other[dim] = length;
  return other;
}
/// Calls visit(offset in the short tensor, offset in the long one), whose dimension `dim` has
/// the short one's from `begin` on.
static void forEachWithin(const Tensor &within, const Tensor &whole, int64_t dim, int64_t begin,
                          llvm::function_ref<void(int64_t, int64_t)> visit) {
  for (int64_t i = 0; i < within.size(); ++i) {
    SmallVector<int64_t> index = indexOf(i, within.shape);
    index[dim] += begin;
    visit(i, offsetOf(index, whole.shape));
  }
}
Tensor slice(const Tensor &x, int64_t dim, int64_t begin, int64_t length) {
  Tensor y(resized(x.shape, dim, length));
  forEachWithin(y, x, dim, begin, [&](int64_t part, int64_t whole) { y[part] = x[whole]; });
  return y;
}
Tensor pad(const Tensor &x, int64_t dim, int64_t begin, int64_t whole, double value) {
  Tensor y(resized(x.shape, dim, whole));
  llvm::fill(y.values, value);
  forEachWithin(x, y, dim, begin, [&](int64_t part, int64_t at) { y[at] = x[part]; });
  return y;
}
Tensor concat(llvm::ArrayRef<Tensor> inputs, int64_t dim) {
  int64_t length = 0, begin = 0;
  for (const Tensor &input : inputs)
    length += input.shape[dim];
  Tensor y(resized(inputs.front().shape, dim, length));
  for (const Tensor &input : inputs) {
    forEachWithin(input, y, dim, begin,
                  [&](int64_t part, int64_t whole) { y[whole] = input[part]; });
    begin += input.shape[dim];
  }
  return y;
}

/// Calls visit(offset in rows [.., C], offset in the table) for each element of a token that
/// the table has.
static void forEachRow(const Tensor &tokens, Shape table, int64_t first,
                       llvm::function_ref<void(int64_t, int64_t)> visit) {
  int64_t channels = table[1];
  for (int64_t row = 0; row < tokens.size(); ++row) {
    int64_t local = static_cast<int64_t>(tokens[row]) - first;
    for (int64_t c = 0; c < channels && local >= 0 && local < table[0]; ++c)
      visit(row * channels + c, local * channels + c);
  }
}
Tensor embedding(const Tensor &tokens, const Tensor &table, int64_t first) {
  SmallVector<int64_t> shape = tokens.shape;
  shape.push_back(table.dim(1));
  Tensor y(shape);
  forEachRow(tokens, table.shape, first,
             [&](int64_t row, int64_t entry) { y[row] = table[entry]; });
  return y;
}
Tensor embeddingGrad(const Tensor &tokens, const Tensor &rows, Shape shape, int64_t first,
                     int64_t padding) {
  Tensor table(shape);
  forEachRow(tokens, shape, first,
             [&](int64_t row, int64_t entry) { table[entry] += rows[row]; });
  const int64_t channels = shape[1];
  for (int64_t i = 0; i < shape[0] * channels; ++i)
    if (first + i / channels == padding)
      table[i] = 0;
  return table;
}

} // namespace autopar
