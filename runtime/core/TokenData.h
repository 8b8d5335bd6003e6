// Text for a language model: token files, or synthetic tokens.

#ifndef AUTOPAR_CORE_TOKENDATA_H
#define AUTOPAR_CORE_TOKENDATA_H

#include "autopar/core/Data.h"
#include "autopar/core/TokenText.h"

namespace autopar::inline runtime {

class TokenData final : public Data {
public:
  TokenData(const Options &options, const Description &description);

  std::vector<Part> parts() const override;
  std::string_view unit() const override { return "tokens"; }
  std::unique_ptr<BatchSource> train(const EntryPoint &step, const Place &place,
                                     Arena &arena) const override;
  std::unique_ptr<TestSource> test(const EntryPoint &evaluate, const Place &place,
                                   Arena &arena) const override;

private:
  uint64_t seed;
  int64_t evalBatches;
  std::unique_ptr<TokenText> trainText;
  std::unique_ptr<TokenText> testText; ///< null when there is none
};

} // namespace autopar::inline runtime

#endif // AUTOPAR_CORE_TOKENDATA_H
