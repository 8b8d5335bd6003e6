// The scratch memory of a call. The compiler asks a call how much it needs and plans a slice of
// the arena for it; the emitted program asks again when it starts, because the answer of oneDNN
// depends on the processor, the library's version and the number of threads.
#ifndef AUTOPAR_RUNTIME_CPU_WORKSPACE_H
#define AUTOPAR_RUNTIME_CPU_WORKSPACE_H

#include <cstddef>

namespace autopar::cpu {

/// Slices of the arena, and parts of a workspace, begin at multiples of this (a cache line).
inline constexpr size_t alignment = 64;

constexpr size_t alignUp(size_t bytes) {
  return (bytes + alignment - 1) / alignment * alignment;
}

/// Makes this thread's next calls plan, and run, with as many threads as a rank will have. The
/// compiler calls it before it asks for workspaces.
/// \throws std::invalid_argument unless `threads` is positive.
void planForThreads(int threads);

/// \throws std::runtime_error naming both sizes when `needed` bytes exceed the `planned` ones.
void requireWorkspace(const char *call, size_t needed, size_t planned);

} // namespace autopar::cpu

#endif // AUTOPAR_RUNTIME_CPU_WORKSPACE_H
