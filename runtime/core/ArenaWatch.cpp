#include "autopar/core/ArenaWatch.h"

#include <algorithm>
#include <bit>
#include <cstring>
#include <stdexcept>

using namespace autopar;

namespace {

constexpr size_t wordBytes = sizeof(uint64_t);

/// Of memory that the host can not reach, at a time.
constexpr size_t pieceBytes = size_t(4) << 20;

/// The pattern: each halfword a NaN in f16 and bf16, and so each word of two in f32 and of four in
/// f64. Of a NaN's bits some are free (the sign, and the lowest of the payload): they tell places
/// and turns apart, so that a copy of what was never written differs too. An integer of it is
/// negative, or above 2^30: no label, and no index.
uint64_t patternAt(uint64_t word, uint64_t turn) {
  uint64_t mixed = (word + turn * 0x9E37'79B9'7F4A'7C15) * 0xBF58'476D'1CE4'E5B9;
  mixed ^= mixed >> 32;
  return 0x7FF0'7FF0'7FF0'7FF0 | (mixed & 0x800F'800F'800F'800F);
}

std::byte patternByte(size_t offset, uint64_t turn) {
  return std::byte(patternAt(offset / wordBytes, turn) >> 8 * (offset % wordBytes));
}

/// `bytes` at `offset` of the pattern as whole words between single bytes.
struct Split {
  size_t head, words, first; ///< bytes, words, the number of the first of these

  Split(size_t offset, size_t bytes)
      : head(std::min(bytes, (wordBytes - offset % wordBytes) % wordBytes)),
        words((bytes - head) / wordBytes), first((offset + head) / wordBytes) {}

  template <typename Visit> void singles(size_t bytes, const Visit &visit) const {
    for (size_t i = 0; i < head; ++i)
      visit(i);
    for (size_t i = head + words * wordBytes; i < bytes; ++i)
      visit(i);
  }
};

void writePattern(std::byte *to, size_t offset, size_t bytes, uint64_t turn) {
  const Split split(offset, bytes);
  split.singles(bytes, [&](size_t i) { to[i] = patternByte(offset + i, turn); });
  std::byte *const words = to + split.head;
#pragma omp parallel for schedule(static) if (bytes >= pieceBytes)
  for (size_t i = 0; i < split.words; ++i) {
    const uint64_t pattern = patternAt(split.first + i, turn);
    std::memcpy(words + i * wordBytes, &pattern, wordBytes);
  }
}

/// Of each halfword of which a bit is set, the highest bit.
uint64_t differingHalfwords(uint64_t difference) {
  constexpr uint64_t low = 0x7FFF'7FFF'7FFF'7FFF;
  return (((difference & low) + low) | difference) & ~low;
}

/// What differs from the pattern. A number of two bytes or more counts whole though one byte of
/// it may be as the pattern has it.
Touched compare(const std::byte *from, size_t offset, size_t bytes, uint64_t turn) {
  const Split split(offset, bytes);
  size_t count = 0, end = 0;
  split.singles(bytes, [&](size_t i) {
    if (from[i] == patternByte(offset + i, turn))
      return;
    ++count;
    end = std::max(end, offset + i + 1);
  });
  const std::byte *const words = from + split.head;
#pragma omp parallel for schedule(static) reduction(+ : count) reduction(max : end)               \
    if (bytes >= pieceBytes)
  for (size_t i = 0; i < split.words; ++i) {
    uint64_t word;
    std::memcpy(&word, words + i * wordBytes, wordBytes);
    const uint64_t difference = word ^ patternAt(split.first + i, turn);
    if (difference == 0)
      continue;
    count += 2 * std::popcount(differingHalfwords(difference));
    const size_t last = (63 - std::countl_zero(difference)) / 8;
    end = std::max(end, (split.first + i) * wordBytes + last + 1);
  }
  return {count, end};
}

/// In order, and those that touch as one.
std::vector<Extent> merged(std::vector<Extent> extents) {
  std::ranges::sort(extents, {}, &Extent::begin);
  std::vector<Extent> result;
  for (const Extent &extent : extents)
    if (result.empty() || extent.begin > result.back().end)
      result.push_back(extent);
    else
      result.back().end = std::max(result.back().end, extent.end);
  return result;
}

/// What is left between merged extents of [0, bytes).
std::vector<Extent> between(const std::vector<Extent> &extents, size_t bytes) {
  std::vector<Extent> result;
  size_t end = 0;
  for (const Extent &extent : extents) {
    if (extent.begin > end)
      result.push_back({end, extent.begin});
    end = extent.end;
  }
  if (bytes > end)
    result.push_back({end, bytes});
  return result;
}

} // namespace

