#include "autopar/core/HostVariables.h"

#include <cstdint>
#include <cstring>

using namespace autopar;

namespace {

/// Of f32, which variables are: see initialise().
bool areFinite(std::span<const std::byte> values) {
  constexpr uint32_t exponent = 0x7F800000; // all of whose bits infinity and NaN have
  const auto count = static_cast<int64_t>(values.size() / sizeof(float));
  int64_t bad = 0;
#pragma omp parallel for schedule(static) reduction(+ : bad) if (count > 4096)
  for (int64_t i = 0; i < count; ++i) {
    uint32_t bits;
    std::memcpy(&bits, values.data() + i * sizeof bits, sizeof bits);
    bad += (bits & exponent) == exponent;
  }
  return bad == 0;
}

} // namespace

HostVariables::HostVariables(std::span<const Variable> variables, Arena &arena)
    : all(variables), memory(arena.memory()) {
  for (const Variable &variable : variables)
    slices.push_back(arena.slice(variable.offset, variable.bytes));
}

size_t HostVariables::bytes() const {
  size_t sum = 0;
  for (const std::span<std::byte> slice : slices)
    sum += slice.size();
  return sum;
}

std::span<const std::byte> HostVariables::read(size_t variable) {
  const std::span<std::byte> slice = slices[variable];
  if (memory.isHost())
    return slice;
  copy.resize(slice.size());
  memory.read(copy.data(), slice.data(), slice.size());
  return copy;
}

void HostVariables::copyTo(std::byte *to) const {
  for (const std::span<std::byte> slice : slices) {
    memory.read(to, slice.data(), slice.size());
    to += slice.size();
  }
}

void HostVariables::writeFrom(const std::byte *from) const {
  for (const std::span<std::byte> slice : slices) {
    memory.write(slice.data(), from, slice.size());
    from += slice.size();
  }
}

std::string HostVariables::notFinite() {
  for (size_t i = 0; i < all.size(); ++i)
    if (!areFinite(read(i)))
      return std::string(all[i].name);
  return "";
}
