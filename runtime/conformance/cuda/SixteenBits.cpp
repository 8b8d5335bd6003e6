// Calls in bf16 and f16 against the same calls in f32, on operands that are 16-bit numbers to
// begin with: they differ by the rounding of what is stored in 16 bits, and no more.
#include "NarrowOperands.h"

using namespace autopar;
using namespace autopar::conformance;

namespace {

template <class T> class SixteenBits : public testing::Test {
protected:
  Random random{3};

  /// Normal numbers, rounded to T.
  std::vector<float> normal(size_t count, float mean = 0, float deviation = 1) {
    return rounded<T>(random.normal(count, mean, deviation));
  }
  static Tensor<T> narrow(const std::vector<float> &values) {
    return conformance::narrow<T>(values);
  }

  /// `roundings` of results, relative to the largest.
  static void expectSame(const Tensor<T> &actual, const Tensor<float> &expected,
                         int roundings = 2) {
    const auto values = expected.values();
    expectClose(Tensor(widen(actual)), {values.begin(), values.end()}, roundings * unit<T>);
  }
};

using Types = testing::Types<bf16, f16>;
TYPED_TEST_SUITE(SixteenBits, Types);

TYPED_TEST(SixteenBits, convolution) {
  Conv2dShape wide{.batch = 2,
                   .height = 14,
                   .width = 14,
                   .channels = 64,
                   .filters = 32,
                   .kernelH = 3,
                   .kernelW = 3,
                   .padTop = 1,
                   .padLeft = 1,
                   .padBottom = 1,
                   .padRight = 1};
  Conv2dShape narrow = wide;
  narrow.type = typeOf<TypeParam>();
  const auto x = this->normal(2 * 14 * 14 * 64), dy = this->normal(2 * 14 * 14 * 32);
  const auto w = this->normal(32 * 64 * 9, 0, 0.05f);
  Tensor<float> y(dy.size()), dx(x.size()), dw(w.size()), dwOfNarrow(w.size());
  Tensor<TypeParam> narrowY(dy.size()), narrowDx(x.size());
  run(Conv2dForward(wide), Tensor(x), Tensor(w), y);
  run(Conv2dInputGrad(wide), Tensor(dy), Tensor(w), dx);
  run(Conv2dWeightGrad(wide), Tensor(x), Tensor(dy), dw);
  run(Conv2dForward(narrow), this->narrow(x), Tensor(w), narrowY);
  run(Conv2dInputGrad(narrow), this->narrow(dy), Tensor(w), narrowDx);
  run(Conv2dWeightGrad(narrow), this->narrow(x), this->narrow(dy), dwOfNarrow);
  this->expectSame(narrowY, y);
  this->expectSame(narrowDx, dx);
  const auto expected = dw.values();
  expectClose(dwOfNarrow, {expected.begin(), expected.end()}, 0x1p-7);
}

TYPED_TEST(SixteenBits, batchNorm) {
  for (int64_t channels : {33, 64}) {
    const int64_t rows = 500;
    const auto x = this->normal(rows * channels, 1), dy = this->normal(rows * channels);
    const Tensor gamma(this->random.normal(channels, 1)), beta(this->random.normal(channels));
    Tensor<double> stats(2 * channels), sums(2 * channels);
    run(BatchNormStats{rows, channels}, this->narrow(x), stats);
    Tensor<float> y(x.size()), dx(x.size());
    Tensor<TypeParam> narrowY(x.size()), narrowDx(x.size());
    const BatchNormApply apply{.rows = rows, .channels = channels, .count = rows, .relu = true};
    run(apply, Tensor(x), stats, gamma, beta, Tensor(dy), y);
    run(apply, this->narrow(x), stats, gamma, beta, this->narrow(dy), narrowY);
    this->expectSame(narrowY, y);
    run(BatchNormGradSums{rows, channels, rows}, this->narrow(x), stats, this->narrow(dy),
        narrowY, sums);
    const BatchNormGradInput grad{rows, channels, rows};
    run(grad, Tensor(x), stats, gamma, sums, Tensor(dy), y, dx);
    run(grad, this->narrow(x), stats, gamma, sums, this->narrow(dy), narrowY, narrowDx);
    this->expectSame(narrowDx, dx);
  }
}

TYPED_TEST(SixteenBits, pooling) {
  const PoolShape shape{.batch = 2,
                        .height = 13,
                        .width = 9,
                        .channels = 24,
                        .kernelH = 3,
                        .kernelW = 3,
                        .strideH = 2,
                        .strideW = 2,
                        .padTop = 1,
                        .padLeft = 1,
                        .padBottom = 1,
                        .padRight = 1};
  const auto x = this->normal(2 * 13 * 9 * 24);
  const size_t outputs = 2 * shape.outputHeight() * shape.outputWidth() * 24;
  const auto dy = this->normal(outputs);
  Tensor<float> y(outputs), dx(x.size());
  Tensor<TypeParam> narrowY(outputs), narrowDx(x.size());
  Tensor<uint8_t> indices(outputs), narrowIndices(outputs);
  run(MaxPool(shape), Tensor(x), y, indices);
  run(MaxPool(shape), this->narrow(x), narrowY, narrowIndices);
  this->expectSame(narrowY, y, 0);
  EXPECT_EQ(narrowIndices.values(), indices.values());
  run(MaxPoolGrad(shape), Tensor(dy), indices, dx);
  run(MaxPoolGrad(shape), this->narrow(dy), narrowIndices, narrowDx);
  this->expectSame(narrowDx, dx);
}

TYPED_TEST(SixteenBits, productsWithMasterWeights) {
  const LinearShape wide{.batch = 40, .inputs = 96, .outputs = 56};
  LinearShape narrow = wide;
  narrow.type = typeOf<TypeParam>();
  const auto x = this->normal(40 * 96), w = this->normal(56 * 96), dy = this->normal(40 * 56);
  Tensor<float> y(dy.size()), dw(w.size()), dwOfNarrow(w.size());
  Tensor<TypeParam> narrowY(dy.size());
  run(LinearForward(wide), Tensor(x), Tensor(w), y);
  run(LinearForward(narrow), this->narrow(x), Tensor(w), narrowY);
  this->expectSame(narrowY, y);
  run(LinearWeightGrad(wide), Tensor(x), Tensor(dy), dw);
  run(LinearWeightGrad(narrow), this->narrow(x), this->narrow(dy), dwOfNarrow);
  const auto expected = dw.values();
  expectClose(dwOfNarrow, {expected.begin(), expected.end()}); // The sums stay in f32.
}

TYPED_TEST(SixteenBits, layerNorm) {
  const int64_t rows = 70, channels = 200;
  const auto x = this->normal(rows * channels, 1), dy = this->normal(rows * channels);
  const Tensor gamma(this->random.normal(channels, 1)), beta(this->random.normal(channels));
  Tensor<float> y(x.size()), dx(x.size()), mean(rows), rstd(rows);
  Tensor<TypeParam> narrowY(x.size()), narrowDx(x.size());
  run(LayerNorm{rows, channels}, Tensor(x), gamma, beta, y, mean, rstd);
  run(LayerNorm{rows, channels}, this->narrow(x), gamma, beta, narrowY, mean, rstd);
  this->expectSame(narrowY, y);
  const LayerNormGradInput grad{rows, channels};
  run(grad, Tensor(dy), Tensor(x), gamma, mean, rstd, dx);
  run(grad, this->narrow(dy), this->narrow(x), gamma, mean, rstd, narrowDx);
  this->expectSame(narrowDx, dx);

  // The gradient of a residual beside it, added before it is rounded.
  const LayerNormGradInputAdd gradAdd{rows, channels};
  const auto residual = this->normal(x.size());
  std::vector<double> expected;
  const auto alone = dx.values();
  for (size_t i = 0; i < x.size(); ++i)
    expected.push_back(double(alone[i]) + residual[i]);
  Tensor<float> sum(x.size());
  const auto over = this->narrow(residual);
  run(gradAdd, Tensor(dy), Tensor(x), gamma, mean, rstd, Tensor(residual), sum);
  run(gradAdd, this->narrow(dy), this->narrow(x), gamma, mean, rstd, over, over);
  expectClose(sum, expected, 1e-6);
  this->expectSame(over, sum);
}

// Heads of 16 and 64 are cuDNN's, those of 20 are not; blocks of its kernels are multiples of
// 64 queries and keys.
TYPED_TEST(SixteenBits, attention) {
  const auto check = [this](AttentionShape wide) {
    SCOPED_TRACE(testing::Message()
                 << wide.sequence << " x " << wide.headSize << (wide.causal ? " causal" : "")
                 << (wide.deterministic ? " deterministic" : ""));
    AttentionShape narrow = wide;
    narrow.type = typeOf<TypeParam>();
    const int64_t rows = wide.batch * wide.sequence * wide.heads;
    const auto qkv = this->normal(3 * rows * wide.headSize),
               dy = this->normal(rows * wide.headSize);
    Tensor<float> y(dy.size()), dqkv(qkv.size()), lse(rows), narrowLse(rows);
    Tensor<TypeParam> narrowY(dy.size()), narrowDqkv(qkv.size()), again(qkv.size());
    run(Attention(wide), Tensor(qkv), y, lse);
    run(AttentionGrad(wide), Tensor(dy), Tensor(qkv), y, lse, dqkv);
    run(Attention(narrow), this->narrow(qkv), narrowY, narrowLse);
    const AttentionGrad grad(narrow);
    run(grad, this->narrow(dy), this->narrow(qkv), narrowY, narrowLse, narrowDqkv);
    // Probabilities are rounded before they meet the values, and slopes before the keys.
    this->expectSame(narrowY, y, 4);
    this->expectSame(narrowDqkv, dqkv, 8);
    run(grad, this->narrow(dy), this->narrow(qkv), narrowY, narrowLse, again);
    this->expectSame(again, dqkv, 8);
    if (wide.deterministic) {
      const auto first = narrowDqkv.values(), second = again.values();
      EXPECT_EQ(std::memcmp(first.data(), second.data(), first.size() * sizeof(TypeParam)), 0);
    }
  };
  AttentionShape shape{.batch = 2, .sequence = 65, .heads = 3, .headSize = 16, .scale = 0.25};
  check(shape);
  shape.headSize = 20;
  check(shape);
  shape.headSize = 64;
  shape.scale = 0.125;
  for (int64_t sequence : {64, 100, 256, 333})
    for (bool causal : {false, true})
      for (bool deterministic : {false, true}) {
        shape.sequence = sequence;
        shape.causal = causal;
        shape.deterministic = deterministic;
        check(shape);
      }
}

// Rows that are whole packs of 16 bytes, and rows that are not; the last classes are padding.
TYPED_TEST(SixteenBits, vocabulary) {
  constexpr int64_t rows = 9, blocks = 2;
  for (int64_t classes : {1040, 1030, 6}) {
    const int64_t valid = classes - 3;
    const Part part{.whole = {rows, classes}, .begin = {0, 0}};
    const auto logits = this->normal(rows * classes, 0, 3);
    std::vector<int32_t> labels;
    for (int64_t r = 0; r < rows; ++r)
      labels.push_back(static_cast<int32_t>(this->random.number(-1, valid - 1)));
    const VocabularySums sumsOf{rows, classes, blocks, part, valid};
    const CrossEntropyOfSumsGrad gradOf{rows, classes, blocks, part, valid, rows};
    Tensor<double> sums(rows * blocks * 3), narrowSums(rows * blocks * 3);
    run(sumsOf, Tensor(logits), Tensor(labels), sums);
    run(sumsOf, this->narrow(logits), Tensor(labels), narrowSums);
    expectClose(narrowSums, sums.values(), 1e-6, 1);
    Tensor<float> grad(logits.size());
    Tensor<TypeParam> narrowGrad(logits.size());
    run(gradOf, Tensor(logits), Tensor(labels), sums, grad);
    run(gradOf, this->narrow(logits), Tensor(labels), sums, narrowGrad);
    this->expectSame(narrowGrad, grad);
  }
}

TYPED_TEST(SixteenBits, elementByElement) {
  const auto x = this->normal(1003), dy = this->normal(1003);
  Tensor<float> y(1003), dx(1003);
  Tensor<TypeParam> narrowY(1003), narrowDx(1003);
  for (bool tanh : {false, true}) {
    run(Gelu{1003, tanh}, Tensor(x), y);
    run(Gelu{1003, tanh}, this->narrow(x), narrowY);
    this->expectSame(narrowY, y);
    run(GeluGrad{1003, tanh}, Tensor(dy), Tensor(x), dx);
    run(GeluGrad{1003, tanh}, this->narrow(dy), this->narrow(x), narrowDx);
    this->expectSame(narrowDx, dx);
  }
  run(Silu{1003}, Tensor(x), y);
  run(Silu{1003}, this->narrow(x), narrowY);
  this->expectSame(narrowY, y);
  run(SiluGrad{1003}, Tensor(dy), Tensor(x), dx);
  run(SiluGrad{1003}, this->narrow(dy), this->narrow(x), narrowDx);
  this->expectSame(narrowDx, dx);
  run(Clamp{1003, -0.5f, 0.75f}, Tensor(x), y);
  run(Clamp{1003, -0.5f, 0.75f}, this->narrow(x), narrowY);
  this->expectSame(narrowY, y);
  run(Mul{1003}, Tensor(dy), Tensor(x), dx);
  run(Mul{1003}, this->narrow(dy), this->narrow(x), narrowDx);
  this->expectSame(narrowDx, dx);
  run(Fill{1003, 0.3f}, y);
  run(Fill{1003, 0.3f}, narrowY);
  this->expectSame(narrowY, y);
}

TYPED_TEST(SixteenBits, sumsAndRepetition) {
  const auto x = this->normal(6 * 500 * 40, 1);
  for (const Shape &dims : {Shape{1}, Shape{2}, Shape{0, 2}}) {
    const Shape shape = {6, 500, 40};
    int64_t results = elements(shape);
    for (int64_t dim : dims)
      results /= shape[dim];
    Tensor<float> sums(results), most(results), repeated(x.size());
    Tensor<TypeParam> narrowSums(results), narrowMost(results), narrowRepeated(x.size());
    run(Sum{shape, dims}, Tensor(x), sums);
    run(Sum{shape, dims}, this->narrow(x), narrowSums);
    this->expectSame(narrowSums, sums);
    run(Max{shape, dims}, Tensor(x), most);
    run(Max{shape, dims}, this->narrow(x), narrowMost);
    this->expectSame(narrowMost, most, 0);
    run(Expand{shape, dims}, most, repeated);
    run(Expand{shape, dims}, narrowMost, narrowRepeated);
    this->expectSame(narrowRepeated, repeated, 0);
  }
}

} // namespace
