// See LayerNorm.h.
#include "autopar/cpu/LayerNorm.h"

#include "autopar/cpu/Rows.h"
#include "autopar/cpu/Workspace.h"

#include <cmath>

using namespace autopar::cpu;

void LayerNorm::operator()(const float *x, const float *gamma, const float *beta, float *y,
                           float *mean, float *rstd) const {
#pragma omp parallel for schedule(static) if (rows * channels > serialElements)
  for (int64_t r = 0; r < rows; ++r) {
    const float *const in = x + r * channels;
    float *const out = y + r * channels;
    double sum = 0;
#pragma omp simd reduction(+ : sum)
    for (int64_t c = 0; c < channels; ++c)
      sum += in[c];
    const double average = sum / static_cast<double>(channels);
    double squares = 0;
#pragma omp simd reduction(+ : squares)
    for (int64_t c = 0; c < channels; ++c) {
      const double difference = in[c] - average;
      squares += difference * difference;
    }
    const float center = static_cast<float>(average);
    const float scale =
        static_cast<float>(1 / std::sqrt(squares / static_cast<double>(channels) + epsilon));
#pragma omp simd
    for (int64_t c = 0; c < channels; ++c)
      out[c] = (in[c] - center) * scale * gamma[c] + beta[c];
    mean[r] = center;
    rstd[r] = scale;
  }
}

void LayerNormGradInput::operator()(const float *dy, const float *x, const float *gamma,
                                    const float *mean, const float *rstd, float *dx) const {
#pragma omp parallel for schedule(static) if (rows * channels > serialElements)
  for (int64_t r = 0; r < rows; ++r) {
    const float *const in = x + r * channels, *const above = dy + r * channels;
    float *const out = dx + r * channels;
    const float center = mean[r], scale = rstd[r];
    double sum = 0, product = 0; // of g, and of g x̂
#pragma omp simd reduction(+ : sum, product)
    for (int64_t c = 0; c < channels; ++c) {
      const float g = above[c] * gamma[c];
      sum += g;
      product += g * ((in[c] - center) * scale);
    }
    const float meanG = static_cast<float>(sum / static_cast<double>(channels));
    const float meanProduct = static_cast<float>(product / static_cast<double>(channels));
#pragma omp simd
    for (int64_t c = 0; c < channels; ++c)
      out[c] = scale * (above[c] * gamma[c] - meanG - (in[c] - center) * scale * meanProduct);
  }
}

//===- Gradients of gamma and beta ---------------------------------------------------===//

namespace {

/// Rows in blocks that depend on their number alone; sums of a block are added in order.
struct RowBlocks {
  static constexpr int64_t mostBlocks = 64, leastRows = 16;
  int64_t blockRows, blocks;

  explicit RowBlocks(int64_t rows)
      : blockRows(std::max(leastRows, divideUp(rows, mostBlocks))),
        blocks(divideUp(rows, blockRows)) {}
};

} // namespace

size_t LayerNormGradParameters::workspaceBytes() const {
  return alignUp(sizeof(double) * RowBlocks(rows).blocks * 2 * channels);
}

void LayerNormGradParameters::requireWorkspace(size_t planned) const {
  cpu::requireWorkspace("LayerNormGradParameters", workspaceBytes(), planned);
}

void LayerNormGradParameters::operator()(const float *dy, const float *x, const float *mean,
                                         const float *rstd, float *dgamma, float *dbeta,
                                         void *workspace) const {
  const RowBlocks parts(rows);
  const int64_t blockRows = parts.blockRows, blocks = parts.blocks; // clang's OpenMP takes no bindings
  double *const sums = static_cast<double *>(workspace); // [blocks, 2, channels]
#pragma omp parallel if (rows * channels > serialElements)
  {
#pragma omp for schedule(static)
    for (int64_t block = 0; block < blocks; ++block) {
      double *const ofGamma = sums + block * 2 * channels, *const ofBeta = ofGamma + channels;
      std::fill_n(ofGamma, 2 * channels, 0.0);
      const int64_t end = std::min(rows, (block + 1) * blockRows);
      for (int64_t r = block * blockRows; r < end; ++r) {
        const float *const in = x + r * channels, *const above = dy + r * channels;
        const float center = mean[r], scale = rstd[r];
#pragma omp simd
        for (int64_t c = 0; c < channels; ++c) {
          ofGamma[c] += above[c] * ((in[c] - center) * scale);
          ofBeta[c] += above[c];
        }
      }
    }
#pragma omp for schedule(static)
    for (int64_t c = 0; c < channels; ++c) {
      double gamma = 0, beta = 0;
      for (int64_t block = 0; block < blocks; ++block) {
        gamma += sums[block * 2 * channels + c];
        beta += sums[(block * 2 + 1) * channels + c];
      }
      dgamma[c] = static_cast<float>(gamma);
      dbeta[c] = static_cast<float>(beta);
    }
  }
}
