// Token files: every token that is read is in the vocabulary.
#include "File.h"

#include "autopar/core/TokenFile.h"

#include <algorithm>
#include <stdexcept>
#include <vector>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  constexpr int64_t vocabulary = 256;
  try {
    const autopar::TokenFile file(fuzz::file(data, size), vocabulary);
    std::vector<int32_t> tokens(file.size());
    file.read(0, file.size(), tokens.data());
    fuzz::require(std::all_of(tokens.begin(), tokens.end(),
                              [](int32_t token) { return token >= 0 && token < vocabulary; }),
                  "a token beyond the vocabulary");
  } catch (const std::exception &) {
  }
  return 0;
}
