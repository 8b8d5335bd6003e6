// How a window slides along one dimension of an image; convolution and pooling share it,
// on every target.
#ifndef AUTOPAR_CORE_WINDOW_H
#define AUTOPAR_CORE_WINDOW_H

#include <cstdint>
#include <stdexcept>
#include <string>

namespace autopar::inline runtime {

struct Window {
  int64_t extent, kernel, stride, padBefore, padAfter, dilation = 1;

  /// Positions of the window; the last elements may be left over, as in PyTorch.
  int64_t positions() const { return (extent + padBefore + padAfter - reach()) / stride + 1; }

  /// Whether the window has a position.
  bool fits() const { return stride >= 1 && extent + padBefore + padAfter >= reach(); }

  /// \throws std::invalid_argument where it has none.
  void check(const char *call) const {
    if (!fits())
      throw std::invalid_argument(
          std::string(call) + ": a window over " + std::to_string(reach()) +
          " elements with stride " + std::to_string(stride) + " has no place in " +
          std::to_string(extent) + " elements padded by " + std::to_string(padBefore) +
          " and " + std::to_string(padAfter));
  }

private:
  /// Elements from the window's first to its last.
  int64_t reach() const { return (kernel - 1) * dilation + 1; }
};

} // namespace autopar::inline runtime

#endif // AUTOPAR_CORE_WINDOW_H
