// See DropoutFactors.h.
#include "autopar/cpu/DropoutFactors.h"

#include <algorithm>

using namespace autopar::cpu;

void DropoutFactors::operator()(int64_t first, int64_t count, float *factors) const {
  constexpr int64_t perBlock = DropoutMask::blockElements, chunk = 32; // in blocks
  float drawn[chunk * perBlock];
  const int64_t end = first + count;
  for (int64_t block = first / perBlock; block * perBlock < end; block += chunk) {
#pragma omp simd
    for (int64_t i = 0; i < chunk; ++i) {
      const auto words = mask.words(static_cast<uint64_t>(block + i));
      for (int64_t k = 0; k < perBlock; ++k)
        drawn[i * perBlock + k] = mask.keeps(words[k]) ? scale : 0.0f;
    }
    const int64_t from = std::max(first, block * perBlock);
    const int64_t to = std::min(end, (block + chunk) * perBlock);
    std::copy_n(drawn + (from - block * perBlock), to - from, factors + (from - first));
  }
}
