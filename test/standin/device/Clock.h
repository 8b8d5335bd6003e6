// What comes before what: a vector clock (Fidge, Mattern 1988). Work is done in lines, each
// piece after the one before it: a stream's, or what a graph has of a stream. A clock says of
// every line how many of its pieces are known to be done.
#ifndef AUTOPAR_TEST_STANDIN_DEVICE_CLOCK_H
#define AUTOPAR_TEST_STANDIN_DEVICE_CLOCK_H

#include <algorithm>
#include <cstdint>
#include <vector>

namespace standin {

class Clock {
public:
  uint64_t of(size_t line) const { return line < counts.size() ? counts[line] : 0; }

  void advance(size_t line, uint64_t count) {
    if (line >= counts.size())
      counts.resize(line + 1);
    counts[line] = std::max(counts[line], count);
  }

  /// Knows what the other knows, too.
  void join(const Clock &other) {
    for (size_t line = 0; line < other.counts.size(); ++line)
      advance(line, other.counts[line]);
  }

private:
  std::vector<uint64_t> counts;
};

/// A line, and how many pieces of it have been done.
struct Line {
  const size_t number = next++;
  uint64_t count = 0;

private:
  static inline size_t next = 0;
};

} // namespace standin

#endif // AUTOPAR_TEST_STANDIN_DEVICE_CLOCK_H
