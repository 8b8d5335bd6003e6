// Token files for tests, and a text to read windows of.

#ifndef AUTOPAR_TEST_TOKENTEXT_H
#define AUTOPAR_TEST_TOKENTEXT_H

#include "autopar/core/TokenFile.h"

#include <cstring>
#include <string>
#include <vector>

/// A file's bytes: the header, then the tokens.
inline std::string tokenFile(const std::vector<uint16_t> &tokens, int32_t count,
                             int32_t magic = autopar::TokenFile::magic, int32_t version = 1) {
  std::string bytes(autopar::TokenFile::headerBytes, '\0');
  const int32_t header[] = {magic, version, count};
  std::memcpy(bytes.data(), header, sizeof header);
  bytes.append(reinterpret_cast<const char *>(tokens.data()), 2 * tokens.size());
  return bytes;
}

/// Token i is i.
class CountingText final : public autopar::TokenText {
public:
  explicit CountingText(int64_t tokens) : tokens(tokens) {}
  int64_t size() const override { return tokens; }
  void read(int64_t first, int64_t count, int32_t *into) const override {
    for (int64_t i = 0; i < count; ++i)
      into[i] = static_cast<int32_t>(first + i);
  }
  std::string name() const override { return "a counting text"; }

private:
  int64_t tokens;
};

#endif // AUTOPAR_TEST_TOKENTEXT_H
