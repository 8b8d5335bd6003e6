#include "autopar/core/TokenFile.h"

#include "autopar/core/Digest.h"

#include <algorithm>
#include <bit>
#include <stdexcept>
#include <vector>

using namespace autopar;

static_assert(std::endian::native == std::endian::little, "tokens are read as they lie");

namespace {

[[noreturn]] void reject(const std::filesystem::path &path, const std::string &what) {
  throw std::runtime_error(path.string() + ": " + what);
}

} // namespace

TokenFile::TokenFile(const std::filesystem::path &path, int64_t vocabulary)
    : file(path), vocabulary(vocabulary) {
  checkHeader();
  constexpr int64_t chunk = 1 << 19;
  std::vector<uint16_t> tokens;
  Digest digest;
  for (int64_t first = 0; first < count; first += chunk) {
    tokens.resize(static_cast<size_t>(std::min(chunk, count - first)));
    readTokens(first, tokens);
    digest.add(std::as_bytes(std::span(tokens)));
  }
  digestOfAll = digest.value();
}

void TokenFile::checkHeader() {
  const auto found = static_cast<int64_t>(file.size());
  if (found < headerBytes)
    reject(file.path(), "not a token file: " + std::to_string(found) +
                            " bytes are too few for a header of " + std::to_string(headerBytes));
  int32_t header[3];
  file.read(0, std::as_writable_bytes(std::span(header)));
  if (header[0] != magic)
    reject(file.path(), "not a token file: it begins with " + std::to_string(header[0]) +
                            ", not " + std::to_string(magic) +
                            "; scripts/make-tokens.py makes one from text");
  if (header[1] != version)
    reject(file.path(), "a token file of version " + std::to_string(header[1]) + ", not " +
                            std::to_string(version));
  count = header[2];
  const int64_t promised = headerBytes + 2 * count;
  if (promised != found)
    reject(file.path(), "its header promises " + std::to_string(count) + " tokens, " +
                            std::to_string(promised) + " bytes, but it has " +
                            std::to_string(found) +
                            (found < promised ? ": it was cut short" : ""));
}

void TokenFile::readTokens(int64_t first, std::span<uint16_t> tokens) const {
  file.read(headerBytes + 2 * first, std::as_writable_bytes(tokens));
  const auto largest = std::max_element(tokens.begin(), tokens.end());
  if (!tokens.empty() && *largest >= vocabulary)
    reject(file.path(), "token " + std::to_string(first + (largest - tokens.begin())) + " is " +
                            std::to_string(*largest) + ", but the model has a vocabulary of " +
                            std::to_string(vocabulary));
}

void TokenFile::read(int64_t first, int64_t count, int32_t *into) const {
  std::vector<uint16_t> tokens(static_cast<size_t>(count));
  readTokens(first, tokens);
  std::copy(tokens.begin(), tokens.end(), into);
}
