// See Transpose.h. Dimensions that stay neighbours are one; what is left is either rows that
// are copied whole, or planes that are transposed tile by tile, so that both tensors are read
// and written in whole cache lines.
#include "autopar/cpu/Transpose.h"

#include "autopar/cpu/Rows.h"

#include <cstring>
#include <stdexcept>

using namespace autopar;
using namespace autopar::cpu;

namespace {

/// y's dimensions, from the outermost, with the distance in x between their elements.
struct Walk {
  Shape sizes, strides;

  Walk(const Shape &shape, const Shape &permutation) {
    Shape strideOf;
    for (int dim = 0; dim < shape.size(); ++dim) {
      int64_t stride = 1;
      for (int behind = dim + 1; behind < shape.size(); ++behind)
        stride *= shape[behind];
      strideOf.push_back(stride);
    }
    for (int64_t dim : permutation) {
      const int64_t size = shape[dim], stride = strideOf[dim];
      if (size == 1)
        continue;
      const int last = sizes.size() - 1;
      if (last >= 0 && strides[last] == size * stride) { // they lie so in x, too
        sizes[last] *= size;
        strides[last] = stride;
      } else {
        sizes.push_back(size);
        strides.push_back(stride);
      }
    }
    if (sizes.empty()) {
      sizes.push_back(1);
      strides.push_back(1);
    }
  }

  int dims() const { return sizes.size(); }
  int64_t outStride(int dim) const {
    int64_t stride = 1;
    for (int behind = dim + 1; behind < dims(); ++behind)
      stride *= sizes[behind];
    return stride;
  }
};

struct Offsets {
  int64_t x = 0, y = 0;
};

/// Where element `index` begins, counted over the dimensions that are not `skipped`.
Offsets offsetsOf(const Walk &walk, int64_t index, int skipped) {
  Offsets offsets;
  for (int dim = walk.dims() - 2; dim >= 0; --dim) {
    if (dim == skipped)
      continue;
    const int64_t at = index % walk.sizes[dim];
    index /= walk.sizes[dim];
    offsets.x += at * walk.strides[dim];
    offsets.y += at * walk.outStride(dim);
  }
  return offsets;
}

void requirePermutation(const Shape &shape, const Shape &permutation) {
  uint32_t seen = 0;
  for (int64_t dim : permutation)
    if (dim >= 0 && dim < shape.size())
      seen |= 1u << dim;
  if (permutation.size() != shape.size() || seen != (1u << shape.size()) - 1)
    throw std::invalid_argument("Transpose: " + toString(permutation) +
                                " is no order of the dimensions of " + toString(shape));
}

} // namespace

void Transpose::operator()(const float *x, float *y) const {
  requirePermutation(shape, permutation);
  const Walk walk(shape, permutation);
  const int64_t total = elements(shape);
  const int last = walk.dims() - 1;
  const int64_t columns = walk.sizes[last];

  if (walk.strides[last] == 1) {
    const int64_t rows = total / columns;
#pragma omp parallel for schedule(static) if (total > serialElements)
    for (int64_t row = 0; row < rows; ++row)
      std::memcpy(y + row * columns, x + offsetsOf(walk, row, last).x, columns * sizeof(float));
    return;
  }

  constexpr int64_t tile = 16; // a cache line of floats
  int contiguous = 0;          // the dimension of y along which x is contiguous
  while (walk.strides[contiguous] != 1)
    ++contiguous;
  const int64_t rows = walk.sizes[contiguous], rowStride = walk.outStride(contiguous);
  const int64_t columnStride = walk.strides[last];
  const int64_t planes = total / (rows * columns);
#pragma omp parallel for collapse(2) schedule(static) if (total > serialElements)
  for (int64_t plane = 0; plane < planes; ++plane)
    for (int64_t firstRow = 0; firstRow < rows; firstRow += tile) {
      const Offsets at = offsetsOf(walk, plane, contiguous);
      const int64_t rowEnd = std::min(rows, firstRow + tile);
      for (int64_t firstColumn = 0; firstColumn < columns; firstColumn += tile) {
        const int64_t columnEnd = std::min(columns, firstColumn + tile);
        for (int64_t row = firstRow; row < rowEnd; ++row)
          for (int64_t column = firstColumn; column < columnEnd; ++column)
            y[at.y + row * rowStride + column] = x[at.x + column * columnStride + row];
      }
    }
}
