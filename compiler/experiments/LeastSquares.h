// Lines through measurements, for figures that cannot be negative.
#ifndef AUTOPAR_COMPILER_EXPERIMENTS_LEASTSQUARES_H
#define AUTOPAR_COMPILER_EXPERIMENTS_LEASTSQUARES_H

#include <array>
#include <vector>

namespace autopar {

/// Something that took `seconds` and is made of so much of each term.
struct Sample {
  static constexpr int terms = 3;
  std::array<double, terms> of;
  double seconds;
};

/// Prices of the terms, none negative, of the least sum over samples of
///   (predicted - seconds)^2 / seconds
/// and then all scaled so that predictions add up to what was measured. Between squares of
/// seconds, which see only the longest, and of ratios, which let the shortest decide.
/// Samples of 0 seconds do not count; without any, all prices are 0.
std::array<double, Sample::terms> fitPrices(const std::vector<Sample> &samples);

} // namespace autopar

#endif
