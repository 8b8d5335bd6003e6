// What the conformance tests run on: the calls of the CPU target, and its memory.
#ifndef AUTOPAR_RUNTIME_CONFORMANCE_CPU_TARGET_H
#define AUTOPAR_RUNTIME_CONFORMANCE_CPU_TARGET_H

#include "autopar/cpu/AdamW.h"
#include "autopar/cpu/Attention.h"
#include "autopar/cpu/BatchNorm.h"
#include "autopar/cpu/Conv2d.h"
#include "autopar/cpu/Copy.h"
#include "autopar/cpu/CrossEntropy.h"
#include "autopar/cpu/Dropout.h"
#include "autopar/cpu/Elementwise.h"
#include "autopar/cpu/Embedding.h"
#include "autopar/cpu/Gelu.h"
#include "autopar/cpu/LayerNorm.h"
#include "autopar/cpu/Linear.h"
#include "autopar/cpu/Loss.h"
#include "autopar/cpu/Matmul.h"
#include "autopar/cpu/Norm.h"
#include "autopar/cpu/Pool.h"
#include "autopar/cpu/Reduction.h"
#include "autopar/cpu/Sgd.h"
#include "autopar/cpu/Slice.h"
#include "autopar/cpu/Softmax.h"
#include "autopar/cpu/Transpose.h"
#include "autopar/cpu/Workspace.h"

#include <cstdlib>
#include <cstring>
#include <initializer_list>
#include <memory>

namespace autopar::conformance {

using namespace autopar::cpu;

inline constexpr size_t sliceAlignment = cpu::alignment;

/// Runs a call. Those of this target take nothing but their operands.
template <class Call, class... Operands> void launch(const Call &call, Operands... operands) {
  call(operands...);
}

template <class Call, class T, class Result>
void launchOnList(const Call &call, std::initializer_list<const T *> operands, Result result) {
  call(operands, result);
}

/// Whether requireWorkspace throws for a byte less than the call asked for.
template <class Call> inline constexpr bool refusesLessWorkspace = true;

/// Memory the target computes on.
class TargetMemory {
public:
  explicit TargetMemory(size_t bytes)
      : memory(static_cast<std::byte *>(std::aligned_alloc(alignment, alignUp(bytes)))) {}

  std::byte *data() const { return memory.get(); }
  void write(const void *from, size_t bytes) { std::memcpy(data(), from, bytes); }
  void read(void *to, size_t from, size_t bytes) const {
    std::memcpy(to, data() + from, bytes);
  }

private:
  struct Free {
    void operator()(std::byte *memory) const { std::free(memory); }
  };
  std::unique_ptr<std::byte, Free> memory;
};

} // namespace autopar::conformance

#endif // AUTOPAR_RUNTIME_CONFORMANCE_CPU_TARGET_H
