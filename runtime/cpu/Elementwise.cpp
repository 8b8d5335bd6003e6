// See Elementwise.h.
#include "autopar/cpu/Elementwise.h"

#include "autopar/cpu/Rows.h"

using namespace autopar::cpu;

/// y[i] = element(i) on all threads. Result and operands may be the same memory, element by
/// element, which is why they are not `restrict` but the loop is `simd`.
template <class Element> static void forEachElement(int64_t count, float *y, Element element) {
#pragma omp parallel for simd schedule(simd : static) if (parallel : count > serialElements)
  for (int64_t i = 0; i < count; ++i)
    y[i] = element(i);
}

void Relu::operator()(const float *x, float *y) const {
  forEachElement(count, y, [=](int64_t i) { return x[i] < 0 ? 0 : x[i]; });
}

void ReluGrad::operator()(const float *dy, const float *y, float *dx) const {
  forEachElement(count, dx, [=](int64_t i) {
    const float gradient = dy[i]; // Read in any case, or the loop does not vectorize.
    return y[i] > 0 ? gradient : 0;
  });
}

void Add::operator()(const float *a, const float *b, float *sum) const {
  forEachElement(count, sum, [=](int64_t i) { return a[i] + b[i]; });
}

void Zeros::operator()(float *y) const {
  forEachElement(count, y, [](int64_t) { return 0.0f; });
}

void Scale::operator()(const float *x, float *y) const {
  forEachElement(count, y, [=, factor = factor](int64_t i) { return factor * x[i]; });
}
