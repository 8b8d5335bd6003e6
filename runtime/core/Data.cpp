#include "autopar/core/Data.h"

#include "autopar/core/checkpoint/Safetensors.h"
#include "autopar/core/FixedBatches.h"
#include "autopar/core/ImageData.h"
#include "autopar/core/TokenData.h"

using namespace autopar;

namespace {

class FixedData final : public Data {
public:
  FixedData(const Options &options, const Description &description)
      : path(options.fixedBatch), bounds{description.classes, description.vocabulary()},
        unitName(readsTokens(description) ? "tokens" : "images") {}

  std::vector<Part> parts() const override {
    const SafetensorsReader file(path);
    return {{"trains", std::to_string(file.tensors().size()) + " tensors", path, file.digest()}};
  }
  std::string_view unit() const override { return unitName; }
  std::unique_ptr<BatchSource> train(const EntryPoint &step, const Place &place,
                                     Arena &arena) const override {
    return std::make_unique<FixedBatches>(path, step, place, arena, bounds);
  }
  std::unique_ptr<TestSource> test(const EntryPoint &, const Place &, Arena &) const override {
    return nullptr;
  }

private:
  std::string path;
  FixedBatches::Bounds bounds;
  std::string_view unitName;
};

} // namespace

std::unique_ptr<Data> autopar::openData(const Options &options,
                                        const Description &description) {
  if (!options.fixedBatch.empty())
    return std::make_unique<FixedData>(options, description);
  if (readsTokens(description))
    return std::make_unique<TokenData>(options, description);
  return std::make_unique<ImageData>(options, description);
}
