// What transformers compute of their own: GELU, dropout, attention.
#ifndef AUTOPAR_TEST_UNIT_PROGRAMS_ATTENTION_H
#define AUTOPAR_TEST_UNIT_PROGRAMS_ATTENTION_H

#include "test/unit/programs/Tensor.h"

namespace autopar {

Tensor gelu(Tensor x, bool tanh);
Tensor geluGrad(Tensor dy, const Tensor &x, bool tanh);

/// Which block of a whole tensor a rank holds.
struct Block {
  llvm::SmallVector<int64_t> begin, whole;
};

/// What an operation that draws random numbers draws them by.
struct Draws {
  double rate = 0;               ///< 0: nothing is dropped, and `state` may be null.
  const Tensor *state = nullptr; ///< seed, step
  int64_t site = 0;

  /// 0, or what else element `index` of the whole is multiplied by.
  double factor(int64_t index) const;
};

Tensor dropout(Tensor x, const Draws &draws, const Block &block);

struct Attention {
  bool causal;
  double scale;
  Draws dropout;
  Block block; ///< Of y.

  /// y [B, T, H, D] and the logarithms of the sums of exponentials [B, H, T] of qkv
  /// [B, T, 3, H, D].
  Tensors forward(const Tensor &qkv) const;
  Tensor grad(const Tensor &dy, const Tensor &qkv) const;
};

} // namespace autopar

#endif
