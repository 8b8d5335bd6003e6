// CIFAR's files: every record that is read has a label among the classes.
#include "File.h"

#include "autopar/core/CifarDataset.h"

#include <cmath>
#include <stdexcept>

using namespace autopar;

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  constexpr int64_t classes = 10;
  try {
    const CifarDataset images({fuzz::file(data, size)}, classes);
    for (double deviation : images.normalisation().deviation)
      fuzz::require(deviation > 0 && std::isfinite(deviation), "a deviation that is none");
    Sample sample;
    for (int64_t i = 0; i < images.size(); ++i) {
      images.read(i, sample);
      fuzz::require(sample.label >= 0 && sample.label < classes, "a label beyond the classes");
    }
  } catch (const std::exception &) {
  }
  return 0;
}
