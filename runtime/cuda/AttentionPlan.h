// What is behind the calls of Attention.h: between Attention.cpp, which plans workspaces with
// no device at hand, and Attention.cu, which runs them.
#ifndef AUTOPAR_RUNTIME_CUDA_ATTENTIONPLAN_H
#define AUTOPAR_RUNTIME_CUDA_ATTENTIONPLAN_H

#include "autopar/cuda/Attention.h"
#include "autopar/cuda/Workspace.h"
#include "autopar/cuda/blas/Product.h"
#include "autopar/cuda/cudnn/Plan.h"

#include <vector>

namespace autopar::cuda {

/// Of one sequence, all heads [heads, sequence, sequence]:
///
///   workspace = [ cuBLASLt's own | scores, f32 | probabilities ]
///   backward  = [ cuBLASLt's own | scores, f32 | probabilities | slopes, f32 | slopes ]
///
/// In f32 probabilities and slopes take the place of what they are made from. cuDNN's fused
/// kernel needs next to none of it; but whether there is one is known on the GPU alone.
struct AttentionCall::State {
  const char *call;
  Pass pass;
  AttentionShape shape;

  /// Made by the first run, whose deleters come with them: planning needs no cuBLASLt.
  std::shared_ptr<std::vector<blas::Product>> products = nullptr;

  /// By the first run, where cuDNN has one.
  std::shared_ptr<cudnn::Plan> fused = nullptr;

  int64_t scores() const { return shape.heads * shape.sequence * shape.sequence; }
  size_t scoreBytes() const { return alignUp(scores() * sizeof(float)); }
  size_t factorBytes() const {
    return shape.type == DataType::F32 ? 0 : alignUp(scores() * bytesOf(shape.type));
  }
  size_t workspaceBytes() const {
    const int tensors = pass == Pass::Forward ? 1 : 2;
    return blas::workspaceBytes + tensors * (scoreBytes() + factorBytes());
  }
};

} // namespace autopar::cuda

#endif // AUTOPAR_RUNTIME_CUDA_ATTENTIONPLAN_H
