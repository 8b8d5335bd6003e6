// The scratch memory of a call, as runtime/cpu/Workspace.h has it: the compiler asks how much a
// call needs and plans a slice of the arena, the program asks again on the GPU it finds.
#ifndef AUTOPAR_RUNTIME_CUDA_WORKSPACE_H
#define AUTOPAR_RUNTIME_CUDA_WORKSPACE_H

#include <cstddef>

namespace autopar::cuda {

/// Slices of the arena, and parts of a workspace, begin at multiples of this, which is
/// cudaMalloc's own alignment: cuBLAS wants it of workspaces, and its fastest kernels and
/// cuDNN's of operands.
inline constexpr size_t alignment = 256;

constexpr size_t alignUp(size_t bytes) {
  return (bytes + alignment - 1) / alignment * alignment;
}

/// \throws std::runtime_error naming both sizes when `needed` bytes
/// exceed the `planned` ones.
void requireWorkspace(const char *call, size_t needed, size_t planned);

} // namespace autopar::cuda

#endif // AUTOPAR_RUNTIME_CUDA_WORKSPACE_H
