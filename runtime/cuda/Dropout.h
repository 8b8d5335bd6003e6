// Dropout by a counter-based generator: the same elements as on any mesh and any target
// (core/DropoutMask.h). T is float, bf16 or f16.
#ifndef AUTOPAR_RUNTIME_CUDA_DROPOUT_H
#define AUTOPAR_RUNTIME_CUDA_DROPOUT_H

#include "autopar/core/Part.h"
#include "autopar/cuda/Elements.h"

namespace autopar::cuda {

class Context;

/// dropped = x / (1 - rate) where an element is kept, else 0: see runtime/cpu/Dropout.h. x and
/// dropped: [shape], the block `part` of the whole tensor. state: i64[2] in device memory.
/// dropped may be x.
struct Dropout {
  Shape shape;
  double rate;
  int64_t site;
  Part part;
  template <class T>
  void operator()(const Context &context, const T *x, const int64_t *state, T *dropped) const;
};

} // namespace autopar::cuda

#endif // AUTOPAR_RUNTIME_CUDA_DROPOUT_H
