// Labelled 32x32 colour images, read one at a time by index, so that a rank
// touches only the samples of its own share.

#ifndef AUTOPAR_CORE_DATASET_H
#define AUTOPAR_CORE_DATASET_H

#include <array>
#include <cstdint>

namespace autopar::inline runtime {

/// One sample: three planes (red, green, blue) of 32 rows of 32 bytes, as
/// CIFAR-10's binary files store them.
struct Sample {
  static constexpr int side = 32;
  static constexpr int channels = 3;
  static constexpr int plane = side * side;
  std::array<uint8_t, channels * plane> pixels;
  int32_t label;
};

/// Mean and standard deviation of each channel, of values in [0, 1].
struct Normalisation {
  std::array<double, Sample::channels> mean = {};
  std::array<double, Sample::channels> deviation = {1, 1, 1};
};

class Dataset {
public:
  virtual ~Dataset() = default;
  virtual int64_t size() const = 0;
  virtual void read(int64_t index, Sample &sample) const = 0;

  /// Of all samples; 0 where they come from a formula.
  virtual uint64_t digest() const { return 0; }

  /// Over all pixels of the dataset.
  virtual Normalisation normalisation() const = 0;
};

} // namespace autopar::inline runtime

#endif // AUTOPAR_CORE_DATASET_H
