// Philox4x32-10, a counter-based random generator: the numbers are a pure
// function of seed, stream and index, so that any rank can draw any element's
// number without drawing the others'. (Salmon, Moraes, Dror, Shaw: "Parallel
// random numbers: as easy as 1, 2, 3", SC 2011.)

#ifndef AUTOPAR_CORE_PHILOX_H
#define AUTOPAR_CORE_PHILOX_H

#include <array>
#include <cstdint>
#include <string_view>

namespace autopar::inline runtime {

constexpr int philoxRounds = 10;

/// One round of the block function on a counter's words.
constexpr void philoxRound(uint32_t &c0, uint32_t &c1, uint32_t &c2, uint32_t &c3,
                           const std::array<uint32_t, 2> &key) {
  const uint64_t a = uint64_t(0xD2511F53) * c0, b = uint64_t(0xCD9E8D57) * c2;
  c0 = uint32_t(b >> 32) ^ c1 ^ key[0];
  c1 = uint32_t(b);
  c2 = uint32_t(a >> 32) ^ c3 ^ key[1];
  c3 = uint32_t(a);
}

/// The key of the next round.
constexpr std::array<uint32_t, 2> nextPhiloxKey(const std::array<uint32_t, 2> &key) {
  return {key[0] + 0x9E3779B9, key[1] + 0xBB67AE85};
}

/// The generator's block function: 128 random bits of a 128-bit counter under a
/// 64-bit key.
constexpr std::array<uint32_t, 4> philox(std::array<uint32_t, 4> counter,
                                         std::array<uint32_t, 2> key) {
  for (int round = 0; round < philoxRounds; ++round) {
    philoxRound(counter[0], counter[1], counter[2], counter[3], key);
    key = nextPhiloxKey(key);
  }
  return counter;
}

/// Random numbers of one purpose (a variable's name, an epoch's shuffle), by
/// index.
class RandomStream {
public:
  constexpr RandomStream(uint64_t seed, uint64_t stream) : seed(seed), stream(stream) {}

  /// The stream of a name: FNV-1a's 64-bit hash.
  constexpr RandomStream(uint64_t seed, std::string_view name)
      : RandomStream(seed, hash(name)) {}

  constexpr std::array<uint32_t, 4> bits(uint64_t index) const {
    return philox(
        {uint32_t(index), uint32_t(index >> 32), uint32_t(stream), uint32_t(stream >> 32)},
        {uint32_t(seed), uint32_t(seed >> 32)});
  }

  /// An integer in [0, bound), of 64 random bits: the bias is below
  /// bound / 2^64.
  constexpr uint64_t below(uint64_t bound, uint64_t index) const {
    const std::array<uint32_t, 4> words = bits(index);
    const uint64_t wide = uint64_t(words[0]) << 32 | words[1];
    return static_cast<uint64_t>(static_cast<unsigned __int128>(wide) * bound >> 64);
  }

  /// A number in (0, 1), of 32 random bits.
  static constexpr double unit(uint32_t bits) { return (bits + 0.5) * 0x1p-32; }

private:
  static constexpr uint64_t hash(std::string_view name) {
    uint64_t value = 0xCBF29CE484222325;
    for (char c : name)
      value = (value ^ uint8_t(c)) * 0x100000001B3;
    return value;
  }

  uint64_t seed;
  uint64_t stream;
};

} // namespace autopar::inline runtime

#endif // AUTOPAR_CORE_PHILOX_H
