// A digest of many bytes, to tell whether two ranks have read the same: quick enough to go along
// with reading, and not meant to withstand those who want two files to be alike.

#ifndef AUTOPAR_CORE_DIGEST_H
#define AUTOPAR_CORE_DIGEST_H

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <span>
#include <string>

namespace autopar::inline runtime {

class Digest {
public:
  /// Eight bytes at a time, so the same bytes in other pieces may have another digest.
  void add(std::span<const std::byte> bytes) {
    while (!bytes.empty()) {
      uint64_t word = 0;
      const size_t width = bytes.size() < sizeof word ? bytes.size() : sizeof word;
      std::memcpy(&word, bytes.data(), width);
      add(word);
      bytes = bytes.subspan(width);
    }
  }
  void add(uint64_t word) { state = std::rotl((state ^ word) * 0x9E3779B97F4A7C15, 29); }

  uint64_t value() const { return state; }

private:
  uint64_t state = 0xCBF29CE484222325;
};

/// As it is shown: "0123456789abcdef".
inline std::string digestText(uint64_t digest) {
  char text[17];
  std::snprintf(text, sizeof text, "%016llx", static_cast<unsigned long long>(digest));
  return text;
}

} // namespace autopar::inline runtime

#endif // AUTOPAR_CORE_DIGEST_H
