// A text as a language model sees it: tokens by index.

#ifndef AUTOPAR_CORE_TOKENTEXT_H
#define AUTOPAR_CORE_TOKENTEXT_H

#include <cstdint>
#include <string>

namespace autopar::inline runtime {

class TokenText {
public:
  virtual ~TokenText() = default;

  virtual int64_t size() const = 0;

  /// Tokens first to first + count - 1.
  virtual void read(int64_t first, int64_t count, int32_t *tokens) const = 0;

  /// Of all tokens; 0 where they come from a formula.
  virtual uint64_t digest() const { return 0; }

  /// What to call it in errors.
  virtual std::string name() const = 0;
};

} // namespace autopar::inline runtime

#endif // AUTOPAR_CORE_TOKENTEXT_H
