// Attention's forward pass as a graph of cuDNN's operations, which one of its fused kernels
// recognizes: scores never reach memory. In bf16 and f16.
#ifndef AUTOPAR_RUNTIME_CUDA_CUDNN_ATTENTIONGRAPH_H
#define AUTOPAR_RUNTIME_CUDA_CUDNN_ATTENTIONGRAPH_H

#include "autopar/cuda/Attention.h"
#include "autopar/cuda/cudnn/Plan.h"

namespace autopar::cuda::cudnn {

/// Operands of the plan. Scale and Hidden are single floats in host memory: what scores are
/// multiplied by, and minus infinity, the score of a key that is not seen.
enum AttentionOperand : int64_t { Queries = 1, Keys, Values, Out, LogSums, Scale, Hidden };

/// Without dropout. \throws std::runtime_error when cuDNN has no plan, which needs a driver.
Plan planAttention(const AttentionShape &shape);

} // namespace autopar::cuda::cudnn

#endif // AUTOPAR_RUNTIME_CUDA_CUDNN_ATTENTIONGRAPH_H
