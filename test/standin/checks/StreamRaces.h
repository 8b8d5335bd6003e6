// Two pieces of work that use the same bytes, one of them to write, and that nothing orders: no
// stream, no event, no edge of a graph, no wait of the host. That is so in whatever order the
// seed has them done.
#ifndef AUTOPAR_TEST_STANDIN_CHECKS_STREAMRACES_H
#define AUTOPAR_TEST_STANDIN_CHECKS_STREAMRACES_H

#include "standin/device/Clock.h"
#include "standin/device/Operand.h"

#include <memory>
#include <string>

namespace standin {

/// A piece of work that is being done, or was.
struct Doing {
  std::string name;   ///< of the call; where it is a kernel
  const void *kernel; ///< the kernel's name says more
  std::string place;  ///< "on stream 1"
  size_t line;        ///< of which it is
  uint64_t count;     ///< this piece
};

/// Reports a race of what is being done with anything that was done before and that `known`
/// does not know.
void useInOrder(const std::shared_ptr<const Doing> &doing, const Clock &known, Use use,
                const char *begin, const char *end);

/// The memory is nobody's from here on.
void forgetUses(const char *begin, const char *end);

} // namespace standin

#endif // AUTOPAR_TEST_STANDIN_CHECKS_STREAMRACES_H
