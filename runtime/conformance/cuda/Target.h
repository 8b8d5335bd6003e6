// What the conformance tests run on: the calls of the CUDA target, and a GPU's memory.
#ifndef AUTOPAR_RUNTIME_CONFORMANCE_CUDA_TARGET_H
#define AUTOPAR_RUNTIME_CONFORMANCE_CUDA_TARGET_H

#include "autopar/cuda/AdamW.h"
#include "autopar/cuda/Attention.h"
#include "autopar/cuda/BatchNorm.h"
#include "autopar/cuda/Conv2d.h"
#include "autopar/cuda/Copy.h"
#include "autopar/cuda/CrossEntropy.h"
#include "autopar/cuda/DeviceMemory.h"
#include "autopar/cuda/Dropout.h"
#include "autopar/cuda/Elementwise.h"
#include "autopar/cuda/Embedding.h"
#include "autopar/cuda/Gelu.h"
#include "autopar/cuda/LayerNorm.h"
#include "autopar/cuda/Linear.h"
#include "autopar/cuda/Loss.h"
#include "autopar/cuda/Matmul.h"
#include "autopar/cuda/Norm.h"
#include "autopar/cuda/Pool.h"
#include "autopar/cuda/Reduction.h"
#include "autopar/cuda/Sgd.h"
#include "autopar/cuda/Slice.h"
#include "autopar/cuda/Softmax.h"
#include "autopar/cuda/Transpose.h"
#include "autopar/cuda/Workspace.h"

#include <initializer_list>
#include <memory>
#include <type_traits>

namespace autopar::conformance {

using namespace autopar::cuda;

inline constexpr size_t sliceAlignment = cuda::alignment;

/// The suite's, made by its first test.
inline const Context &context() {
  static const Context ofFirstGpu;
  return ofFirstGpu;
}

/// Memory the target computes on.
class TargetMemory {
public:
  explicit TargetMemory(size_t bytes) : memory(device().allocate(bytes)) {}

  std::byte *data() const { return memory.get(); }
  void write(const void *from, size_t bytes) { device().write(data(), from, bytes); }
  void read(void *to, size_t from, size_t bytes) const {
    device().read(to, data() + from, bytes);
  }

private:
  static DeviceMemory &device() {
    static DeviceMemory ofContext(context());
    return ofContext;
  }
  struct Free {
    void operator()(std::byte *memory) const { device().release(memory, 0); }
  };
  std::unique_ptr<std::byte, Free> memory;
};

/// Runs a call to its end. \throws what the call throws, and what it has left (Faults.h).
template <class Call, class... Operands> void launch(const Call &call, Operands... operands) {
  call(context(), operands...);
  context().synchronize();
}

template <class Call, class T, class Result>
void launchOnList(const Call &call, std::initializer_list<const T *> operands, Result result) {
  call(context(), operands, result);
  context().synchronize();
}

/// Convolutions take another plan where there is one that needs less.
template <class Call>
inline constexpr bool refusesLessWorkspace = !std::is_base_of_v<Conv2dCall, Call>;

} // namespace autopar::conformance

#endif // AUTOPAR_RUNTIME_CONFORMANCE_CUDA_TARGET_H
