// Dropout by a counter-based generator: the same elements for any mesh and any recomputation.
#ifndef AUTOPAR_RUNTIME_CPU_DROPOUT_H
#define AUTOPAR_RUNTIME_CPU_DROPOUT_H

#include "autopar/core/Part.h"

namespace autopar::cpu {

/// dropped = x where an element is kept, with probability 1 - rate, and scaled by
/// 1 / (1 - rate); elsewhere 0. x and dropped: [shape], the block `part` of the whole tensor.
/// state: i64[2], the seed and the number of the step. `site` tells the operations of a step
/// apart. The gradient is the same call on dy. dropped may be x.
struct Dropout {
  Shape shape;
  double rate;
  int64_t site;
  Part part;
  void operator()(const float *x, const int64_t *state, float *dropped) const;
};

} // namespace autopar::cpu

#endif // AUTOPAR_RUNTIME_CPU_DROPOUT_H
