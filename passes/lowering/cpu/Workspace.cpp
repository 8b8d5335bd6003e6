// See Workspace.h.
#include "passes/lowering/cpu/Workspace.h"

#include "passes/lowering/calls/WorkspaceAsks.h"

#include "autopar/cpu/Attention.h"
#include "autopar/cpu/BatchNorm.h"
#include "autopar/cpu/Conv2d.h"
#include "autopar/cpu/Embedding.h"
#include "autopar/cpu/LayerNorm.h"
#include "autopar/cpu/Linear.h"
#include "autopar/cpu/Loss.h"
#include "autopar/cpu/Matmul.h"
#include "autopar/cpu/Norm.h"
#include "autopar/cpu/Pool.h"
#include "autopar/cpu/Reduction.h"
#include "autopar/cpu/Workspace.h"

using namespace mlir;

namespace autopar::cpu_lowering {

namespace {
struct CpuCalls {
  using Conv2dShape = cpu::Conv2dShape;
  using Conv2dForward = cpu::Conv2dForward;
  using Conv2dInputGrad = cpu::Conv2dInputGrad;
  using Conv2dWeightGrad = cpu::Conv2dWeightGrad;
  using BatchNormStats = cpu::BatchNormStats;
  using BatchNormGradSums = cpu::BatchNormGradSums;
  using PoolShape = cpu::PoolShape;
  using MaxPool = cpu::MaxPool;
  using MaxPoolGrad = cpu::MaxPoolGrad;
  using AvgPool = cpu::AvgPool;
  using AvgPoolGrad = cpu::AvgPoolGrad;
  using LinearShape = cpu::LinearShape;
  using LinearForward = cpu::LinearForward;
  using LinearInputGrad = cpu::LinearInputGrad;
  using LinearWeightGrad = cpu::LinearWeightGrad;
  using BiasGrad = cpu::BiasGrad;
  using Sum = cpu::Sum;
  using Max = cpu::Max;
  using SoftmaxCrossEntropy = cpu::SoftmaxCrossEntropy;
  using MatmulShape = cpu::MatmulShape;
  using Matmul = cpu::Matmul;
  using StridedMatmulShape = cpu::StridedMatmulShape;
  using StridedMatmul = cpu::StridedMatmul;
  using LayerNormGradParameters = cpu::LayerNormGradParameters;
  using EmbeddingGrad = cpu::EmbeddingGrad;
  using AttentionShape = cpu::AttentionShape;
  using Attention = cpu::Attention;
  using AttentionGrad = cpu::AttentionGrad;
  using SquareSum = cpu::SquareSum;
};
} // namespace

void planForThreads(int threads) { cpu::planForThreads(threads); }

llvm::Expected<int64_t> workspaceBytes(Operation *op, StringRef callee,
                                       DictionaryAttr config, TypeRange inputs) {
  static const lowering::Asks asks =
      lowering::transformerAsks<CpuCalls>(lowering::imageAsks<CpuCalls>());
  return lowering::askWorkspace(asks, op, callee, config, inputs);
}

} // namespace autopar::cpu_lowering
