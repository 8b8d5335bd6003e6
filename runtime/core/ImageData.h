// Labelled images: CIFAR files, or synthetic ones.

#ifndef AUTOPAR_CORE_IMAGEDATA_H
#define AUTOPAR_CORE_IMAGEDATA_H

#include "autopar/core/Data.h"
#include "autopar/core/Dataset.h"

namespace autopar::inline runtime {

class ImageData final : public Data {
public:
  ImageData(const Options &options, const Description &description);

  std::vector<Part> parts() const override;
  std::string_view unit() const override { return "images"; }
  std::unique_ptr<BatchSource> train(const EntryPoint &step, const Place &place,
                                     Arena &arena) const override;
  std::unique_ptr<TestSource> test(const EntryPoint &evaluate, const Place &place,
                                   Arena &arena) const override;

private:
  std::string folder; ///< or "synthetic"
  uint64_t seed;
  bool augment;
  std::unique_ptr<Dataset> trainSet;
  std::unique_ptr<Dataset> testSet; ///< null when there is none
  Normalisation normalisation;      ///< of both, measured on trainSet
};

} // namespace autopar::inline runtime

#endif // AUTOPAR_CORE_IMAGEDATA_H
