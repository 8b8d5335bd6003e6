// What dropout multiplies an element by, in a kernel.
#ifndef AUTOPAR_RUNTIME_CUDA_DROPOUTFACTOR_CUH
#define AUTOPAR_RUNTIME_CUDA_DROPOUTFACTOR_CUH

#include "autopar/core/DropoutMask.h"

namespace autopar::cuda {

/// 1 / (1 - rate) where the element `index` of the whole tensor is kept, else 0.
class DropoutFactor {
public:
  DropoutFactor(double rate, int64_t site, const int64_t *state)
      : rate(rate), site(site), state(state), scale(static_cast<float>(1 / (1 - rate))) {}

  __device__ float operator()(int64_t index) const {
    const DropoutMask mask(rate, site, state);
    const auto words = mask.words(index / DropoutMask::blockElements);
    return mask.keeps(words[index % DropoutMask::blockElements]) ? scale : 0;
  }

private:
  double rate;
  int64_t site;
  const int64_t *state;
  float scale;
};

} // namespace autopar::cuda

#endif // AUTOPAR_RUNTIME_CUDA_DROPOUTFACTOR_CUH
