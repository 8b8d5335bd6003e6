#include "autopar/core/SyntheticTokens.h"

#include "autopar/core/Philox.h"

using namespace autopar;

namespace {

constexpr int64_t phrase = 97;    ///< tokens until it begins again: no power of 2 divides it
constexpr uint64_t oneInTen = 10; ///< tokens are noise

} // namespace

void SyntheticTokens::read(int64_t first, int64_t count, int32_t *into) const {
  const RandomStream words(0, "synthetic phrase");
  const RandomStream noise(0, part == Part::Train ? "synthetic text" : "synthetic test text");
  const auto bound = static_cast<uint64_t>(vocabulary);
  for (int64_t i = 0; i < count; ++i) {
    const auto index = static_cast<uint64_t>(first + i);
    const bool noisy = noise.below(oneInTen, 2 * index) == 0;
    into[i] = static_cast<int32_t>(noisy ? noise.below(bound, 2 * index + 1)
                                         : words.below(bound, index % phrase));
  }
}
