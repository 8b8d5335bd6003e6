// What dropout multiplies an element by, in a kernel.
#ifndef AUTOPAR_RUNTIME_CUDA_DROPOUTFACTOR_CUH
#define AUTOPAR_RUNTIME_CUDA_DROPOUTFACTOR_CUH

#include "autopar/core/DropoutMask.h"

namespace autopar::cuda {

/// 1 / (1 - rate) where the element `index` of the whole tensor is kept, else 0. Elements share
/// a draw of the generator: a thread that asks for neighbours one after the other draws once
/// for all that do.
class DropoutFactor {
public:
  DropoutFactor(double rate, int64_t site, const int64_t *state)
      : rate(rate), site(site), state(state), scale(static_cast<float>(1 / (1 - rate))) {}

  __device__ float operator()(int64_t index) const {
    static_assert(DropoutMask::blockElements == 4);
    const DropoutMask mask(rate, site, state);
    const int64_t block = index >> 2;
    if (block != drawn) {
      drawn = block;
      const auto words = mask.words(block);
      first = words[0], second = words[1], third = words[2], fourth = words[3];
    }
    const bool isLate = index & 2, isOdd = index & 1; // An array would be in memory.
    const uint32_t word = isLate ? (isOdd ? fourth : third) : (isOdd ? second : first);
    return mask.keeps(word) ? scale : 0;
  }

private:
  double rate;
  int64_t site;
  const int64_t *state;
  float scale;

  /// Of the thread that has this copy: a block, and its elements' words.
  mutable int64_t drawn = -1;
  mutable uint32_t first = 0, second = 0, third = 0, fourth = 0;
};

} // namespace autopar::cuda

#endif // AUTOPAR_RUNTIME_CUDA_DROPOUTFACTOR_CUH
