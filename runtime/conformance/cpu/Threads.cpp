// What is particular to a target with threads: sums do not depend on how many there are, and a
// workspace that was planned for another machine is refused.
#include "Random.h"
#include "Tensor.h"

#include <omp.h>

#include <functional>

using namespace autopar::conformance;

namespace {

class Threads : public testing::Test {
protected:
  ~Threads() override { omp_set_num_threads(before); }

  /// Checks that `compute` gives the same bits whatever the number of threads.
  template <class T> static void expectSameBits(std::function<std::vector<T>()> compute) {
    planForThreads(1);
    const std::vector<T> alone = compute();
    for (int threads : {2, 3, 5}) {
      planForThreads(threads);
      EXPECT_EQ(compute(), alone) << threads << " threads";
    }
  }

  Random random{5};

private:
  const int before = omp_get_max_threads();
};

TEST_F(Threads, doNotChangeBatchNormStats) {
  for (auto [rows, channels] : {std::pair(5000, 64), {3000, 7}, {400, 2048}}) {
    const Tensor x(random.normal(rows * channels));
    expectSameBits<double>([&, rows = rows, channels = channels] {
      Tensor<double> stats(2 * channels);
      run(BatchNormStats{rows, channels}, x, stats);
      return stats.values();
    });
  }
}

TEST_F(Threads, doNotChangeBatchNormGradSums) {
  const int64_t rows = 5000, channels = 64;
  const Tensor x(random.normal(rows * channels)), dy(random.normal(rows * channels));
  Tensor<double> stats(2 * channels);
  run(BatchNormStats{rows, channels}, x, stats);
  expectSameBits<double>([&] {
    Tensor<double> sums(2 * channels);
    run(BatchNormGradSums{rows, channels, rows}, x, stats, dy, sums);
    return sums.values();
  });
}

TEST_F(Threads, doNotChangeBiasGrad) {
  const Tensor dy(random.normal(3000 * 100));
  expectSameBits<float>([&] {
    Tensor<float> db(100);
    run(BiasGrad{3000, 100}, dy, db);
    return db.values();
  });
}

TEST_F(Threads, doNotChangeTheLoss) {
  const Tensor logits(random.normal(500 * 100));
  const Tensor labels(std::vector<int32_t>(500, 3));
  expectSameBits<float>([&] {
    Tensor<float> loss(1);
    run(SoftmaxCrossEntropy{500, 100, 500}, logits, labels, loss);
    return loss.values();
  });
}

TEST_F(Threads, doNotChangeLayerNormGradParameters) {
  const int64_t rows = 1000, channels = 96;
  const Tensor dy(random.normal(rows * channels)), x(random.normal(rows * channels)),
      mean(random.normal(rows)), rstd(random.normal(rows, 1, 0.1f));
  expectSameBits<float>([&] {
    Tensor<float> dgamma(channels), dbeta(channels);
    run(LayerNormGradParameters{rows, channels}, dy, x, mean, rstd, dgamma, dbeta);
    return dgamma.values();
  });
}

TEST_F(Threads, doNotChangeEmbeddingGrad) {
  const int64_t rows = 1000, channels = 96, vocabulary = 50;
  const Tensor dy(random.normal(rows * channels));
  std::vector<int32_t> tokens;
  for (int64_t r = 0; r < rows; ++r)
    tokens.push_back(static_cast<int32_t>(random.number(0, vocabulary - 1)));
  expectSameBits<float>([&] {
    Tensor<float> dtable(vocabulary * channels);
    run(EmbeddingGrad{rows, channels, {{vocabulary, channels}, {0, 0}}, vocabulary},
        Tensor(tokens), dy, dtable);
    return dtable.values();
  });
}

TEST_F(Threads, doNotChangeAttention) {
  const AttentionShape shape{
      .batch = 2, .sequence = 200, .heads = 3, .headSize = 32, .scale = 1};
  const int64_t outputs = 2 * 200 * 3 * 32;
  const Tensor qkv(random.normal(3 * outputs)), dy(random.normal(outputs));
  Tensor<float> y(outputs), lse(2 * 3 * 200);
  expectSameBits<float>([&] {
    run(Attention(shape), qkv, y, lse);
    return y.values();
  });
  expectSameBits<float>([&] {
    Tensor<float> dqkv(3 * outputs);
    run(AttentionGrad(shape), dy, qkv, y, lse, dqkv);
    return dqkv.values();
  });
}

TEST_F(Threads, doNotChangeSquareSum) {
  const Tensor x(random.normal(200000));
  expectSameBits<double>([&] {
    Tensor<double> sum(1);
    run(SquareSum{200000}, x, sum);
    return sum.values();
  });
}

TEST_F(Threads, doNotChangeSums) {
  const Tensor x(random.normal(300000));
  for (const Sum &sum : {Sum{{300000}, {0}}, Sum{{3, 50000, 2}, {1}}, Sum{{100, 3000}, {0}}}) {
    expectSameBits<float>([&] {
      Tensor<float> ofSum(sum.shape.size() == 1 ? 1 : sum.shape.size() == 3 ? 6 : 3000);
      run(sum, x, ofSum);
      return ofSum.values();
    });
  }
}

TEST_F(Threads, areAtLeastOne) { EXPECT_THROW(planForThreads(0), std::invalid_argument); }

// A workspace may depend on the processor and on the number of threads; oneDNN decides.
TEST(Workspace, smallerThanNeededIsRefusedWithBothSizes) {
  const Conv2dWeightGrad call({.batch = 8,
                               .height = 28,
                               .width = 28,
                               .channels = 128,
                               .filters = 128,
                               .kernelH = 3,
                               .kernelW = 3});
  const size_t needed = call.workspaceBytes();
  ASSERT_GT(needed, 0u);
  try {
    call.requireWorkspace(needed - 1);
    FAIL() << "accepted too small a workspace";
  } catch (const std::runtime_error &error) {
    const std::string message = error.what();
    EXPECT_NE(message.find(std::to_string(needed - 1)), std::string::npos) << message;
    EXPECT_NE(message.find(std::to_string(needed)), std::string::npos) << message;
    EXPECT_NE(message.find("Conv2dWeightGrad"), std::string::npos) << message;
  }
}

} // namespace
