// How a tensor is walked when some of its dimensions are reduced to one number each: the same
// way on every target. What is reduced to a number is cut into blocks by the shape alone, whose
// results are put together in order, so that they do not depend on the number of threads.
//
//   [8, 1024, 64] over dimension 1: for each of 8, runs of 1024 elements, in 64 columns
//   [8, 1024, 64] over 0 and 2:     for each of 1024, 8 runs of 64 elements
#ifndef AUTOPAR_CORE_REDUCTION_H
#define AUTOPAR_CORE_REDUCTION_H

#include "autopar/core/Shape.h"

namespace autopar::inline runtime {

/// Dimensions of a tensor with the distances of neighbours along them.
struct StridedDims {
  Shape sizes, strides;

  /// Of the element with this index, counted in row-major order.
  constexpr int64_t offset(int64_t index) const {
    int64_t sum = 0;
    for (int d = sizes.size() - 1; d > 0; --d) {
      sum += index % sizes[d] * strides[d];
      index /= sizes[d];
    }
    return sizes.empty() ? 0 : sum + index * strides[0];
  }
};

struct Reduction {
  int64_t columns = 1;        ///< results that are neighbours, as their elements are
  int64_t run = 1, apart = 1; ///< the innermost dimension that is reduced, and its stride
  StridedDims kept, inner;    ///< other dimensions that are kept, and that are reduced
  int64_t blocks = 1;         ///< into which what is reduced to one number is cut,
  int64_t blockSize = 1;      ///< each of so many elements or, the last, fewer

  /// `dims` of `shape`, ascending, are reduced. Neighbouring dimensions that are both reduced,
  /// or both kept, are better given as one. Rows are cut into blocks while there are no more
  /// than `mostBlocks` of all rows, and each has `leastElements`.
  constexpr Reduction(const Shape &shape, const Shape &dims, int64_t mostBlocks,
                      int64_t leastElements) {
    int64_t stride = 1;
    int next = dims.size() - 1;
    bool hasRun = false;
    for (int d = shape.size() - 1; d >= 0; --d) {
      const bool isReduced = next >= 0 && dims[next] == d;
      next -= isReduced;
      if (isReduced && !hasRun) {
        run = shape[d];
        apart = stride;
        hasRun = true;
      } else if (!isReduced && d == shape.size() - 1) {
        columns = shape[d];
      } else {
        StridedDims &others = isReduced ? inner : kept;
        others.sizes.push_back(shape[d]);
        others.strides.push_back(stride);
      }
      stride *= shape[d];
    }
    for (StridedDims *others : {&kept, &inner})
      for (Shape *list : {&others->sizes, &others->strides})
        for (int i = 0, j = list->size() - 1; i < j; ++i, --j) {
          const int64_t outer = (*list)[j];
          (*list)[j] = (*list)[i];
          (*list)[i] = outer;
        }
    const int64_t most = std::max<int64_t>(1, mostBlocks / std::max<int64_t>(1, rows()));
    const int64_t wanted =
        std::clamp<int64_t>(reduced() * columns / leastElements, 1, most);
    blockSize = std::max<int64_t>(1, (reduced() + wanted - 1) / wanted);
    blocks = std::max<int64_t>(1, (reduced() + blockSize - 1) / blockSize);
  }

  /// Results are [rows, columns], each of so many elements.
  constexpr int64_t rows() const { return elements(kept.sizes); }
  constexpr int64_t reduced() const { return elements(inner.sizes) * run; }
  /// What blocks leave, [rows, blocks, columns]; none where one block is all.
  constexpr int64_t partials() const { return blocks > 1 ? rows() * blocks * columns : 0; }

  /// visit(offset, count): elements of a block of a row's first column, `apart` from each other.
  template <class Visit>
  constexpr void forEachPiece(int64_t row, int64_t block, Visit visit) const {
    const int64_t end = std::min(reduced(), (block + 1) * blockSize), first = kept.offset(row);
    for (int64_t at = block * blockSize; at < end;) {
      const int64_t place = at % run, count = std::min(run - place, end - at);
      visit(first + inner.offset(at / run) + place * apart, count);
      at += count;
    }
  }
};

} // namespace autopar::inline runtime

#endif // AUTOPAR_CORE_REDUCTION_H
