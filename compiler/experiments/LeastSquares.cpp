// See LeastSquares.h. With three terms there are seven sets of those that are not zero: each is
// solved by its normal equations, and the best solution without a negative price is taken. That
// is the non-negative optimum, which is the free optimum on the terms that are above zero.
#include "compiler/experiments/LeastSquares.h"

#include <cmath>
#include <optional>

namespace autopar {
namespace {

constexpr int terms = Sample::terms;
using Prices = std::array<double, terms>;

double predicted(const Prices &prices, const Sample &sample) {
  double seconds = 0;
  for (int i = 0; i < terms; ++i)
    seconds += prices[i] * sample.of[i];
  return seconds;
}

double error(const Prices &prices, const std::vector<Sample> &samples) {
  double sum = 0;
  for (const Sample &sample : samples)
    if (sample.seconds > 0)
      sum += std::pow(predicted(prices, sample) - sample.seconds, 2) / sample.seconds;
  return sum;
}

/// Gaussian elimination with the largest pivot; nothing where the terms cannot be told apart.
std::optional<std::vector<double>> solve(std::vector<std::vector<double>> rows) {
  const size_t n = rows.size();
  for (size_t column = 0; column < n; ++column) {
    size_t pivot = column;
    for (size_t row = column; row < n; ++row)
      if (std::abs(rows[row][column]) > std::abs(rows[pivot][column]))
        pivot = row;
    constexpr double singular = 1e-10; // of terms scaled to about 1
    if (std::abs(rows[pivot][column]) < singular)
      return std::nullopt;
    std::swap(rows[pivot], rows[column]);
    for (size_t row = 0; row < n; ++row) {
      if (row == column)
        continue;
      double factor = rows[row][column] / rows[column][column];
      for (size_t i = column; i <= n; ++i)
        rows[row][i] -= factor * rows[column][i];
    }
  }
  std::vector<double> solution;
  for (size_t i = 0; i < n; ++i)
    solution.push_back(rows[i][n] / rows[i][i]);
  return solution;
}

/// The free optimum where only the terms of `set` (bits) have a price.
std::optional<Prices> fitSet(const std::vector<Sample> &samples, int set) {
  std::vector<int> used;
  for (int i = 0; i < terms; ++i)
    if (set >> i & 1)
      used.push_back(i);
  // FLOPs and seconds are 15 powers of ten apart: each term is measured in its largest amount.
  Prices scale{};
  for (const Sample &sample : samples)
    for (int i = 0; i < terms; ++i)
      scale[i] = std::max(scale[i], sample.of[i]);
  std::vector<std::vector<double>> rows(used.size(), std::vector<double>(used.size() + 1));
  double weights = 0;
  for (const Sample &sample : samples) {
    if (sample.seconds <= 0)
      continue;
    weights += 1 / sample.seconds;
    for (size_t row = 0; row < used.size(); ++row) {
      double x = sample.of[used[row]] / scale[used[row]];
      for (size_t column = 0; column < used.size(); ++column)
        rows[row][column] += x * sample.of[used[column]] / scale[used[column]] / sample.seconds;
      rows[row].back() += x;
    }
  }
  for (std::vector<double> &row : rows)
    for (double &value : row)
      value /= weights;
  std::optional<std::vector<double>> solution = solve(std::move(rows));
  if (!solution)
    return std::nullopt;
  Prices prices{};
  for (size_t i = 0; i < used.size(); ++i)
    prices[used[i]] = (*solution)[i] / scale[used[i]];
  return prices;
}

} // namespace

Prices fitPrices(const std::vector<Sample> &samples) {
  Prices best{};
  for (int set = 1; set < 1 << terms; ++set) {
    std::optional<Prices> prices = fitSet(samples, set);
    bool isSound = prices.has_value();
    for (int i = 0; isSound && i < terms; ++i)
      isSound = (*prices)[i] >= 0 && std::isfinite((*prices)[i]);
    if (isSound && error(*prices, samples) < error(best, samples))
      best = *prices;
  }
  double wanted = 0, found = 0;
  for (const Sample &sample : samples) {
    wanted += sample.seconds;
    found += predicted(best, sample);
  }
  if (found > 0)
    for (double &price : best)
      price *= wanted / found;
  return best;
}

} // namespace autopar
