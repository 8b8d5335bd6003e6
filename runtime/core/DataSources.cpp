#include "autopar/core/DataSources.h"

#include "autopar/core/CifarDataset.h"
#include "autopar/core/SyntheticDataset.h"

#include <stdexcept>

using namespace autopar;

namespace {

/// Synthetic data has this many batches for training, and test samples.
constexpr int64_t syntheticBatches = 16;
constexpr int64_t syntheticTestSamples = 512;

} // namespace

DataSources::DataSources(const Options &options, const Description &description) {
  if (!options.fixedBatch.empty())
    return;
  if (options.data == "synthetic") {
    const Port *images = description.step.findInput("images");
    const int64_t batch = images ? images->shape[0] : 1;
    train = std::make_unique<SyntheticDataset>(SyntheticDataset::Part::Train,
                                               syntheticBatches * batch, description.classes);
    test = std::make_unique<SyntheticDataset>(SyntheticDataset::Part::Test,
                                              syntheticTestSamples, description.classes);
  } else {
    train = std::make_unique<CifarDataset>(CifarDataset::trainFiles(options.data),
                                           description.classes);
    const auto files = CifarDataset::testFiles(options.data);
    if (!files.empty())
      test = std::make_unique<CifarDataset>(files, description.classes);
    if (files.empty() && options.evalEvery)
      throw std::runtime_error("--eval-every needs test data, but " + options.data +
                               " has no test_batch.bin");
  }
  normalisation = train->normalisation();
  if (options.mean)
    normalisation.mean = *options.mean;
  if (options.deviation)
    normalisation.deviation = *options.deviation;
}
