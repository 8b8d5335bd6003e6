// Scaled dot-product attention as one call: the scores of a block of queries live in a
// thread's workspace only, and the gradient computes them again from the row sums.
#ifndef AUTOPAR_RUNTIME_CPU_ATTENTION_H
#define AUTOPAR_RUNTIME_CPU_ATTENTION_H

#include "autopar/core/shapes/Products.h"

#include <cstddef>

namespace autopar::cpu {

using AttentionShape = shapes::Attention;

/// y = P v, P being softmax(scale q kᵀ) over the keys, with `causal` those up to the query, and
/// dropped out. lse: [batch, heads, sequence], the logarithms of the sums of exponentials.
/// `state` as in Dropout; only without dropout a call may do without it, or it throws
/// std::logic_error. \throws std::invalid_argument unless scale > 0.
class Attention {
public:
  explicit Attention(const AttentionShape &shape);
  size_t workspaceBytes() const;
  void requireWorkspace(size_t planned) const;
  void operator()(const float *qkv, float *y, float *lse, void *workspace) const;
  void operator()(const float *qkv, const int64_t *state, float *y, float *lse,
                  void *workspace) const;

private:
  AttentionShape shape;
};

/// dqkv, laid out as qkv. The order of addition does not depend on the number of threads.
class AttentionGrad {
public:
  explicit AttentionGrad(const AttentionShape &shape);
  size_t workspaceBytes() const;
  void requireWorkspace(size_t planned) const;
  void operator()(const float *dy, const float *qkv, const float *y, const float *lse,
                  float *dqkv, void *workspace) const;
  void operator()(const float *dy, const float *qkv, const float *y, const float *lse,
                  const int64_t *state, float *dqkv, void *workspace) const;

private:
  AttentionShape shape;
};

} // namespace autopar::cpu

#endif // AUTOPAR_RUNTIME_CPU_ATTENTION_H
