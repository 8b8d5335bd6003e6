// What the fuzzed entries share. libFuzzer calls an entry with bytes that it changes so that they
// reach new code; the sanitizers end the process where one does harm, `require` where nonsense is
// taken for sense.
#ifndef AUTOPAR_TEST_FUZZ_FUZZ_H
#define AUTOPAR_TEST_FUZZ_FUZZ_H

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
extern "C" size_t LLVMFuzzerMutate(uint8_t *data, size_t size, size_t maxSize);

namespace fuzz {

inline std::string_view text(const uint8_t *data, size_t size) {
  return {reinterpret_cast<const char *>(data), size};
}

/// Ends the process where `holds` does not.
inline void require(bool holds, const std::string &what) {
  if (holds)
    return;
  std::fprintf(stderr, "nonsense accepted: %s\n", what.c_str());
  std::abort();
}

} // namespace fuzz

#endif // AUTOPAR_TEST_FUZZ_FUZZ_H
