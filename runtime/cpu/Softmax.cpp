// See Softmax.h.
#include "autopar/cpu/Softmax.h"

#include "autopar/cpu/Rows.h"
#include "autopar/cpu/SoftmaxRow.h"

#include <algorithm>

using namespace autopar::cpu;

void Softmax::operator()(const float *x, float *y) const {
#pragma omp parallel for schedule(static) if (rows * columns > serialElements)
  for (int64_t r = 0; r < rows; ++r) {
    const int64_t seen = causal ? std::min(columns, r % queries + 1) : columns;
    float *const out = y + r * columns;
    const auto [top, sum] = exponentials(x + r * columns, out, seen, 1);
    const float scale = static_cast<float>(1 / sum);
#pragma omp simd
    for (int64_t c = 0; c < seen; ++c)
      out[c] *= scale;
    std::fill(out + seen, out + columns, 0.0f);
  }
}

void SoftmaxGrad::operator()(const float *dy, const float *y, float *dx) const {
#pragma omp parallel for schedule(static) if (rows * columns > serialElements)
  for (int64_t r = 0; r < rows; ++r) {
    const float *const above = dy + r * columns, *const out = y + r * columns;
    float *const in = dx + r * columns;
    double product = 0;
#pragma omp simd reduction(+ : product)
    for (int64_t c = 0; c < columns; ++c)
      product += above[c] * out[c];
    const float common = static_cast<float>(product);
#pragma omp simd
    for (int64_t c = 0; c < columns; ++c)
      in[c] = out[c] * (above[c] - common);
  }
}
