// Tensors of a graph while it is executed: dense, in the order of their dimensions, numbers of
// the tensor's type held in f32.
#ifndef AUTOPAR_TEST_STANDIN_CUDNN_VALUE_H
#define AUTOPAR_TEST_STANDIN_CUDNN_VALUE_H

#include "standin/cudnn/Descriptor.h"
#include "standin/device/Elements.h"
#include "standin/device/Operand.h"

#include <array>
#include <vector>

namespace standin::cudnn {

using Dims = std::array<int64_t, 4>;

/// A tensor descriptor's facts.
struct TensorType {
  int64_t id;
  Element element;
  Dims dims, strides; ///< strides in elements
  bool isVirtual, isByValue;
  int64_t alignment; ///< bytes

  explicit TensorType(const Descriptor &tensor);

  int64_t count() const { return dims[0] * dims[1] * dims[2] * dims[3]; }
  /// From the first element to behind the last, in elements.
  int64_t extent() const;
  /// As a call uses it.
  Operand operand(Use use, const void *begin) const;

  /// visit(place in the dense order, offset in memory) for each element.
  template <class Visit> void forEach(Visit visit) const {
    int64_t place = 0;
    for (int64_t a = 0; a < dims[0]; ++a)
      for (int64_t b = 0; b < dims[1]; ++b)
        for (int64_t c = 0; c < dims[2]; ++c)
          for (int64_t d = 0; d < dims[3]; ++d)
            visit(place++, a * strides[0] + b * strides[1] + c * strides[2] + d * strides[3]);
  }
};

struct Value {
  Dims dims;
  std::vector<float> numbers;

  Value() = default;
  explicit Value(const Dims &dims)
      : dims(dims), numbers(dims[0] * dims[1] * dims[2] * dims[3]) {}

  float &at(int64_t a, int64_t b, int64_t c, int64_t d) {
    return numbers[((a * dims[1] + b) * dims[2] + c) * dims[3] + d];
  }
  float at(int64_t a, int64_t b, int64_t c, int64_t d) const {
    return numbers[((a * dims[1] + b) * dims[2] + c) * dims[3] + d];
  }
  /// The same where a dimension of 1 stands for any size.
  float broadcast(int64_t a, int64_t b, int64_t c, int64_t d) const {
    return at(dims[0] == 1 ? 0 : a, dims[1] == 1 ? 0 : b, dims[2] == 1 ? 0 : c,
              dims[3] == 1 ? 0 : d);
  }

  /// Rounds all numbers to the type.
  void round(Element type);
};

} // namespace standin::cudnn

#endif // AUTOPAR_TEST_STANDIN_CUDNN_VALUE_H
