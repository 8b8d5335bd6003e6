// llm.c's token files: 256 32-bit words, of which the first three are the magic 20240520,
// version 1 and the number of tokens, then the tokens as 16-bit words, all little-endian.
// scripts/make-tokens.py writes them.
// Format: https://github.com/karpathy/llm.c/blob/master/dev/data/data_common.py

#ifndef AUTOPAR_CORE_TOKENFILE_H
#define AUTOPAR_CORE_TOKENFILE_H

#include "autopar/core/InputFile.h"
#include "autopar/core/TokenText.h"

#include <filesystem>
#include <span>

namespace autopar::inline runtime {

class TokenFile final : public TokenText {
public:
  static constexpr int32_t magic = 20240520;
  static constexpr int32_t version = 1;
  static constexpr int64_t headerBytes = 256 * 4;

  /// Reads the file through once; later reads take their tokens from disk. Throws std::runtime_error, naming the file and
  /// both numbers, for another magic or version, for a length that is not the header's, and for
  /// a token that is not below `vocabulary`.
  TokenFile(const std::filesystem::path &path, int64_t vocabulary);

  int64_t size() const override { return count; }
  /// Throws, as the constructor does, where the file has changed in between.
  void read(int64_t first, int64_t count, int32_t *tokens) const override;
  uint64_t digest() const override { return digestOfAll; }
  std::string name() const override { return file.path().string(); }

private:
  void checkHeader();
  /// Tokens from `first` on, all of them below the vocabulary's size.
  void readTokens(int64_t first, std::span<uint16_t> tokens) const;

  InputFile file;
  int64_t vocabulary;
  int64_t count = 0;
  uint64_t digestOfAll = 0;
};

} // namespace autopar::inline runtime

#endif // AUTOPAR_CORE_TOKENFILE_H
