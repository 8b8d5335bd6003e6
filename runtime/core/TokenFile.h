// llm.c's token files: 256 32-bit words, of which the first three are the magic 20240520,
// version 1 and the number of tokens, then the tokens as 16-bit words, all little-endian.
// scripts/make-tokens.py writes them.
// Format: https://github.com/karpathy/llm.c/blob/master/dev/data/data_common.py

#ifndef AUTOPAR_CORE_TOKENFILE_H
#define AUTOPAR_CORE_TOKENFILE_H

#include "autopar/core/TokenText.h"

#include <filesystem>

namespace autopar::inline runtime {

class TokenFile final : public TokenText {
public:
  static constexpr int32_t magic = 20240520;
  static constexpr int32_t version = 1;
  static constexpr int64_t headerBytes = 256 * 4;

  /// Maps the file and reads it through once. Throws std::runtime_error, naming the file and
  /// both numbers, for another magic or version, for a length that is not the header's, and for
  /// a token that is not below `vocabulary`.
  TokenFile(const std::filesystem::path &path, int64_t vocabulary);
  ~TokenFile() override;
  TokenFile(const TokenFile &) = delete;
  TokenFile &operator=(const TokenFile &) = delete;

  int64_t size() const override { return count; }
  void read(int64_t first, int64_t count, int32_t *tokens) const override;
  std::string name() const override { return file.string(); }

private:
  void check(int64_t vocabulary);

  std::filesystem::path file;
  void *mapping = nullptr;
  size_t mappedBytes = 0;
  const uint16_t *tokens = nullptr;
  int64_t count = 0;
};

} // namespace autopar::inline runtime

#endif // AUTOPAR_CORE_TOKENFILE_H
