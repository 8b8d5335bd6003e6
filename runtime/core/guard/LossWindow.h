// The losses of the last steps, by whose median a spike is known. They jump from batch to
// batch, so a mean would follow the very spikes that it is asked about.

#ifndef AUTOPAR_CORE_GUARD_LOSSWINDOW_H
#define AUTOPAR_CORE_GUARD_LOSSWINDOW_H

#include <algorithm>
#include <cstddef>
#include <optional>
#include <vector>

namespace autopar::inline runtime {

class LossWindow {
public:
  static constexpr size_t most = 32, fewest = 8;

  void add(double loss) {
    if (losses.size() == most)
      losses.erase(losses.begin());
    losses.push_back(loss);
  }
  void clear() { losses.clear(); }
  size_t size() const { return losses.size(); }

  /// Of an even number the lower one in the middle; none while there are too few.
  std::optional<double> median() const {
    if (losses.size() < fewest)
      return std::nullopt;
    std::vector<double> sorted = losses;
    const auto middle = sorted.begin() + static_cast<std::ptrdiff_t>((sorted.size() - 1) / 2);
    std::nth_element(sorted.begin(), middle, sorted.end());
    return *middle;
  }

private:
  std::vector<double> losses; ///< oldest first
};

} // namespace autopar::inline runtime

#endif // AUTOPAR_CORE_GUARD_LOSSWINDOW_H
