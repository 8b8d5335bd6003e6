// See Workspace.h.
#include "passes/lowering/cuda/Workspace.h"

#include "passes/lowering/calls/WorkspaceAsks.h"

#include "autopar/cuda/Attention.h"
#include "autopar/cuda/BatchNorm.h"
#include "autopar/cuda/Conv2d.h"
#include "autopar/cuda/Embedding.h"
#include "autopar/cuda/FusedMatmul.h"
#include "autopar/cuda/LayerNorm.h"
#include "autopar/cuda/Linear.h"
#include "autopar/cuda/Loss.h"
#include "autopar/cuda/Matmul.h"
#include "autopar/cuda/Norm.h"
#include "autopar/cuda/Planning.h"
#include "autopar/cuda/Pool.h"

#include "llvm/Support/MemoryBuffer.h"

using namespace mlir;

namespace autopar::cuda_lowering {

namespace {
struct CudaCalls {
  using Conv2dShape = cuda::Conv2dShape;
  using Conv2dForward = cuda::Conv2dForward;
  using Conv2dInputGrad = cuda::Conv2dInputGrad;
  using Conv2dWeightGrad = cuda::Conv2dWeightGrad;
  using BatchNormStats = cuda::BatchNormStats;
  using BatchNormGradSums = cuda::BatchNormGradSums;
  using PoolShape = cuda::PoolShape;
  using MaxPool = cuda::MaxPool;
  using MaxPoolGrad = cuda::MaxPoolGrad;
  using AvgPool = cuda::AvgPool;
  using AvgPoolGrad = cuda::AvgPoolGrad;
  using LinearShape = cuda::LinearShape;
  using LinearForward = cuda::LinearForward;
  using LinearInputGrad = cuda::LinearInputGrad;
  using LinearWeightGrad = cuda::LinearWeightGrad;
  using BiasGrad = cuda::BiasGrad;
  using SoftmaxCrossEntropy = cuda::SoftmaxCrossEntropy;
  using MatmulShape = cuda::MatmulShape;
  using Matmul = cuda::Matmul;
  using StridedMatmulShape = cuda::StridedMatmulShape;
  using StridedMatmul = cuda::StridedMatmul;
  using LayerNormGradParameters = cuda::LayerNormGradParameters;
  using EmbeddingGrad = cuda::EmbeddingGrad;
  using AttentionShape = cuda::AttentionShape;
  using Attention = cuda::Attention;
  using AttentionGrad = cuda::AttentionGrad;
  using SquareSum = cuda::SquareSum;
};
} // namespace

llvm::Error planForGpu(StringRef nameOrFile) {
  try {
    if (!nameOrFile.ends_with(".json")) {
      cuda::planFor(cuda::DeviceProperties::preset(std::string_view(nameOrFile)));
      return llvm::Error::success();
    }
    auto file = llvm::MemoryBuffer::getFile(nameOrFile);
    if (!file)
      return llvm::createStringError("cannot read '" + nameOrFile +
                                     "': " + file.getError().message());
    cuda::planFor(cuda::DeviceProperties::parse(std::string_view((*file)->getBuffer())));
    return llvm::Error::success();
  } catch (const std::exception &error) {
    return llvm::createStringError(error.what());
  }
}

static size_t squareSumAll(const lowering::Asked &asked) {
  cuda::SquareSumAll call;
  for (int64_t count : asked.integers("count"))
    call.tensors.push_back({count, nullptr});
  return call.workspaceBytes();
}

static lowering::Asks allAsks() {
  lowering::Asks asks = lowering::transformerAsks<CudaCalls>(lowering::imageAsks<CudaCalls>());
  asks["SquareSumAll"] = squareSumAll;
  asks["MatmulAdd"] = lowering::matmul<cuda::MatmulAdd, cuda::MatmulShape>;
  asks["MatmulBias"] = lowering::matmul<cuda::MatmulBias, cuda::MatmulShape>;
  asks["MatmulBiasGelu"] = lowering::matmul<cuda::MatmulBiasGelu, cuda::MatmulShape>;
  asks["MatmulBiasGeluAux"] = lowering::matmul<cuda::MatmulBiasGeluAux, cuda::MatmulShape>;
  asks["MatmulGeluGrad"] = lowering::matmul<cuda::MatmulGeluGrad, cuda::MatmulShape>;
  asks["MatmulSumA"] = lowering::matmul<cuda::MatmulSumA, cuda::MatmulShape>;
  asks["MatmulSumB"] = lowering::matmul<cuda::MatmulSumB, cuda::MatmulShape>;
  return asks;
}

llvm::Expected<int64_t> workspaceBytes(Operation *op, StringRef callee, DictionaryAttr config,
                                       TypeRange inputs) {
  static const lowering::Asks asks = allAsks();
  return lowering::askWorkspace(asks, op, callee, config, inputs);
}

} // namespace autopar::cuda_lowering
