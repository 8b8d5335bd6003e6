// What a kernel's threads load and store, each by its address: races between them, bytes that
// nobody has written, memory that no device reaches. Threads run one after the other here, so
// that what is found does not hang on luck.
#ifndef AUTOPAR_TEST_STANDIN_CHECKS_KERNELMEMORY_H
#define AUTOPAR_TEST_STANDIN_CHECKS_KERNELMEMORY_H

#include "standin/device/Operand.h"

#include <cstddef>
#include <functional>

namespace standin {

/// Whether loads and stores are a kernel's, rather than the stand-in's own.
extern bool isWatching;

/// A load or a store while isWatching.
void touch(const void *address, size_t bytes, Use use, bool isAtomic = false);

// What a kernel does, in the order in which it does it.

/// Its arguments lie where every thread may read them.
void beginKernel(const void *arguments, size_t bytes);
void beginBlock(int threads);
/// Device code of a thread goes on, on a stack of its own.
void watch(int thread, const char *stack, size_t stackBytes);
/// Device code is left, for a barrier or for good.
void unwatch();
/// All threads have met.
void orderBlock();
/// Those lanes of a warp have met.
void orderLanes(int warp, unsigned mask);
/// visit(use, begin, end) for all that it has touched of memory that outlives it.
using VisitUse = std::function<void(Use, const char *, const char *)>;
void endKernel(const VisitUse &visit);

/// An allocation ends.
void forgetCells(const char *allocation);

/// Whether any kernel of the program was compiled so that it tells.
bool canWatch();

} // namespace standin

#endif // AUTOPAR_TEST_STANDIN_CHECKS_KERNELMEMORY_H
