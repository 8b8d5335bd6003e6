// See Transpose.h.
#include "autopar/cuda/Transpose.h"

#include <stdexcept>

using namespace autopar;
using cuda::Transpose;

Transpose::Sides Transpose::layOut() const {
  Shape sorted = permutation;
  std::sort(&sorted[0], &sorted[0] + sorted.size());
  bool isPermutation = sorted.size() == shape.size();
  for (int i = 0; isPermutation && i < sorted.size(); ++i)
    isPermutation = sorted[i] == i;
  if (!isPermutation)
    throw std::invalid_argument("Transpose: " + toString(permutation) +
                                " is no order of the dimensions of " + toString(shape));
  const Shape strides = denseStrides(shape);
  Sides sides;
  for (int64_t dim : permutation) {
    sides.shape.push_back(shape[static_cast<int>(dim)]);
    sides.strides.push_back(strides[static_cast<int>(dim)]);
  }
  return sides;
}
