// See DropoutFactors.h.
#include "autopar/cpu/DropoutFactors.h"

#include <algorithm>

using namespace autopar;
using namespace autopar::cpu;

namespace {

constexpr int64_t perBlock = DropoutMask::blockElements;
constexpr int64_t lanes = 32; ///< blocks that are drawn at once

/// words[k][i] is word k of block `first` + i: DropoutMask::words round by round, so that a
/// round is a loop over blocks, which vectorizes.
void draw(const DropoutMask &mask, int64_t first, uint32_t (&words)[perBlock][lanes]) {
  for (int64_t i = 0; i < lanes; ++i) {
    const auto counter = mask.counter(static_cast<uint64_t>(first + i));
    for (int64_t k = 0; k < perBlock; ++k)
      words[k][i] = counter[k];
  }
  auto key = mask.key();
  for (int round = 0; round < philoxRounds; ++round) {
#pragma omp simd
    for (int64_t i = 0; i < lanes; ++i)
      philoxRound(words[0][i], words[1][i], words[2][i], words[3][i], key);
    key = nextPhiloxKey(key);
  }
}

} // namespace

void DropoutFactors::operator()(int64_t first, int64_t count, float *factors) const {
  const int64_t end = first + count;
  for (int64_t block = first / perBlock; block * perBlock < end; block += lanes) {
    uint32_t words[perBlock][lanes];
    draw(mask, block, words);
    float drawn[lanes * perBlock];
    for (int64_t i = 0; i < lanes; ++i)
      for (int64_t k = 0; k < perBlock; ++k)
        drawn[i * perBlock + k] = mask.keeps(words[k][i]) ? scale : 0.0f;
    const int64_t from = std::max(first, block * perBlock);
    const int64_t to = std::min(end, (block + lanes) * perBlock);
    std::copy_n(drawn + (from - block * perBlock), to - from, factors + (from - first));
  }
}
