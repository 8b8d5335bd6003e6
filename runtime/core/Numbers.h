// Numbers as text, from a command line or a file's metadata: all of the text is a number within
// bounds, or it is none.

#ifndef AUTOPAR_CORE_NUMBERS_H
#define AUTOPAR_CORE_NUMBERS_H

#include <charconv>
#include <cmath>
#include <cstdint>
#include <optional>
#include <string_view>

namespace autopar::inline runtime {

/// Steps of a run, and of all runs that a checkpoint has been through; their micro-batches, at
/// most 2^20 a step, are still numbered by 64 bits.
inline constexpr int64_t mostSteps = int64_t(1) << 40;

/// The whole number in [least, most] that `text` is; none where it is another thing: a sign, a
/// space or a letter too many, no digit at all.
inline std::optional<int64_t> wholeNumber(std::string_view text, int64_t least, int64_t most) {
  int64_t value = 0;
  const char *const end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, value);
  if (error != std::errc() || stop != end || value < least || value > most)
    return std::nullopt;
  return value;
}

/// The real number that `text` is; none where it is another thing, or not finite in f32, in which
/// programs compute.
inline std::optional<double> realNumber(std::string_view text) {
  double value = 0;
  const char *const end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, value);
  if (error != std::errc() || stop != end || !std::isfinite(static_cast<float>(value)))
    return std::nullopt;
  return value;
}

} // namespace autopar::inline runtime

#endif // AUTOPAR_CORE_NUMBERS_H
