// Parts of a tensor along one dimension: cut out, put back among zeros or other numbers, put
// side by side.
#ifndef AUTOPAR_RUNTIME_CPU_SLICE_H
#define AUTOPAR_RUNTIME_CPU_SLICE_H

#include "autopar/cpu/Copy.h"

#include <cstdint>
#include <initializer_list>
#include <type_traits>
#include <vector>

namespace autopar::cpu {

/// x: [outer, whole, inner]; y: [outer, length, inner], those from `begin` on.
struct SliceDim {
  int64_t outer, whole, begin, length, inner;
  template <class T> void operator()(const T *x, T *y) const {
    const int64_t bytes = inner * sizeof(T);
    copyRows(x + begin * inner, whole * bytes, y, length * bytes, outer, length * bytes);
  }
};

/// The other way round: y into x, whose rest is `value`.
struct PadDim {
  int64_t outer, whole, begin, length, inner;
  double value = 0;
  template <class T> void operator()(const T *y, T *x) const {
    const int64_t bytes = inner * sizeof(T);
    pad(x, begin);
    copyRows(y, length * bytes, x + begin * inner, whole * bytes, outer, length * bytes);
    pad(x + (begin + length) * inner, whole - begin - length);
  }

private:
  template <class T> void pad(T *x, int64_t count) const {
    if (value == 0)
      clearRows(x, whole * inner * sizeof(T), outer, count * inner * sizeof(T));
    else
      fillRows(x, whole * inner, outer, count * inner, static_cast<T>(value));
  }
};

/// y: [outer, sum of lengths, inner], of inputs [outer, lengths[i], inner].
struct Concat {
  int64_t outer, inner;
  std::vector<int64_t> lengths; ///< As many as there are inputs.
  template <class T>
  void operator()(std::initializer_list<std::type_identity_t<const T *>> inputs, T *y) const {
    int64_t whole = 0, begin = 0;
    for (int64_t length : lengths)
      whole += length;
    const int64_t bytes = inner * sizeof(T);
    auto length = lengths.begin();
    for (const T *x : inputs) {
      copyRows(x, *length * bytes, y + begin * inner, whole * bytes, outer, *length * bytes);
      begin += *length++;
    }
  }
};

} // namespace autopar::cpu

#endif // AUTOPAR_RUNTIME_CPU_SLICE_H
