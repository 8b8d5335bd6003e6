// Parts of a tensor along one dimension: cut out, put back among zeros or other numbers, put
// side by side. Of any element type.
#ifndef AUTOPAR_RUNTIME_CUDA_SLICE_H
#define AUTOPAR_RUNTIME_CUDA_SLICE_H

#include "autopar/cuda/Context.h"
#include "autopar/cuda/CopyRows.h"

#include <cstdint>
#include <initializer_list>
#include <type_traits>
#include <vector>

namespace autopar::cuda {

/// x: [outer, whole, inner]; y: [outer, length, inner], those from `begin` on.
struct SliceDim {
  int64_t outer, whole, begin, length, inner;
  template <class T> void operator()(const Context &context, const T *x, T *y) const {
    const int64_t bytes = inner * sizeof(T);
    copyRows(context.compute, x + begin * inner, whole * bytes, y, length * bytes, outer,
             length * bytes);
  }
};

/// The other way round: y into x, whose rest is `value`.
struct PadDim {
  int64_t outer, whole, begin, length, inner;
  double value = 0;
  template <class T> void operator()(const Context &context, const T *y, T *x) const {
    const int64_t bytes = inner * sizeof(T);
    pad(context, x, begin);
    copyRows(context.compute, y, length * bytes, x + begin * inner, whole * bytes, outer,
             length * bytes);
    pad(context, x + (begin + length) * inner, whole - begin - length);
  }

private:
  template <class T> void pad(const Context &context, T *x, int64_t count) const {
    const int64_t bytes = inner * sizeof(T);
    if (value == 0)
      clearRows(context.compute, x, whole * bytes, outer, count * bytes);
    else
      fillRows(context.compute, x, whole * bytes, outer, count * bytes,
               static_cast<T>(value));
  }
};

/// y: [outer, sum of lengths, inner], of inputs [outer, lengths[i], inner].
struct Concat {
  int64_t outer, inner;
  std::vector<int64_t> lengths; ///< As many as there are inputs.
  template <class T>
  void operator()(const Context &context,
                  std::initializer_list<std::type_identity_t<const T *>> inputs, T *y) const {
    int64_t whole = 0, begin = 0;
    for (int64_t length : lengths)
      whole += length;
    const int64_t bytes = inner * sizeof(T);
    auto length = lengths.begin();
    for (const T *x : inputs) {
      copyRows(context.compute, x, *length * bytes, y + begin * inner, whole * bytes, outer,
               *length * bytes);
      begin += *length++;
    }
  }
};

} // namespace autopar::cuda

#endif // AUTOPAR_RUNTIME_CUDA_SLICE_H
