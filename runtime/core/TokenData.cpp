#include "autopar/core/TokenData.h"

#include "autopar/core/SyntheticTokens.h"
#include "autopar/core/TokenFile.h"
#include "autopar/core/TokenWindows.h"

#include <filesystem>
#include <stdexcept>

using namespace autopar;

namespace {

/// Lengths of the synthetic texts.
constexpr int64_t syntheticTrainTokens = 1 << 20;
constexpr int64_t syntheticTestTokens = 1 << 16;

/// What belongs to images, by the option's name.
void refuseImageOptions(const Options &options) {
  const char *given = options.augment     ? "--augment"
                      : options.mean      ? "--mean"
                      : options.deviation ? "--std"
                                          : nullptr;
  if (given)
    throw std::invalid_argument(std::string(given) +
                                " changes images, and this program reads text; leave it out");
}

} // namespace

TokenData::TokenData(const Options &options, const Description &description)
    : seed(options.seed), evalBatches(options.evalBatches) {
  refuseImageOptions(options);
  const int64_t vocabulary = description.vocabulary();
  if (options.data == "synthetic" && options.testData.empty()) {
    trainText = std::make_unique<SyntheticTokens>(SyntheticTokens::Part::Train,
                                                  syntheticTrainTokens, vocabulary);
    testText = std::make_unique<SyntheticTokens>(SyntheticTokens::Part::Test,
                                                 syntheticTestTokens, vocabulary);
    return;
  }
  // A folder is what make-tokens.py leaves.
  std::filesystem::path train = options.data, test = options.testData;
  if (std::filesystem::is_directory(train)) {
    if (test.empty() && std::filesystem::exists(train / "val.bin"))
      test = train / "val.bin";
    train /= "train.bin";
  }
  trainText = std::make_unique<TokenFile>(train, vocabulary);
  if (!test.empty())
    testText = std::make_unique<TokenFile>(test, vocabulary);
  else if (options.evalEvery)
    throw std::invalid_argument("--eval-every needs test data: give --test-data FILE, or as "
                                "--data a folder with train.bin and val.bin");
}

std::vector<Data::Part> TokenData::parts() const {
  std::vector<Part> parts;
  const auto add = [&](const char *use, const TokenText &text) {
    parts.push_back({use, std::to_string(text.size()) + " tokens", text.name(), text.digest()});
  };
  add("trains", *trainText);
  if (testText)
    add("evaluates", *testText);
  return parts;
}

std::unique_ptr<BatchSource> TokenData::train(const EntryPoint &step, const Place &place,
                                              Arena &arena) const {
  return std::make_unique<RandomWindows>(*trainText, TokenBuffers(step, place, arena), seed);
}

std::unique_ptr<TestSource> TokenData::test(const EntryPoint &evaluate, const Place &place,
                                            Arena &arena) const {
  if (!testText)
    return nullptr;
  return std::make_unique<WindowsInOrder>(*testText, TokenBuffers(evaluate, place, arena),
                                          evalBatches);
}
