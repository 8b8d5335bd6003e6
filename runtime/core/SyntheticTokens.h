// A text made up from a formula, for runs without data: a phrase again and again, in which
// some tokens are replaced at random. There is something to learn, and every rank and machine
// sees the same text.

#ifndef AUTOPAR_CORE_SYNTHETICTOKENS_H
#define AUTOPAR_CORE_SYNTHETICTOKENS_H

#include "autopar/core/TokenText.h"

namespace autopar::inline runtime {

class SyntheticTokens final : public TokenText {
public:
  enum class Part : uint8_t { Train, Test };

  /// Both parts repeat the same phrase under different noise.
  SyntheticTokens(Part part, int64_t size, int64_t vocabulary)
      : part(part), tokens(size), vocabulary(vocabulary) {}

  int64_t size() const override { return tokens; }
  void read(int64_t first, int64_t count, int32_t *into) const override;
  std::string name() const override { return "the synthetic text"; }

private:
  Part part;
  int64_t tokens;
  int64_t vocabulary;
};

} // namespace autopar::inline runtime

#endif // AUTOPAR_CORE_SYNTHETICTOKENS_H
