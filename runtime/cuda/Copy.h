// Copies of whole tensors and of parts of them, of any element type.
#ifndef AUTOPAR_RUNTIME_CUDA_COPY_H
#define AUTOPAR_RUNTIME_CUDA_COPY_H

#include "autopar/cuda/Context.h"
#include "autopar/cuda/CopyRows.h"

#include <cstdint>
#include <vector>

namespace autopar::cuda {

/// y = x, `count` elements.
struct Copy {
  int64_t count;
  template <class T> void operator()(const Context &context, const T *x, T *y) const {
    const int64_t bytes = count * sizeof(T);
    copyRows(context.compute, x, bytes, y, bytes, 1, bytes);
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

  template <class T> void operator()(const Context &context, const T *x, T *y) const {
    copyRows(context.compute, x + offset * inner, extent * inner * sizeof(T), y,
             length * inner * sizeof(T), outer, length * inner * sizeof(T));
  }

private:
  int64_t outer, extent, inner; ///< x as [outer, extent, inner], extent being that of `dim`.
  int64_t offset, length;
};

} // namespace autopar::cuda

#endif // AUTOPAR_RUNTIME_CUDA_COPY_H
