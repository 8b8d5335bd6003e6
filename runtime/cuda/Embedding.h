// Rows of a table by their number, and the gradient of the table: see runtime/cpu/Embedding.h.
// Tables and their gradients are f32; T is float, bf16 or f16. A token outside the whole table
// is told when the host next waits (see Faults.h), and reads as a row of zeros.
#ifndef AUTOPAR_RUNTIME_CUDA_EMBEDDING_H
#define AUTOPAR_RUNTIME_CUDA_EMBEDDING_H

#include "autopar/core/Part.h"
#include "autopar/cuda/Elements.h"

#include <cstddef>

namespace autopar::cuda {

class Context;

// tokens: i32 [rows]; y, dy: [rows, channels]; table: [length, channels], the block `part` of
// the whole table [vocabulary, channels of all ranks].

/// y[r] = table[tokens[r]], and 0 for a token whose row another rank holds.
struct Embedding {
  int64_t rows, channels;
  Part table;
  int64_t length;
  template <class T>
  void operator()(const Context &context, const int32_t *tokens, const float *table,
                  T *y) const;
};

/// dtable[v] = sum of dy[r] over rows with token v, in double precision and always in one order.
/// It needs no workspace: it is there for targets that sort.
struct EmbeddingGrad {
  int64_t rows, channels;
  Part table;
  int64_t length;
  int64_t padding = -1; ///< a token whose row gets 0
  size_t workspaceBytes() const { return 0; }
  void requireWorkspace(size_t) const {}
  template <class T>
  void operator()(const Context &context, const int32_t *tokens, const T *dy, float *dtable,
                  void *workspace) const;
};

} // namespace autopar::cuda

#endif // AUTOPAR_RUNTIME_CUDA_EMBEDDING_H
