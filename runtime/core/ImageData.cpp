#include "autopar/core/ImageData.h"

#include "autopar/core/BatchLoader.h"
#include "autopar/core/CifarDataset.h"
#include "autopar/core/ShuffledBatches.h"
#include "autopar/core/SyntheticDataset.h"

#include <algorithm>
#include <numeric>
#include <stdexcept>

using namespace autopar;

namespace {

/// Synthetic data has this many batches for training, and test samples.
constexpr int64_t syntheticBatches = 16;
constexpr int64_t syntheticTestSamples = 512;
/// As many as a byte of a CIFAR file tells apart.
constexpr int64_t anyClasses = 256;

/// A dataset in its order; in whole batches where the program reads no labels.
class ImagesInOrder final : public TestSource {
public:
  ImagesInOrder(const Dataset &dataset, const Normalisation &normalisation,
                const BatchBuffers &buffers)
      : loader(dataset, normalisation, buffers), size(dataset.size()),
        selected(static_cast<size_t>(buffers.batch)) {
    // What fills up a batch would count where no label leaves it out.
    if (!buffers.hasLabels)
      size -= size % buffers.batch;
    if (size == 0)
      throw std::runtime_error(std::to_string(dataset.size()) +
                               " test images are too few for a batch of " +
                               std::to_string(buffers.batch) +
                               "; a program without labels counts whole batches");
  }

  int64_t batches() const override {
    return (size + samplesPerBatch() - 1) / samplesPerBatch();
  }
  int64_t samples() const override { return size; }
  int64_t samplesPerBatch() const override { return loader.target().batch; }

  void load(int64_t batch) override {
    const int64_t first = batch * samplesPerBatch();
    const int64_t count = std::min(samplesPerBatch(), size - first);
    std::iota(selected.begin(), selected.begin() + count, first);
    std::fill(selected.begin() + count, selected.end(), BatchLoader::noSample);
    loader.load(selected, std::nullopt);
    loader.bring();
    loader.flush();
  }

private:
  BatchLoader loader;
  int64_t size;
  std::vector<int64_t> selected; ///< of one batch
};

} // namespace

ImageData::ImageData(const Options &options, const Description &description)
    : folder(options.data), seed(options.seed), augment(options.augment) {
  if (!options.testData.empty())
    throw std::invalid_argument("--test-data names a token file, but " +
                                std::string(description.model) +
                                " reads images; its test images lie in --data's folder");
  // Of a program that reads no labels any will do.
  const int64_t classes =
      description.step.findInput("labels") ? description.classes : anyClasses;
  if (options.data == "synthetic") {
    const Port *images = description.step.findInput("images");
    const int64_t batch = images && !images->shape.empty() ? images->shape[0] : 1;
    trainSet = std::make_unique<SyntheticDataset>(
        SyntheticDataset::Part::Train, syntheticBatches * batch, classes);
    testSet = std::make_unique<SyntheticDataset>(SyntheticDataset::Part::Test,
                                                 syntheticTestSamples, classes);
  } else {
    trainSet = std::make_unique<CifarDataset>(CifarDataset::trainFiles(options.data),
                                              classes);
    const auto files = CifarDataset::testFiles(options.data);
    if (!files.empty())
      testSet = std::make_unique<CifarDataset>(files, classes);
    if (files.empty() && options.evalEvery)
      throw std::runtime_error("--eval-every needs test data, but " + options.data +
                               " has no test_batch.bin");
  }
  normalisation = trainSet->normalisation();
  if (options.mean)
    normalisation.mean = *options.mean;
  if (options.deviation)
    normalisation.deviation = *options.deviation;
}

std::vector<Data::Part> ImageData::parts() const {
  std::vector<Part> parts;
  const auto add = [&](const char *use, const Dataset &images) {
    parts.push_back({use, std::to_string(images.size()) + " images", folder, images.digest()});
  };
  add("trains", *trainSet);
  if (testSet)
    add("evaluates", *testSet);
  return parts;
}

std::unique_ptr<BatchSource> ImageData::train(const EntryPoint &step, const Place &place,
                                              Arena &arena) const {
  return std::make_unique<ShuffledBatches>(*trainSet, normalisation,
                                           BatchBuffers(step, place, arena), seed, augment);
}

std::unique_ptr<TestSource> ImageData::test(const EntryPoint &evaluate, const Place &place,
                                            Arena &arena) const {
  if (!testSet)
    return nullptr;
  return std::make_unique<ImagesInOrder>(*testSet, normalisation,
                                         BatchBuffers(evaluate, place, arena));
}
