// Runs the kernels of kernels.mlir's program, as they were emitted, on random numbers, against
// what their steps come to one by one in double precision.
#include "kernels.h"

#include "autopar/core/DropoutMask.h"
#include "autopar/cuda/Elementwise.cuh"

#include <algorithm>
#include <cstdio>
#include <functional>
#include <random>
#include <vector>

using namespace autopar;

namespace {

constexpr int64_t rows = 4, channels = 8, count = rows * channels;
constexpr int64_t state[2] = {17, 5};
int failures = 0, checks = 0;

/// Normal numbers, rounded to T.
template <class T> std::vector<T> normal(int64_t size) {
  static std::mt19937 generator(1);
  std::normal_distribution<float> distribution(0, 2);
  std::vector<T> values;
  for (int64_t i = 0; i < size; ++i)
    values.push_back(static_cast<T>(distribution(generator)));
  return values;
}

/// `expected(i)` to within one rounding to T, of a number that is off by f32's.
template <class T>
void check(const char *kernel, const std::vector<T> &got,
           const std::function<double(int64_t)> &expected) {
  const double rounding = sizeof(T) == 4 ? 0 : std::is_same_v<T, cuda::bf16> ? 0x1p-8 : 0x1p-11;
  for (size_t i = 0; i < got.size(); ++i, ++checks) {
    const double is = static_cast<float>(got[i]), should = expected(i);
    if (std::abs(is - should) <= rounding * std::abs(should) + 2e-6)
      continue;
    std::printf("%s: element %zu is %g, expected %g\n", kernel, i, is, should);
    ++failures;
  }
}

double phi(double x) { return std::erfc(-x / std::numbers::sqrt2) / 2; }
double gelu(double x) { return x * phi(x); }
double tanhGelu(double x) {
  const double u = std::sqrt(2 / std::numbers::pi) * (x + 0.044715 * x * x * x);
  return x * (1 + std::tanh(u)) / 2;
}
/// By central differences, whose error is below 1e-9.
double slope(double (*f)(double), double x) { return (f(x + 1e-5) - f(x - 1e-5)) / 2e-5; }

double dropped(double x, int64_t whole, double rate, int64_t site) {
  const DropoutMask mask(rate, site, state);
  return mask.keeps(mask.words(whole / 4)[whole % 4]) ? x / (1 - rate) : 0;
}

} // namespace

int main() {
  const cuda::Context context;
  const auto a = normal<cuda::f16>(count), b = normal<cuda::f16>(count),
             y = normal<cuda::f16>(count);
  const auto x = normal<float>(count), u = normal<float>(count), v = normal<float>(count),
             bias = normal<float>(channels);
  const auto r = normal<cuda::bf16>(count);

  std::vector<cuda::f16> dx = a; // over an operand
  kernels::AddReluGrad{count}(context, dx.data(), b.data(), y.data(), dx.data());
  check("AddReluGrad", dx,
        [&](int64_t i) { return float(y[i]) > 0 ? double(float(a[i])) + float(b[i]) : 0; });

  std::vector<cuda::f16> ofOne(count);
  kernels::AddReluGrad_2{count}(context, y.data(), ofOne.data());
  check("AddReluGrad_2", ofOne,
        [&](int64_t i) { return float(y[i]) > 0 ? 2 * float(y[i]) : 0; });

  // Its rows are the second half of the whole's.
  std::vector<cuda::bf16> residual(count);
  kernels::CastBiasAddDropoutAdd{
      .count = count,
      .biasAdd = {rows, channels},
      .dropout = {{rows, channels}, 0.25, 3, {{2 * rows, channels}, {rows, 0}}}}(
      context, x.data(), bias.data(), state, r.data(), residual.data());
  check("CastBiasAddDropoutAdd", residual, [&](int64_t i) {
    return float(r[i]) + dropped(double(x[i]) + bias[i % channels], count + i, 0.25, 3);
  });

  std::vector<float> mlp(count);
  kernels::ReluGeluGelu{count}(context, u.data(), mlp.data());
  check("ReluGeluGelu", mlp,
        [&](int64_t i) { return tanhGelu(gelu(u[i] > 0 ? double(u[i]) : 0)); });

  std::vector<cuda::bf16> grad(count);
  kernels::ScaleGeluGradGeluGradCast{.count = count, .scale = {count, 1.5}}(
      context, u.data(), v.data(), grad.data());
  check("ScaleGeluGradGeluGradCast", grad,
        [&](int64_t i) { return 1.5 * u[i] * slope(gelu, v[i]) * slope(tanhGelu, u[i]); });

  // Its columns are the second half of the whole's.
  const Part part{{rows, 2 * channels}, {0, channels}};
  std::vector<cuda::bf16> twice(count);
  kernels::DropoutDropout{.count = count,
                          .dropout = {{rows, channels}, 0.5, 5, part},
                          .dropout_2 = {{rows, channels}, 0.25, 6, part}}(context, r.data(),
                                                                          state, twice.data());
  check("DropoutDropout", twice, [&](int64_t i) {
    const int64_t whole = i / channels * 2 * channels + channels + i % channels;
    return dropped(dropped(float(r[i]), whole, 0.5, 5), whole, 0.25, 6);
  });

  // Repeated along the rows, and along dimensions before and between.
  std::vector<float> gated(count);
  kernels::ExpandTanhClampMul{.count = count,
                              .expand = {{rows, channels}, {0}},
                              .clamp = {count, -0.5f, 0.75f}}(context, bias.data(), x.data(),
                                                              gated.data());
  check("ExpandTanhClampMul", gated, [&](int64_t i) {
    return x[i] * std::clamp(std::tanh(double(bias[i % channels])), -0.5, 0.75);
  });
  std::vector<cuda::f16> sines(4 * count);
  kernels::ExpandSin{.count = 4 * count, .expand = {{2, rows, 2, channels}, {0, 2}}}(
      context, b.data(), sines.data());
  check("ExpandSin", sines, [&](int64_t i) {
    return std::sin(double(float(b[i / (2 * channels) % rows * channels + i % channels])));
  });

  std::printf("%d of %d numbers differ\n", failures, checks);
  return failures ? 1 : 0;
}
