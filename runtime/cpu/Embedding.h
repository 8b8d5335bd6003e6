// Rows of a table by their number, and the gradient of the table. Of a table that is split
// over its rows, every rank looks up what it holds and ranks add.
#ifndef AUTOPAR_RUNTIME_CPU_EMBEDDING_H
#define AUTOPAR_RUNTIME_CPU_EMBEDDING_H

#include "autopar/core/Part.h"

#include <cstddef>

namespace autopar::cpu {

// tokens: i32 [rows]; y, dy: [rows, channels]; table: [length, channels], the block `part` of
// the whole table [vocabulary, channels of all ranks].

/// y[r] = table[tokens[r]], and 0 for a token whose row another rank holds. \throws
/// std::out_of_range for a token outside the whole table (so does the gradient).
struct Embedding {
  int64_t rows, channels;
  Part table;
  int64_t length;
  void operator()(const int32_t *tokens, const float *table, float *y) const;
};

/// dtable[v] = sum of dy[r] over rows with token v, in double precision and in the rows' order.
struct EmbeddingGrad {
  int64_t rows, channels;
  Part table;
  int64_t length;
  int64_t padding = -1; ///< a token whose row gets 0
  size_t workspaceBytes() const;
  void requireWorkspace(size_t planned) const;
  void operator()(const int32_t *tokens, const float *dy, float *dtable, void *workspace) const;
};

} // namespace autopar::cpu

#endif // AUTOPAR_RUNTIME_CPU_EMBEDDING_H
