// Elements in other places: transposed, cut out, put among zeros, joined, looked up.
#ifndef AUTOPAR_TEST_UNIT_PROGRAMS_REARRANGEMENT_H
#define AUTOPAR_TEST_UNIT_PROGRAMS_REARRANGEMENT_H

#include "test/unit/programs/Tensor.h"

namespace autopar {

/// The index in each dimension of element `i` of a row-major tensor, and the other way round.
llvm::SmallVector<int64_t> indexOf(int64_t i, Shape shape);
int64_t offsetOf(Shape index, Shape shape);

/// Dimension i of the result is dimension permutation[i] of x.
Tensor transpose(const Tensor &x, Shape permutation);
/// Indices begin … begin + length - 1 of dimension `dim`.
Tensor slice(const Tensor &x, int64_t dim, int64_t begin, int64_t length);
/// x where a slice of the result from `begin` on has it, `value` elsewhere.
Tensor pad(const Tensor &x, int64_t dim, int64_t begin, int64_t whole, double value);
/// Tensors side by side, of any lengths along `dim`.
Tensor concat(llvm::ArrayRef<Tensor> inputs, int64_t dim);

/// Rows [tokens…, C] of a table [length, C], whose first row is number `first` of the whole; 0
/// for tokens that are not in it.
Tensor embedding(const Tensor &tokens, const Tensor &table, int64_t first);
/// The sums of such rows.
Tensor embeddingGrad(const Tensor &tokens, const Tensor &rows, Shape table, int64_t first,
                     int64_t padding);

} // namespace autopar

#endif
