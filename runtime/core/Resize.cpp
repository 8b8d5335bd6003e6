#include "autopar/core/Resize.h"

#include <algorithm>

using namespace autopar;

Resize::Resize(int64_t fromHeight, int64_t fromWidth, int64_t toHeight, int64_t toWidth,
               int64_t channels)
    : fromWidth(fromWidth), channels(channels), rows(taps(fromHeight, toHeight)),
      columns(taps(fromWidth, toWidth)) {}

std::vector<Resize::Tap> Resize::taps(int64_t from, int64_t to) {
  std::vector<Tap> result;
  for (int64_t i = 0; i < to; ++i) {
    const double centre =
        (static_cast<double>(i) + 0.5) * static_cast<double>(from) / static_cast<double>(to) -
        0.5;
    const double position = std::max(centre, 0.0);
    const int64_t low = std::min(static_cast<int64_t>(position), from - 1);
    result.push_back({low, std::min(low + 1, from - 1),
                      static_cast<float>(position - static_cast<double>(low))});
  }
  return result;
}

void Resize::operator()(const float *from, float *to) const {
  const auto blend = [](float low, float high, float weightOfHigh) {
    return low + weightOfHigh * (high - low);
  };
  for (const Tap &row : rows) {
    const float *upper = from + row.low * fromWidth * channels;
    const float *lower = from + row.high * fromWidth * channels;
    for (const Tap &column : columns) {
      const int64_t left = column.low * channels;
      const int64_t right = column.high * channels;
      for (int64_t channel = 0; channel < channels; ++channel)
        *to++ = blend(blend(upper[left + channel], upper[right + channel], column.weightOfHigh),
                      blend(lower[left + channel], lower[right + channel], column.weightOfHigh),
                      row.weightOfHigh);
    }
  }
}
