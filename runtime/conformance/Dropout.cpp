// Dropout: the mask is the generator's, element by element of the whole tensor, so that blocks
// see what the whole sees; and it keeps as many as it should.
#include "Random.h"
#include "Tensor.h"

#include "autopar/core/DropoutMask.h"

using namespace autopar;
using namespace autopar::conformance;

namespace {

constexpr int64_t state[] = {0x123456789abcdef, 41};

std::vector<float> dropped(const Dropout &dropout, const std::vector<float> &x,
                           int64_t step = 41) {
  Tensor<float> y(x.size());
  run(dropout, Tensor(x), Tensor(std::vector<int64_t>{state[0], step}), y);
  return y.values();
}

TEST(Dropout, followsTheGenerator) {
  const int64_t count = 10007;
  const double rate = 0.3;
  const auto x = Random(1).normal(count);
  const auto y = dropped({{count}, rate, 5, {{count}, {0}}}, x);
  const autopar::DropoutMask mask(rate, 5, state);
  int64_t kept = 0;
  for (int64_t i = 0; i < count; ++i) {
    const bool keep = mask.keeps(mask.words(i / 4)[i % 4]);
    kept += keep;
    EXPECT_FLOAT_EQ(y[i], keep ? x[i] / 0.7f : 0) << i;
  }
  EXPECT_NEAR(kept / double(count), 0.7, 4 * std::sqrt(0.7 * 0.3 / count));
}

TEST(Dropout, ofABlockIsTheBlockOfTheWholes) {
  const Shape whole{4, 6, 10};
  const auto x = Random(2).normal(elements(whole));
  const auto all = dropped({whole, 0.5, 3, {whole, {0, 0, 0}}}, x);
  Random random(7);
  for (int i = 0; i < 30; ++i) {
    Shape shape, begin;
    for (int64_t size : whole) {
      shape.push_back(random.number(1, size));
      begin.push_back(random.number(0, size - shape[shape.size() - 1]));
    }
    std::vector<float> in, expected;
    for (int64_t a = 0; a < shape[0]; ++a)
      for (int64_t b = 0; b < shape[1]; ++b)
        for (int64_t c = 0; c < shape[2]; ++c) {
          const int64_t at =
              ((begin[0] + a) * whole[1] + begin[1] + b) * whole[2] + begin[2] + c;
          in.push_back(x[at]);
          expected.push_back(all[at]);
        }
    EXPECT_EQ(dropped({shape, 0.5, 3, {whole, begin}}, in), expected);
  }
}

TEST(Dropout, differsByStepAndSite) {
  const std::vector<float> x(1000, 1);
  const auto y = dropped({{1000}, 0.5, 3, {{1000}, {0}}}, x);
  EXPECT_EQ(dropped({{1000}, 0.5, 3, {{1000}, {0}}}, x), y);
  EXPECT_NE(dropped({{1000}, 0.5, 4, {{1000}, {0}}}, x), y);
  EXPECT_NE(dropped({{1000}, 0.5, 3, {{1000}, {0}}}, x, 42), y);
}

TEST(Dropout, canBeDoneInPlaceAndNotAtAll) {
  const auto x = Random(3).normal(5000);
  const Dropout dropout{{5000}, 0.1, 0, {{5000}, {0}}};
  const Tensor inPlace(x);
  const Tensor step(std::vector<int64_t>(state, state + 2));
  run(dropout, inPlace, step, inPlace);
  EXPECT_EQ(inPlace.values(), dropped(dropout, x));
  EXPECT_EQ(dropped({{5000}, 0, 0, {{5000}, {0}}}, x), x);
}

} // namespace
