// See Dropout.h.
#include "autopar/cuda/Dropout.h"

#include "autopar/cuda/ElementSteps.cuh"
#include "autopar/cuda/Elementwise.cuh"

using namespace autopar;
using namespace autopar::cuda;

template <class T>
void Dropout::operator()(const Context &context, const T *x, const int64_t *state, T *y) const {
  forEachElement(context, elements(shape), DropoutElement(*this, state), y, x);
}

#define INSTANTIATE(T)                                                                         \
  template void Dropout::operator()(const Context &, const T *, const int64_t *, T *) const;
AUTOPAR_FOR_ACTIVATIONS(INSTANTIATE)
