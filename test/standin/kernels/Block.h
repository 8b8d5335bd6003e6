// A block of threads of a kernel on the host. Threads run one after the other; one that comes
// to a barrier, or exchanges values with its warp, is left there on a stack of its own, and the
// next begins. So a kernel without either costs a call for each thread and no more.
#ifndef AUTOPAR_TEST_STANDIN_KERNELS_BLOCK_H
#define AUTOPAR_TEST_STANDIN_KERNELS_BLOCK_H

#include <vector_types.h>

#include <cstddef>
#include <cstdint>
#include <source_location>
#include <string>

namespace standin {

struct Kernel {
  const void *function; ///< that reports name
  void (*runThread)(const void *function, const void *arguments);
  const void *arguments;
  size_t argumentBytes;
};

/// Runs each thread of each block of the grid, block by block. Threads that wait for each other
/// for ever are reported.
void runGrid(const Kernel &kernel, dim3 grid, dim3 block);

/// "\n  in kernel K, block (…), thread (…)", or nothing where no kernel runs.
std::string runningPlace();

/// Whether this is below the stack of a thread that is running.
bool isBelowStackOfThread(const void *address);

// What follows is called by device code.

/// All threads of the block that have not ended come here before any goes on; true where
/// `predicate` is for any of them. Other threads that wait at another place are reported.
bool barrier(bool predicate, const std::source_location &where);

/// How lanes of a warp exchange values.
enum class Exchange {
  Shuffle, ///< a lane gets what `sourceLane` has given
  Ballot,  ///< all get a bit for each lane that has given anything but 0
  Order,   ///< nothing is exchanged; alone of the three it orders the lanes' memory accesses
};

/// All lanes of the mask come here before any goes on. Lanes that have ended, or that come with
/// another mask or from another place, are reported.
uint64_t exchange(Exchange kind, unsigned mask, uint64_t value, int sourceLane,
                  const std::source_location &where);

/// The number of the calling thread in its warp.
int laneOfThread();

} // namespace standin

#endif // AUTOPAR_TEST_STANDIN_KERNELS_BLOCK_H
