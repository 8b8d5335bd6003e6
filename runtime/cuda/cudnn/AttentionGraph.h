// Attention's passes as graphs of cuDNN's operations, which its fused kernels recognize: scores
// never reach memory. In bf16 and f16, without dropout.
#ifndef AUTOPAR_RUNTIME_CUDA_CUDNN_ATTENTIONGRAPH_H
#define AUTOPAR_RUNTIME_CUDA_CUDNN_ATTENTIONGRAPH_H

#include "autopar/cuda/Attention.h"
#include "autopar/cuda/cudnn/Plan.h"

#include <optional>

namespace autopar::cuda::cudnn {

/// Operands of the plans. The last three are single floats in host memory: what scores are
/// multiplied by; minus infinity, the score of a key that is not seen, where a plan is causal;
/// and, in the backward pass, a one.
enum AttentionOperand : int64_t {
  Queries = 1,
  Keys,
  Values,
  Out,
  LogSums,
  OutGrad,
  QueriesGrad,
  KeysGrad,
  ValuesGrad,
  QuerySums, ///< scratch, f32 [batch, heads, sequence, headSize]; none where deterministic
  Delta,     ///< scratch, f32 [batch, heads, sequence]
  Scale,
  Hidden,
  One
};

/// \throws std::runtime_error when cuDNN has no plan that wants at most `workspaceLimit` bytes,
/// and where there is no driver.
Plan planAttention(const AttentionShape &shape, size_t workspaceLimit);

/// The same; also throws when cuDNN is older than 9.16.
Plan planAttentionGrad(const AttentionShape &shape, size_t workspaceLimit);

/// The bytes that planAttentionGrad's plan for the planned device will want beside its
/// operands, which there is no asking for without a driver; none where the device's kernels do
/// not take such heads. A plan that wants more, of a later cuDNN, is not taken.
std::optional<size_t> attentionGradWorkspace(const AttentionShape &shape);

} // namespace autopar::cuda::cudnn

#endif // AUTOPAR_RUNTIME_CUDA_CUDNN_ATTENTIONGRAPH_H
