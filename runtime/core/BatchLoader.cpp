#include "autopar/core/BatchLoader.h"

#include "autopar/core/Philox.h"

#include <algorithm>
#include <exception>
#include <stdexcept>
#include <string>

using namespace autopar;

namespace {

constexpr int padding = 4; ///< of a random crop, in pixels a side

} // namespace

struct BatchLoader::View {
  int shiftY = 0;
  int shiftX = 0;
  bool flip = false;

  template <class Write> void show(const Sample &sample, Write write) const;

  static View random(const AugmentationKey &key, int64_t sample) {
    constexpr uint64_t places = 2 * padding + 1;
    const std::array<uint32_t, 4> words =
        RandomStream(key.seed, key.epoch).bits(static_cast<uint64_t>(sample));
    const auto shift = [](uint32_t word) {
      return static_cast<int>(word * places >> 32) - padding;
    };
    return {shift(words[0]), shift(words[1]), (words[2] & 1) != 0};
  }
};

BatchLoader::BatchLoader(const Dataset &dataset, const Normalisation &normalisation,
                         const BatchBuffers &buffers)
    : dataset(dataset), buffers(buffers),
      resize(Sample::side, Sample::side, buffers.height, buffers.width, Sample::channels) {
  if (buffers.channels != Sample::channels)
    throw std::invalid_argument("the model's images have " + std::to_string(buffers.channels) +
                                " channels, the data's " + std::to_string(Sample::channels));
  for (int channel = 0; channel < Sample::channels; ++channel)
    for (int value = 0; value < PixelLevels::values; ++value)
      levels.ofChannel[channel][value] = static_cast<float>(
          (value / 255.0 - normalisation.mean[channel]) / normalisation.deviation[channel]);
}

/// write(channel, byte) for the sample as the view shows it, channels-last.
template <class Write> void BatchLoader::View::show(const Sample &sample, Write write) const {
  for (int y = 0; y < Sample::side; ++y) {
    const int fromY = y + shiftY;
    for (int x = 0; x < Sample::side; ++x) {
      const int fromX = (flip ? Sample::side - 1 - x : x) + shiftX;
      const bool inside =
          fromY >= 0 && fromY < Sample::side && fromX >= 0 && fromX < Sample::side;
      for (int channel = 0; channel < Sample::channels; ++channel) {
        const int place = channel * Sample::plane + fromY * Sample::side + fromX;
        write(channel, inside ? sample.pixels[place] : uint8_t(0));
      }
    }
  }
}

void BatchLoader::decode(const Sample &sample, const View &view, int64_t row) const {
  const int64_t first = row * buffers.height * buffers.width * buffers.channels;
  if (buffers.pixels) {
    view.show(sample, [out = buffers.pixels->data() + first](int, uint8_t value) mutable {
      *out++ = value;
    });
    return;
  }
  const bool sameSize = buffers.height == Sample::side && buffers.width == Sample::side;
  float *const image = buffers.images.data() + first;
  std::array<float, Sample::channels * Sample::plane> small;
  view.show(sample, [this, out = sameSize ? image : small.data()](int channel,
                                                                  uint8_t value) mutable {
    *out++ = levels.ofChannel[channel][value];
  });
  if (!sameSize)
    resize(small.data(), image);
}

void BatchLoader::load(std::span<const int64_t> samples,
                       const std::optional<AugmentationKey> &augmentation) const {
  const RowRange &imageRows = buffers.imageRows;
  const RowRange &labelRows = buffers.labelRows;
  const int64_t begin = std::min(imageRows.begin, labelRows.begin);
  const int64_t end =
      std::max(imageRows.begin + imageRows.count, labelRows.begin + labelRows.count);
  std::exception_ptr failure; // may not cross the parallel region's end

#pragma omp parallel for schedule(static)
  for (int64_t row = begin; row < end; ++row) {
    try {
      Sample sample = {{}, -1};
      View view;
      if (samples[row] != noSample) {
        dataset.read(samples[row], sample);
        if (augmentation)
          view = View::random(*augmentation, samples[row]);
      }
      if (labelRows.contains(row))
        buffers.labels[row - labelRows.begin] = sample.label;
      if (imageRows.contains(row))
        decode(sample, view, row - imageRows.begin);
    } catch (...) {
#pragma omp critical
      failure = std::current_exception();
    }
  }
  if (failure)
    std::rethrow_exception(failure);
}
