// Copies of whole tensors and of parts of them, of any element type.
#ifndef AUTOPAR_RUNTIME_CPU_COPY_H
#define AUTOPAR_RUNTIME_CPU_COPY_H

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace autopar::cpu {

/// `rows` times `rowBytes` bytes, that lie `fromStride` and `toStride` bytes apart.
void copyRows(const void *from, int64_t fromStride, void *to, int64_t toStride, int64_t rows,
              int64_t rowBytes);

/// Sets `rows` times `rowBytes` bytes to 0, that lie `stride` bytes apart.
void clearRows(void *to, int64_t stride, int64_t rows, int64_t rowBytes);

/// `value` in `rows` times `count` elements, rows `stride` elements apart.
template <class T> void fillRows(T *to, int64_t stride, int64_t rows, int64_t count, T value) {
#pragma omp parallel for schedule(static) if (rows * count > 1 << 15)
  for (int64_t row = 0; row < rows; ++row)
    std::fill_n(to + row * stride, count, value);
}

/// y = x, `count` elements.
struct Copy {
  int64_t count;
  template <class T> void operator()(const T *x, T *y) const {
    const int64_t bytes = count * sizeof(T);
    copyRows(x, bytes, y, bytes, 1, bytes);
  }
};

/// Elements offset ... offset+length-1 along `dim` of x [shape], as a tensor of their own.
/// \throws std::invalid_argument when they are not all there.
class CopySlice {
public:
  struct Slice {
    std::vector<int64_t> shape;
    int64_t dim, offset, length;
  };

  explicit CopySlice(const Slice &slice);

  template <class T> void operator()(const T *x, T *y) const {
    copyRows(x + offset * inner, extent * inner * sizeof(T), y, length * inner * sizeof(T),
             outer, length * inner * sizeof(T));
  }

private:
  int64_t outer, extent, inner; ///< x as [outer, extent, inner], extent being that of `dim`.
  int64_t offset, length;
};

} // namespace autopar::cpu

#endif // AUTOPAR_RUNTIME_CPU_COPY_H
