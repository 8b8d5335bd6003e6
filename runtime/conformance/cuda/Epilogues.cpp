// Products with epilogues against loops in double precision, in f32 and on numbers of 16 bits,
// at sizes that are multiples of 8 and that are not.
#include "NarrowOperands.h"

#include "autopar/cuda/FusedMatmul.h"

#include <numbers>

using namespace autopar;
using namespace autopar::conformance;

namespace {

double tanhGelu(double x) {
  return 0.5 * x *
         (1 + std::tanh(std::sqrt(2 / std::numbers::pi) * (x + 0.044715 * x * x * x)));
}

/// By central differences, whose error is below 1e-9.
double tanhGeluSlope(double x) { return (tanhGelu(x + 1e-5) - tanhGelu(x - 1e-5)) / 2e-5; }

template <class T> class Epilogues : public testing::Test {
protected:
  static constexpr int64_t m = 48, k = 40;
  /// Of results' largest: a few roundings of what is stored.
  static constexpr double tolerance = std::is_same_v<T, float>  ? 1e-5
                                      : std::is_same_v<T, bf16> ? 0x1p-6
                                                                : 0x1p-9;
  Random random{11};

  /// Normal numbers, rounded to T.
  std::vector<float> normal(size_t count, float deviation = 1) {
    return rounded<T>(random.normal(count, 0, deviation));
  }
  static Tensor<T> narrow(const std::vector<float> &values) {
    return conformance::narrow<T>(values);
  }
  static Tensor<float> widen(const Tensor<T> &tensor) {
    return Tensor<float>(conformance::widen(tensor));
  }
  static MatmulShape shape(int64_t n) {
    return {.m = m, .n = n, .k = k, .typeA = typeOf<T>(), .typeC = typeOf<T>()};
  }
  /// a [m, k] by b [k, n], and a bias for each column.
  static std::vector<double> product(const std::vector<float> &a, const std::vector<float> &b,
                                     const std::vector<float> &bias, int64_t n) {
    std::vector<double> c(m * n);
    for (int64_t i = 0; i < m; ++i)
      for (int64_t j = 0; j < n; ++j) {
        c[i * n + j] = bias[j];
        for (int64_t p = 0; p < k; ++p)
          c[i * n + j] += double(a[i * k + p]) * b[p * n + j];
      }
    return c;
  }
};

using Types = testing::Types<float, bf16, f16>;
TYPED_TEST_SUITE(Epilogues, Types);

TYPED_TEST(Epilogues, bias) {
  for (int64_t n : {1, 33, 64}) {
    const auto a = this->normal(this->m * this->k), b = this->normal(this->k * n, 0.1f),
               bias = this->normal(n), added = this->normal(this->m * n);
    auto expected = this->product(a, b, bias, n);
    const MatmulBias matmul(this->shape(n));
    Tensor<TypeParam> c(this->m * n), sum(this->m * n);
    const auto inPlace = this->narrow(added);
    run(matmul, this->narrow(a), Tensor(b), Tensor(bias), c);
    expectClose(this->widen(c), expected, this->tolerance);
    run(matmul, this->narrow(a), Tensor(b), Tensor(bias), this->narrow(added), sum);
    run(matmul, this->narrow(a), Tensor(b), Tensor(bias), inPlace, inPlace);
    for (size_t i = 0; i < expected.size(); ++i)
      expected[i] += added[i];
    expectClose(this->widen(sum), expected, this->tolerance);
    expectClose(this->widen(inPlace), expected, this->tolerance);
  }
}

TYPED_TEST(Epilogues, gelu) {
  for (int64_t n : {40, 128}) {
    const auto a = this->normal(this->m * this->k), b = this->normal(this->k * n, 0.2f),
               bias = this->normal(n);
    const auto before = this->product(a, b, bias, n);
    std::vector<double> expected;
    for (double x : before)
      expected.push_back(tanhGelu(x));
    Tensor<TypeParam> c(this->m * n), withAux(this->m * n), aux(this->m * n);
    run(MatmulBiasGelu(this->shape(n)), this->narrow(a), Tensor(b), Tensor(bias), c);
    run(MatmulBiasGeluAux(this->shape(n)), this->narrow(a), Tensor(b), Tensor(bias), withAux,
        aux);
    expectClose(this->widen(c), expected, this->tolerance);
    expectClose(this->widen(withAux), expected, this->tolerance);
    expectClose(this->widen(aux), before, this->tolerance);
  }
}

TYPED_TEST(Epilogues, geluGrad) {
  const int64_t n = 64;
  const auto a = this->normal(this->m * this->k), b = this->normal(this->k * n, 0.2f),
             before = this->normal(this->m * n, 2);
  auto expected = this->product(a, b, std::vector<float>(n), n);
  for (size_t i = 0; i < expected.size(); ++i)
    expected[i] *= tanhGeluSlope(before[i]);
  Tensor<TypeParam> c(this->m * n);
  run(MatmulGeluGrad(this->shape(n)), this->narrow(a), Tensor(b), this->narrow(before), c);
  expectClose(this->widen(c), expected, this->tolerance);
}

// Whatever the factors are, weights' and biases' gradients stay in f32, and so do totals of
// them.
TYPED_TEST(Epilogues, sums) {
  const int64_t m = this->m, k = this->k, n = 56;
  const auto a = this->normal(k * m), b = this->normal(k * n);
  std::vector<double> c(m * n), ofA(m), ofB(n);
  for (int64_t p = 0; p < k; ++p) {
    for (int64_t i = 0; i < m; ++i)
      for (int64_t j = 0; j < n; ++j)
        c[i * n + j] += double(a[p * m + i]) * b[p * n + j];
    for (int64_t i = 0; i < m; ++i)
      ofA[i] += a[p * m + i];
    for (int64_t j = 0; j < n; ++j)
      ofB[j] += b[p * n + j];
  }
  const MatmulShape shape{.m = m,
                          .n = n,
                          .k = k,
                          .transposeA = true,
                          .typeA = typeOf<TypeParam>(),
                          .typeB = typeOf<TypeParam>()};
  Tensor<float> first(m * n), second(m * n), sumA(m), sumB(n);
  run(MatmulSumA(shape), this->narrow(a), this->narrow(b), first, sumA);
  run(MatmulSumB(shape), this->narrow(a), this->narrow(b), second, sumB);
  expectClose(first, c);
  expectClose(second, c);
  expectClose(sumA, ofA);
  expectClose(sumB, ofB);

  const auto total = this->random.normal(m * n);
  for (int64_t i = 0; i < m * n; ++i)
    c[i] += total[i];
  const Tensor inA(total), inB(total), alone(total);
  run(MatmulSumA(shape), this->narrow(a), this->narrow(b), inA, inA, sumA);
  run(MatmulSumB(shape), this->narrow(a), this->narrow(b), inB, inB, sumB);
  run(MatmulAdd(shape), this->narrow(a), this->narrow(b), alone, alone);
  for (const auto *sum : {&inA, &inB, &alone})
    expectClose(*sum, c);
  expectClose(sumA, ofA);
  expectClose(sumB, ofB);
}

} // namespace
