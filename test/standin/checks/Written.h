// Which bytes of device memory somebody has written. What fills a whole allocation before
// anybody else writes to it, as an allocator does that gives out zeros, says nothing of what
// the bytes mean: it counts as nobody's.
#ifndef AUTOPAR_TEST_STANDIN_CHECKS_WRITTEN_H
#define AUTOPAR_TEST_STANDIN_CHECKS_WRITTEN_H

#include <cstddef>
#include <cstdint>
#include <vector>

namespace standin {

/// A bit for each byte of an allocation.
class Written {
public:
  explicit Written(size_t bytes) : size(bytes), bits((bytes + 63) / 64) {}

  size_t bytes() const { return size; }
  void set(size_t begin, size_t count);
  /// The first byte of these that nobody has written, or `count`.
  size_t firstMissing(size_t begin, size_t count) const;
  bool has(size_t byte) const { return bits[byte / 64] >> byte % 64 & 1; }

  bool isFresh = true; ///< not filled as a whole, and nothing written

private:
  size_t size;
  std::vector<uint64_t> bits;
};

/// An allocation begins, with nothing written, and ends.
void beginUnwritten(const char *begin, size_t bytes);
void endUnwritten(const char *begin);

/// Of the allocation that begins here; null where nothing is known of it.
Written *writtenOf(const char *begin);

// What calls do. Memory of which nothing is known has been written.
void markWritten(const char *begin, size_t bytes);
/// The number of the first byte of these that nobody has written, or `bytes`.
size_t firstUnwritten(const char *begin, size_t bytes);
/// A copy is no use of what it copies: nobody's bytes stay so.
void copyWritten(const char *to, const char *from, size_t bytes);
/// A fill, which is nobody's where it is an allocation's first and all of it.
void markFilled(const char *begin, size_t bytes);

} // namespace standin

#endif // AUTOPAR_TEST_STANDIN_CHECKS_WRITTEN_H
