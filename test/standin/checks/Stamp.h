// Who has touched a byte of memory in a kernel, and when: in 64 bits, so that each byte may
// have two. Threads of a block are ordered by their barriers, of which an epoch is the time
// between two; lanes of a warp by __syncwarp, which their clocks count.
#ifndef AUTOPAR_TEST_STANDIN_CHECKS_STAMP_H
#define AUTOPAR_TEST_STANDIN_CHECKS_STAMP_H

#include <cstdint>

namespace standin {

struct Stamp {
  uint64_t isAtomic : 1 = 0;
  uint64_t clock : 13 = 0;
  uint64_t epoch : 15 = 0;
  uint64_t thread : 11 = 0;
  uint64_t block : 24 = 0; ///< 0 is nobody's

  /// In place of a thread: several of a warp, or of the block.
  static constexpr unsigned ofWarp = 1024, ofBlock = 2047;
  /// In place of a block: several.
  static constexpr unsigned several = 0xffffff;

  explicit operator bool() const { return block; }
  bool isOf(const Stamp &other) const { return block == other.block && thread == other.thread; }
  unsigned warp() const { return thread < ofWarp ? thread / 32 : thread - ofWarp; }

  /// Two readers that nothing orders, as one.
  static Stamp both(const Stamp &a, const Stamp &b) {
    Stamp both = b;
    if (a.block != b.block) {
      both.block = several;
    } else if (a.thread != b.thread) {
      const bool sameWarp = a.thread != ofBlock && b.thread != ofBlock && a.warp() == b.warp();
      both.thread = sameWarp ? ofWarp + a.warp() : ofBlock;
      both.clock = a.clock > b.clock ? a.clock : b.clock;
    }
    return both;
  }
};
static_assert(sizeof(Stamp) == sizeof(uint64_t));

} // namespace standin

#endif // AUTOPAR_TEST_STANDIN_CHECKS_STAMP_H
