// The data that the options name, opened and checked before memory is taken: images, text, or
// given batches. It hands out what a step is fed with, and what is evaluated on.

#ifndef AUTOPAR_CORE_DATA_H
#define AUTOPAR_CORE_DATA_H

#include "autopar/core/Arena.h"
#include "autopar/core/BatchSource.h"
#include "autopar/core/Options.h"
#include "autopar/core/Place.h"
#include "autopar/core/TestSource.h"

#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace autopar::inline runtime {

class Data {
public:
  virtual ~Data() = default;

  /// What belongs to a run, for the comparison of ranks: {"trains", "400000 tokens", "t.bin", …}.
  struct Part {
    std::string use;
    std::string content; ///< how much there is
    std::string name;    ///< of the file or folder
    uint64_t digest;     ///< of all its bytes, or of a share of them
  };
  virtual std::vector<Part> parts() const = 0;

  /// What throughput counts: "images" or "tokens".
  virtual std::string_view unit() const = 0;

  /// Batches for the inputs of a step. Throws std::invalid_argument when they are not what this
  /// data fills, std::runtime_error when the data is too little for a batch.
  virtual std::unique_ptr<BatchSource> train(const EntryPoint &step, const Place &place,
                                             Arena &arena) const = 0;

  /// The same for an evaluation; null when there is nothing to evaluate on.
  virtual std::unique_ptr<TestSource> test(const EntryPoint &evaluate, const Place &place,
                                           Arena &arena) const = 0;
};

/// Whether the program is a language model: one that reads "tokens".
inline bool readsTokens(const Description &description) {
  return description.step.findInput("tokens") != nullptr;
}

/// Throws std::runtime_error when files are missing or broken, std::invalid_argument when the
/// options ask for what this kind of data has not.
std::unique_ptr<Data> openData(const Options &options, const Description &description);

} // namespace autopar::inline runtime

#endif // AUTOPAR_CORE_DATA_H
