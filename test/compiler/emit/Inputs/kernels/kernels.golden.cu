// See kernels.h.
#include "kernels.h"

#include "autopar/cuda/Elementwise.cuh"
#include "autopar/cuda/ElementSteps.cuh"

namespace autopar::kernels {

void AddReluGrad::operator()(const cuda::Context &context, const cuda::f16 *a, const cuda::f16 *b,
    const cuda::f16 *y, cuda::f16 *result) const {
  cuda::forEachElement(
      context, count,
      [] __device__(int64_t, float a, float b, float y) {
        const float sum = cuda::add(a, b);
        return cuda::reluGrad(sum, y);
      },
      result, a, b, y);
}

void AddReluGrad_2::operator()(const cuda::Context &context, const cuda::f16 *a,
    cuda::f16 *result) const {
  cuda::forEachElement(
      context, count,
      [] __device__(int64_t, float a) {
        const float sum = cuda::add(a, a);
        return cuda::reluGrad(sum, a);
      },
      result, a);
}

void CastBiasAddDropoutAdd::operator()(const cuda::Context &context, const float *x,
    const float *bias, const int64_t *state, const cuda::bf16 *a, cuda::bf16 *result) const {
  cuda::forEachElement(
      context, count,
      [biasAdd = cuda::BiasAddElement(biasAdd, bias),
       dropout = cuda::DropoutElement(dropout, state)] __device__(int64_t i, float x, float a) {
        const float cast = cuda::cast(x);
        const float biased = biasAdd(i, cast);
        const float dropped = dropout(i, biased);
        return cuda::add(a, dropped);
      },
      result, x, a);
}

void ReluGeluGelu::operator()(const cuda::Context &context, const float *x, float *result) const {
  cuda::forEachElement(
      context, count,
      [] __device__(int64_t, float x) {
        const float y = cuda::relu(x);
        const float y_2 = cuda::gelu(y);
        return cuda::geluTanh(y_2);
      },
      result, x);
}

void ScaleGeluGradGeluGradCast::operator()(const cuda::Context &context, const float *x,
    const float *x_2, cuda::bf16 *result) const {
  cuda::forEachElement(
      context, count,
      [scale = cuda::ScaleElement(scale)] __device__(int64_t i, float x, float x_2) {
        const float scaled = scale(i, x);
        const float dx = cuda::geluGrad(scaled, x_2);
        const float dx_2 = cuda::geluGradTanh(dx, x);
        return cuda::cast(dx_2);
      },
      result, x, x_2);
}

void DropoutDropout::operator()(const cuda::Context &context, const cuda::bf16 *x,
    const int64_t *state, cuda::bf16 *result) const {
  cuda::forEachElement(
      context, count,
      [dropout = cuda::DropoutElement(dropout, state),
       dropout_2 = cuda::DropoutElement(dropout_2, state)] __device__(int64_t i, float x) {
        const float dropped = dropout(i, x);
        return dropout_2(i, dropped);
      },
      result, x);
}

void ExpandTanhClampMul::operator()(const cuda::Context &context, const float *x, const float *a,
    float *result) const {
  cuda::forEachElement(
      context, count,
      [expand = cuda::ExpandElement(expand, x),
       clamp = cuda::ClampElement(clamp)] __device__(int64_t i, float a) {
        const float y = expand(i);
        const float y_2 = cuda::hyperbolicTangent(y);
        const float y_3 = clamp(i, y_2);
        return cuda::multiply(a, y_3);
      },
      result, a);
}

void ExpandSin::operator()(const cuda::Context &context, const cuda::f16 *x,
    cuda::f16 *result) const {
  cuda::forEachElement(
      context, count,
      [expand = cuda::ExpandElement(expand, x)] __device__(int64_t i) {
        const float y = expand(i);
        return cuda::sine(y);
      },
      result);
}

} // namespace autopar::kernels
