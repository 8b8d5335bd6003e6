// See Gelu.h.
#include "autopar/cuda/Gelu.h"

#include "autopar/cuda/ElementSteps.cuh"
#include "autopar/cuda/Elementwise.cuh"

using namespace autopar::cuda;

template <class T> void Gelu::operator()(const Context &context, const T *x, T *y) const {
  if (tanh)
    forEachElement(
        context, count, [] __device__(int64_t, float x) { return geluTanh(x); }, y, x);
  else
    forEachElement(
        context, count, [] __device__(int64_t, float x) { return gelu(x); }, y, x);
}

template <class T>
void GeluGrad::operator()(const Context &context, const T *dy, const T *x, T *dx) const {
  if (tanh)
    forEachElement(
        context, count,
        [] __device__(int64_t, float dy, float x) { return geluGradTanh(dy, x); }, dx, dy, x);
  else
    forEachElement(
        context, count, [] __device__(int64_t, float dy, float x) { return geluGrad(dy, x); },
        dx, dy, x);
}

#define INSTANTIATE(T)                                                                         \
  template void Gelu::operator()(const Context &, const T *, T *) const;                       \
  template void GeluGrad::operator()(const Context &, const T *, const T *, T *) const;
AUTOPAR_FOR_ACTIVATIONS(INSTANTIATE)
