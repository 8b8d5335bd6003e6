// See Elementwise.h.
#include "autopar/cpu/Elementwise.h"

#include "autopar/cpu/Exponential.h"
#include "autopar/cpu/Rows.h"

using namespace autopar::cpu;

/// y[i] = element(i) on all threads. Result and operands may be the same memory, element by
/// element, which is why they are not `restrict` but the loop is `simd`.
template <class Element> static void forEachElement(int64_t count, float *y, Element element) {
#pragma omp parallel for simd schedule(simd : static) if (parallel : count > serialElements)
  for (int64_t i = 0; i < count; ++i)
    y[i] = element(i);
}

namespace {
#define AUTOPAR_PARAMETER(field) , float field
#define AUTOPAR_UNARY(Name, function, x, y, fields, operations, ...)                           \
  float function(float x AUTOPAR_EACH(AUTOPAR_PARAMETER, fields)) __VA_ARGS__
#define AUTOPAR_BINARY(Name, function, a, b, y, fields, operations, ...)                       \
  float function(float a, float b AUTOPAR_EACH(AUTOPAR_PARAMETER, fields)) __VA_ARGS__
#include "autopar/core/Elements.inc"
} // namespace

#define AUTOPAR_ARGUMENT(field) , call.field
#define AUTOPAR_UNARY(Name, function, x, y, fields, ...)                                       \
  void Name::operator()(const float *x, float *y) const {                                      \
    forEachElement(count, y, [x, call = *this](int64_t i) {                                    \
      return function(x[i] AUTOPAR_EACH(AUTOPAR_ARGUMENT, fields));                            \
    });                                                                                        \
  }
#define AUTOPAR_BINARY(Name, function, a, b, y, fields, ...)                                   \
  void Name::operator()(const float *a, const float *b, float *y) const {                      \
    forEachElement(count, y, [a, b, call = *this](int64_t i) {                                 \
      return function(a[i], b[i] AUTOPAR_EACH(AUTOPAR_ARGUMENT, fields));                      \
    });                                                                                        \
  }
#include "autopar/core/Elements.inc"

void Add::operator()(const float *a, const float *b, float *sum) const {
  forEachElement(count, sum, [=](int64_t i) { return a[i] + b[i]; });
}

void Zeros::operator()(float *y) const {
  forEachElement(count, y, [](int64_t) { return 0.0f; });
}

void Fill::operator()(float *filled) const {
  forEachElement(count, filled, [value = value](int64_t) { return value; });
}
