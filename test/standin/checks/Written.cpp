// See Written.h.
#include "standin/checks/Written.h"

#include <algorithm>
#include <bit>
#include <map>

using standin::Written;

/// visit(word, mask) for the words that hold these bits, until it returns false.
template <class Visit> static void forEachWord(size_t begin, size_t count, Visit visit) {
  for (size_t end = begin + count; begin < end;) {
    const size_t first = begin % 64, bits = std::min(end - begin, 64 - first);
    if (!visit(begin / 64, (~uint64_t(0) >> (64 - bits)) << first))
      return;
    begin += bits;
  }
}

void Written::set(size_t begin, size_t count) {
  isFresh = false;
  forEachWord(begin, count, [this](size_t word, uint64_t mask) {
    bits[word] |= mask;
    return true;
  });
}

size_t Written::firstMissing(size_t begin, size_t count) const {
  size_t found = count;
  forEachWord(begin, count, [&](size_t word, uint64_t mask) {
    const uint64_t missing = ~bits[word] & mask;
    if (missing)
      found = word * 64 + std::countr_zero(missing) - begin;
    return !missing;
  });
  return found;
}

using Map = std::map<const char *, Written>;

/// Of all allocations.
static Map &all() {
  static Map &ofProcess = *new Map; // Memory is freed when the process ends, too.
  return ofProcess;
}

void standin::beginUnwritten(const char *begin, size_t bytes) {
  all().insert_or_assign(begin, Written(bytes));
}

void standin::endUnwritten(const char *begin) { all().erase(begin); }

Written *standin::writtenOf(const char *begin) {
  const auto found = all().find(begin);
  return found == all().end() ? nullptr : &found->second;
}

/// The allocation that holds the address.
static Map::value_type *holding(const char *address) {
  auto next = all().upper_bound(address);
  if (next == all().begin())
    return nullptr;
  auto &allocation = *std::prev(next);
  return address < allocation.first + allocation.second.bytes() ? &allocation : nullptr;
}

void standin::markWritten(const char *begin, size_t bytes) {
  if (auto *const allocation = holding(begin))
    allocation->second.set(begin - allocation->first, bytes);
}

size_t standin::firstUnwritten(const char *begin, size_t bytes) {
  const auto *const allocation = holding(begin);
  return allocation ? allocation->second.firstMissing(begin - allocation->first, bytes) : bytes;
}

void standin::copyWritten(const char *to, const char *from, size_t bytes) {
  const auto *const source = holding(from);
  if (!source)
    return markWritten(to, bytes);
  const size_t first = from - source->first;
  for (size_t begin = 0; begin < bytes;) {
    size_t end = begin;
    while (end < bytes && source->second.has(first + end))
      ++end;
    if (end > begin)
      markWritten(to + begin, end - begin);
    begin = end + 1;
  }
}

void standin::markFilled(const char *begin, size_t bytes) {
  auto *const allocation = holding(begin);
  if (allocation && allocation->second.isFresh && allocation->second.bytes() == bytes)
    allocation->second.isFresh = false;
  else
    markWritten(begin, bytes);
}
