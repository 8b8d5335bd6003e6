// See Dropout.h.
#include "autopar/cuda/Dropout.h"

#include "autopar/cuda/DropoutFactor.cuh"
#include "autopar/cuda/Elementwise.cuh"

using namespace autopar;
using namespace autopar::cuda;

/// The place in the whole tensor of an element of the block.
static __device__ int64_t wholeIndex(int64_t i, const Shape &shape, const Part &part) {
  int64_t index = 0, stride = 1;
  for (int d = shape.size() - 1; d >= 0; --d) {
    index += (part.begin[d] + i % shape[d]) * stride;
    stride *= part.whole[d];
    i /= shape[d];
  }
  return index;
}

template <class T>
void Dropout::operator()(const Context &context, const T *x, const int64_t *state, T *y) const {
  const DropoutFactor factor(rate, site, state);
  forEachElement(
      context, elements(shape),
      [factor, shape = shape, part = part] __device__(int64_t i, float x) {
        const float scale = factor(wholeIndex(i, shape, part));
        return scale == 0 ? 0 : scale * x; // What is dropped may be infinite.
      },
      y, x);
}

#define INSTANTIATE(T)                                                                         \
  template void Dropout::operator()(const Context &, const T *, const int64_t *, T *) const;
AUTOPAR_FOR_ACTIVATIONS(INSTANTIATE)
