// What is behind the calls of Attention.h: between Attention.cpp, which plans workspaces with
// no device at hand, and Attention.cu, which runs them.
#ifndef AUTOPAR_RUNTIME_CUDA_ATTENTIONPLAN_H
#define AUTOPAR_RUNTIME_CUDA_ATTENTIONPLAN_H

#include "autopar/cuda/Attention.h"
#include "autopar/cuda/Workspace.h"
#include "autopar/cuda/blas/Product.h"
#include "autopar/cuda/cudnn/AttentionGraph.h"

#include <algorithm>
#include <vector>

namespace autopar::cuda {

/// Products take one sequence at a time, all heads [heads, sequence, sequence]; a fused
/// backward pass all of them:
///
///   forward    [ cuBLASLt's own | scores, f32 | probabilities ]
///   backward   [ cuBLASLt's own | scores, f32 | probabilities | slopes, f32 | slopes ]
///   fused      [ sums of dq, f32 | δ, f32 | cuDNN's own ]
///
/// In f32 probabilities and slopes take the place of what they are made from. cuDNN's fused
/// forward pass needs next to none of it. Which way it is, is known on the GPU alone.
struct AttentionCall::State {
  const char *call;
  Pass pass;
  AttentionShape shape;

  /// Made by the first run, whose deleters come with them: planning needs no cuBLASLt.
  std::shared_ptr<std::vector<blas::Product>> products = nullptr;

  /// By the first run, where cuDNN has one that fits; the same for all calls that are alike.
  std::shared_ptr<const cudnn::Plan> fused = nullptr;

  /// What there is of workspace.
  size_t plannedBytes = workspaceBytes();

  int64_t scores() const { return shape.heads * shape.sequence * shape.sequence; }
  size_t scoreBytes() const { return alignUp(scores() * sizeof(float)); }
  size_t factorBytes() const {
    return shape.type == DataType::F32 ? 0 : alignUp(scores() * bytesOf(shape.type));
  }
  size_t productBytes() const {
    const int tensors = pass == Pass::Forward ? 1 : 2;
    return blas::workspaceBytes + tensors * (scoreBytes() + factorBytes());
  }

  /// Whether cuDNN may have a fused kernel. The mask of dropout is ours, counted by the
  /// elements of the whole mesh, and cuDNN's kernels draw their own.
  bool mayFuse() const { return shape.type != DataType::F32 && shape.dropout == 0; }

  int64_t rows() const { return shape.batch * shape.heads * shape.sequence; }
  size_t querySumBytes() const {
    return shape.deterministic ? 0 : alignUp(rows() * shape.headSize * sizeof(float));
  }
  size_t deltaBytes() const { return alignUp(rows() * sizeof(float)); }
  /// What a fused backward pass needs beside cuDNN's own.
  size_t fusedBytes() const { return querySumBytes() + deltaBytes(); }

  size_t workspaceBytes() const {
    if (pass == Pass::Forward || !mayFuse())
      return productBytes();
    const std::optional<size_t> own = cudnn::attentionGradWorkspace(shape);
    return std::max(productBytes(), own ? fusedBytes() + *own : 0);
  }
};

} // namespace autopar::cuda

#endif // AUTOPAR_RUNTIME_CUDA_ATTENTIONPLAN_H
