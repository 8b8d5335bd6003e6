// Half precision, where the host has no such type: what a file holds.

#ifndef AUTOPAR_CORE_HALFFLOAT_H
#define AUTOPAR_CORE_HALFFLOAT_H

#include <cmath>
#include <cstdint>
#include <limits>

namespace autopar::inline runtime {

/// The number that IEEE 754's binary16 writes so; exact.
inline double numberOfHalf(uint16_t bits) {
  const int exponent = bits >> 10 & 31, fraction = bits & 1023;
  const double size =
      exponent == 31  ? (fraction ? std::numeric_limits<double>::quiet_NaN() : HUGE_VAL)
      : exponent == 0 ? std::ldexp(fraction, -24)
                      : std::ldexp(1024 + fraction, exponent - 25);
  return bits >> 15 ? -size : size;
}

} // namespace autopar::inline runtime

#endif // AUTOPAR_CORE_HALFFLOAT_H
