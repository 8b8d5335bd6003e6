#include "compiler/checkpoints/Checkpoints.h"

#include "autopar/core/HalfFloat.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdio>
#include <cstring>
#include <optional>

using namespace autopar;

namespace {

template <typename T> T read(const std::byte *from) {
  T value;
  std::memcpy(&value, from, sizeof value);
  return value;
}

/// The number at `from`; none of a type that has none.
std::optional<double> valueAt(const std::string &type, const std::byte *from) {
  if (type == "F32")
    return read<float>(from);
  if (type == "F64")
    return read<double>(from);
  if (type == "BF16")
    return std::bit_cast<float>(static_cast<uint32_t>(read<uint16_t>(from)) << 16);
  if (type == "F16")
    return numberOfHalf(read<uint16_t>(from));
  if (type == "I32")
    return read<int32_t>(from);
  if (type == "I64")
    return static_cast<double>(read<int64_t>(from));
  if (type == "U8")
    return read<uint8_t>(from);
  return std::nullopt;
}

/// "3 of 12 elements, the largest difference 1.2e-07 of 0.53"; empty where there is none.
std::string compare(const StoredTensors &one, const StoredTensors::Tensor &a,
                    const StoredTensors &other, const StoredTensors::Tensor &b) {
  if (a.type != b.type || a.shape != b.shape)
    return a.type + toString(a.shape) + " and " + b.type + toString(b.shape);
  const int64_t count = elements(a.shape);
  const uint64_t width = count ? a.bytes / count : 1;
  StoredReader readerA(one, a), readerB(other, b);
  std::vector<std::byte> ofA, ofB;
  int64_t differing = 0;
  double largest = 0, magnitude = 0;
  for (uint64_t from = 0; from < a.bytes; from += ofA.size()) {
    ofA.resize(std::min<uint64_t>(a.bytes - from, (1 << 20) / width * width));
    ofB.resize(ofA.size());
    readerA.read(from, ofA);
    readerB.read(from, ofB);
    if (ofA == ofB)
      continue;
    for (size_t i = 0; i < ofA.size(); i += width) {
      if (std::memcmp(&ofA[i], &ofB[i], width) == 0)
        continue;
      ++differing;
      const std::optional<double> x = valueAt(a.type, &ofA[i]), y = valueAt(b.type, &ofB[i]);
      const double apart = x && y ? std::abs(*x - *y) : 0;
      if (apart > largest || std::isnan(apart)) {
        largest = apart;
        magnitude = std::abs(*x);
      }
    }
  }
  if (!differing)
    return "";
  char numbers[80];
  std::snprintf(numbers, sizeof numbers, "; the largest difference is %.3g, from %.3g", largest,
                magnitude);
  return std::to_string(differing) + " of " + std::to_string(count) + " elements" + numbers;
}

} // namespace

autopar::Difference autopar::difference(const std::filesystem::path &onePath,
                                        const std::filesystem::path &otherPath) {
  const StoredTensors one(findCheckpoint(onePath)), other(findCheckpoint(otherPath));
  std::string text;
  size_t same = 0, differ = 0, lone = 0;
  for (const std::string &name : one.names()) {
    const StoredTensors::Tensor *const there = other.find(name);
    if (!there) {
      text += name + ": only in " + one.path().string() + "\n";
      ++lone;
      continue;
    }
    const std::string how = compare(one, *one.find(name), other, *there);
    if (!how.empty())
      text += name + ": " + how + "\n";
    ++(how.empty() ? same : differ);
  }
  for (const std::string &name : other.names())
    if (!one.find(name)) {
      text += name + ": only in " + other.path().string() + "\n";
      ++lone;
    }
  text += std::to_string(same) + " tensors are the same, " + std::to_string(differ) +
          " differ, " + std::to_string(lone) + " are in one alone\n";
  return {text, differ == 0 && lone == 0};
}
