#include "autopar/core/SyntheticDataset.h"

#include "autopar/core/Philox.h"

#include <cmath>

using namespace autopar;

namespace {

constexpr int cell = 8; ///< a pattern's squares, in pixels
constexpr int cells = Sample::side / cell;
constexpr uint64_t fixedSeed = 0; ///< the images are the same in every run

/// A pattern's squares take levels in [64, 192).
constexpr int patternBegin = 64;
constexpr int patternLevels = 128;
/// Noise adds an integer in [-noise, noise].
constexpr int noise = 60;

} // namespace

void SyntheticDataset::read(int64_t index, Sample &sample) const {
  sample.label = static_cast<int32_t>(index % classes);
  const RandomStream patterns(fixedSeed, "pattern");
  const RandomStream noises(fixedSeed, part == Part::Train ? "train" : "test");

  std::array<int, Sample::channels * cells * cells> pattern;
  for (int i = 0; i < static_cast<int>(pattern.size()); ++i)
    pattern[i] =
        patternBegin +
        static_cast<int>(patterns.below(patternLevels, sample.label * pattern.size() + i));

  // One block of random bits serves sixteen pixels.
  std::array<uint32_t, 4> words = {};
  for (int i = 0; i < static_cast<int>(sample.pixels.size()); ++i) {
    if (i % 16 == 0)
      words = noises.bits((index * sample.pixels.size() + i) / 16);
    const int channel = i / Sample::plane;
    const int row = i % Sample::plane / Sample::side;
    const int column = i % Sample::side;
    const int random = words[i / 4 % 4] >> (8 * (i % 4)) & 0xFF;
    const int level = pattern[(channel * cells + row / cell) * cells + column / cell] +
                      random * (2 * noise + 1) / 256 - noise;
    sample.pixels[i] = static_cast<uint8_t>(level);
  }
}

Normalisation SyntheticDataset::normalisation() const {
  // Of a uniform pattern level and uniform noise, rather than of the samples.
  const auto variance = [](double levels) { return (levels * levels - 1) / 12; };
  const double mean = (patternBegin + (patternLevels - 1) / 2.0) / 255;
  const double deviation = std::sqrt(variance(patternLevels) + variance(2 * noise + 1)) / 255;
  return {{mean, mean, mean}, {deviation, deviation, deviation}};
}
