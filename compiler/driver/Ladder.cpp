// See Ladder.h.
#include "compiler/driver/Ladder.h"

#include <cmath>

namespace autopar {

int64_t Ladder::bytes(int rung) const {
  return std::llround(static_cast<double>(top) * std::exp2(-double(rung) / perHalving));
}

int Ladder::above(int64_t bytes) const {
  int rung = between(top, bytes);
  // Rounded bytes decide, not the logarithm.
  while (rung > 0 && this->bytes(rung) < bytes)
    --rung;
  while (this->bytes(rung + 1) >= bytes && this->bytes(rung + 1) < this->bytes(rung))
    ++rung;
  return rung;
}

int Ladder::between(int64_t more, int64_t fewer) const {
  if (more <= fewer || fewer < 1)
    return 0;
  return static_cast<int>(
      perHalving * std::log2(static_cast<double>(more) / static_cast<double>(fewer)));
}

} // namespace autopar
