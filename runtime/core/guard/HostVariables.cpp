#include "autopar/core/guard/HostVariables.h"

#include "autopar/core/Finite.h"

#include <algorithm>
#include <cstdint>

using namespace autopar;

namespace {

/// In parts, side by side.
bool areAllFinite(std::span<const std::byte> values, DataType type) {
  constexpr int64_t part = 1 << 16;
  const auto parts = static_cast<int64_t>((values.size() + part - 1) / part);
  int64_t bad = 0;
#pragma omp parallel for schedule(static) reduction(+ : bad) if (parts > 1)
  for (int64_t i = 0; i < parts; ++i)
    bad += !areFinite(values.subspan(i * part, std::min<size_t>(part, values.size() - i * part)),
                      type);
  return bad == 0;
}

} // namespace

HostVariables::HostVariables(std::span<const Variable> variables, Arena &arena)
    : all(variables), memory(arena.memory()) {
  for (const Variable &variable : variables)
    slices.push_back(arena.slice(variable.offset, variable.bytes));
  exempt.resize(all.size());
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
    if (!exempt[i] && !areAllFinite(read(i), all[i].type))
      return std::string(all[i].name);
  return "";
}

void HostVariables::exemptNotFinite() {
  for (size_t i = 0; i < all.size(); ++i)
    exempt[i] = !areAllFinite(read(i), all[i].type);
}
