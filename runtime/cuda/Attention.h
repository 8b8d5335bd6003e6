// Scaled dot-product attention as one call. In 16 bits both passes are fused kernels of cuDNN's
// where these take the shape. All else are products of cuBLASLt's, a sequence at a time: the
// scores of one sequence's heads live in the workspace, and the gradient computes them again.
#ifndef AUTOPAR_RUNTIME_CUDA_ATTENTION_H
#define AUTOPAR_RUNTIME_CUDA_ATTENTION_H

#include "autopar/core/shapes/Products.h"
#include "autopar/cuda/Elements.h"

#include <cstddef>
#include <memory>

namespace autopar::cuda {

class Context;

struct AttentionShape {
  using Fields = shapes::Attention; ///< as on every target
#include "autopar/core/shapes/Attention.inc"
  DataType type = DataType::F32; ///< of qkv, y and their gradients
  bool tf32 = false;             ///< f32 factors may be rounded to TF32
  /// Whether the same bits must come out each time. cuDNN's fused kernel of the gradient
  /// otherwise adds up that of the queries in whatever order blocks of threads come.
  bool deterministic = false;
};

/// What forward and backward share.
class AttentionCall {
public:
  /// What either way needs, of which products are always possible.
  size_t workspaceBytes() const;

  /// From here on the call uses `planned` bytes at most. \throws std::runtime_error naming both
  /// sizes where they do not even do for products.
  void requireWorkspace(size_t planned) const;

protected:
  enum class Pass { Forward, Backward };
  AttentionCall(const char *call, Pass pass, const AttentionShape &shape);
  ~AttentionCall();
  AttentionCall(AttentionCall &&) noexcept;

  struct State;
  std::unique_ptr<State> state;
};

/// y = P v, P being softmax(scale q kᵀ) over the keys, with `causal` those up to the query, and
/// dropped out. lse: f32 [batch, heads, sequence], the logarithms of the sums of exponentials.
/// `state` as in Dropout. \throws std::invalid_argument unless scale > 0.
class Attention : public AttentionCall {
public:
  explicit Attention(const AttentionShape &shape);

  template <class T>
  void operator()(const Context &context, const T *qkv, T *y, float *lse,
                  void *workspace) const {
    run(context, qkv, nullptr, y, lse, workspace);
  }
  template <class T>
  void operator()(const Context &context, const T *qkv, const int64_t *state, T *y, float *lse,
                  void *workspace) const {
    run(context, qkv, state, y, lse, workspace);
  }

private:
  void run(const Context &context, Operand qkv, const int64_t *state, Operand y, float *lse,
           void *workspace) const;
};

/// dqkv, laid out as qkv, of the same qkv and what Attention left.
class AttentionGrad : public AttentionCall {
public:
  explicit AttentionGrad(const AttentionShape &shape);

  template <class T>
  void operator()(const Context &context, const T *dy, const T *qkv, const T *y,
                  const float *lse, T *dqkv, void *workspace) const {
    run(context, dy, qkv, y, lse, nullptr, dqkv, workspace);
  }
  template <class T>
  void operator()(const Context &context, const T *dy, const T *qkv, const T *y,
                  const float *lse, const int64_t *state, T *dqkv, void *workspace) const {
    run(context, dy, qkv, y, lse, state, dqkv, workspace);
  }

private:
  void run(const Context &context, Operand dy, Operand qkv, Operand y, const float *lse,
           const int64_t *state, Operand dqkv, void *workspace) const;
};

} // namespace autopar::cuda

#endif // AUTOPAR_RUNTIME_CUDA_ATTENTION_H
