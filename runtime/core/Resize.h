// Bilinear resizing of a sample to the model's image size, with pixel centres
// at half-integers (as PyTorch's interpolate with align_corners=False).

#ifndef AUTOPAR_CORE_RESIZE_H
#define AUTOPAR_CORE_RESIZE_H

#include <cstdint>
#include <vector>

namespace autopar::inline runtime {

/// From [fromHeight, fromWidth, channels] to [toHeight, toWidth, channels];
/// which pixels meet in which is worked out once.
class Resize {
public:
  Resize(int64_t fromHeight, int64_t fromWidth, int64_t toHeight, int64_t toWidth,
         int64_t channels);

  void operator()(const float *from, float *to) const;

private:
  /// A target row or column lies between two of the source's.
  struct Tap {
    int64_t low, high;
    float weightOfHigh;
  };
  static std::vector<Tap> taps(int64_t from, int64_t to);

  int64_t fromWidth;
  int64_t channels;
  std::vector<Tap> rows;
  std::vector<Tap> columns;
};

} // namespace autopar::inline runtime

#endif // AUTOPAR_CORE_RESIZE_H
