// Which elements dropout keeps: a pure function of seed, step, the operation's site and the
// element's index in the whole tensor. So any mesh, and any recomputation, drops the same
// ones. Targets share this definition; how they draw many at once is theirs.

#ifndef AUTOPAR_CORE_DROPOUTMASK_H
#define AUTOPAR_CORE_DROPOUTMASK_H

#include "autopar/core/Philox.h"

namespace autopar::inline runtime {

class DropoutMask {
public:
  /// Elements that share one draw of the generator: those of block i are 4i to 4i+3.
  static constexpr int blockElements = 4;

  /// `state` is {seed, step}, `rate` in [0, 1) the probability of being dropped.
  constexpr DropoutMask(double rate, int64_t site, const int64_t state[2])
      : seed(static_cast<uint64_t>(state[0])), site(static_cast<uint32_t>(site)),
        step(static_cast<uint32_t>(state[1])), dropBelow(static_cast<uint32_t>(rate * 0x1p32)) {
  }

  /// The random words of a block's elements, in their order.
  constexpr std::array<uint32_t, blockElements> words(uint64_t block) const {
    return philox(counter(block), key());
  }

  /// What the generator makes them of.
  constexpr std::array<uint32_t, blockElements> counter(uint64_t block) const {
    return {uint32_t(block), uint32_t(block >> 32), site, step};
  }
  constexpr std::array<uint32_t, 2> key() const {
    return {uint32_t(seed), uint32_t(seed >> 32)};
  }

  /// Whether the element that drew `word` is kept; it is then scaled by 1 / (1 - rate).
  constexpr bool keeps(uint32_t word) const { return word >= dropBelow; }

private:
  uint64_t seed;
  uint32_t site;
  uint32_t step;
  uint32_t dropBelow;
};

} // namespace autopar::inline runtime

#endif // AUTOPAR_CORE_DROPOUTMASK_H