Touched &Touched::operator+=(const Touched &other) {
  bytes += other.bytes;
  end = std::max(end, other.end);
  return *this;
}

Touched autopar::most(const Touched &a, const Touched &b) {
  return {std::max(a.bytes, b.bytes), std::max(a.end, b.end)};
}

ArenaWatch::ArenaWatch(Arena &arena)
    : arena(arena), scratch(between({}, arena.pages().size())) {
  begin();
}

void ArenaWatch::keep(const Description &description) {
  end(arena.bytes(), "setting up");
  std::vector<Extent> extents;
  for (const Variable &variable : description.variables)
    extents.push_back({variable.offset, variable.offset + variable.bytes});
  for (const Constant &constant : description.constants)
    extents.push_back({constant.offset, constant.offset + constant.bytes});
  extents = merged(std::move(extents));
  for (const Extent &extent : extents)
    read(extent, [&](const std::byte *bytes, size_t offset, size_t count) {
      kept += compare(bytes, offset, count, turn);
    });
  scratch = between(extents, arena.pages().size());
}

void ArenaWatch::begin() {
  ++turn;
  for (const Extent &extent : scratch)
    fill(extent);
}

Touched ArenaWatch::end(size_t peak, const std::string &work) const {
  // What is nobody's begins behind the plan, and lies between its slices.
  std::vector<Extent> slices;
  for (const Extent &slice : arena.slices())
    if (slice.begin < peak)
      slices.push_back({slice.begin, std::min(slice.end, peak)});
  const std::vector<Extent> gaps = between(merged(std::move(slices)), arena.pages().size());

  Touched touched = kept;
  auto gap = gaps.begin();
  for (const Extent &extent : scratch)
    read(extent, [&](const std::byte *bytes, size_t offset, size_t count) {
      touched += compare(bytes, offset, count, turn);
      while (gap != gaps.end() && gap->end <= offset)
        ++gap;
      for (auto here = gap; here != gaps.end() && here->begin < offset + count; ++here) {
        const size_t begin = std::max(here->begin, offset);
        const size_t end = std::min(here->end, offset + count);
        const Touched strayed = compare(bytes + (begin - offset), begin, end - begin, turn);
        if (strayed.bytes == 0)
          continue;
        throw std::runtime_error(
            work + " has touched byte " + std::to_string(strayed.end - 1) + " of the arena, " +
            (strayed.end > peak ? "and its plan ends at byte " + std::to_string(peak)
                                : "which is no part of any buffer") +
            "; a call leaves its buffer");
      }
    });
  return touched;
}

void ArenaWatch::fill(const Extent &extent) {
  std::byte *const pages = arena.pages().data();
  if (arena.memory().isHost()) {
    writePattern(pages + extent.begin, extent.begin, extent.end - extent.begin, turn);
    return;
  }
  std::vector<std::byte> piece(std::min(pieceBytes, extent.end - extent.begin));
  for (size_t offset = extent.begin; offset < extent.end; offset += piece.size()) {
    const size_t bytes = std::min(piece.size(), extent.end - offset);
    writePattern(piece.data(), offset, bytes, turn);
    arena.memory().write(pages + offset, piece.data(), bytes);
  }
}

template <typename See> void ArenaWatch::read(const Extent &extent, const See &see) const {
  const std::byte *const pages = arena.pages().data();
  if (arena.memory().isHost()) {
    see(pages + extent.begin, extent.begin, extent.end - extent.begin);
    return;
  }
  std::vector<std::byte> piece(std::min(pieceBytes, extent.end - extent.begin));
  for (size_t offset = extent.begin; offset < extent.end; offset += piece.size()) {
    const size_t bytes = std::min(piece.size(), extent.end - offset);
    arena.memory().read(piece.data(), pages + offset, bytes);
    see(piece.data(), offset, bytes);
  }
}
