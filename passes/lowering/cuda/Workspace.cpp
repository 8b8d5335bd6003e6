// See Workspace.h.
#include "passes/lowering/cuda/Workspace.h"

#include "passes/lowering/calls/WorkspaceAsks.h"

#include "autopar/cuda/Attention.h"
#include "autopar/cuda/BatchNorm.h"
#include "autopar/cuda/Conv2d.h"
#include "autopar/cuda/Embedding.h"
#include "autopar/cuda/FusedConv2d.h"
#include "autopar/cuda/FusedMatmul.h"
#include "autopar/cuda/LayerNorm.h"
#include "autopar/cuda/Linear.h"
#include "autopar/cuda/Loss.h"
#include "autopar/cuda/Matmul.h"
#include "autopar/cuda/Norm.h"
#include "autopar/cuda/Planning.h"
#include "autopar/cuda/Pool.h"
#include "autopar/cuda/Reduction.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/InterleavedRange.h"
#include "llvm/Support/MemoryBuffer.h"

#include <mutex>
#include <optional>
#include <utility>

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
  using Sum = cuda::Sum;
  using Max = cuda::Max;
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

static size_t squareSumAll(const lowering::Asked &asked) {
  cuda::SquareSumAll call;
  for (int64_t count : asked.integers("count"))
    call.tensors.push_back({count, nullptr});
  return call.workspaceBytes();
}

static lowering::Asks allAsks() {
  lowering::Asks asks = lowering::transformerAsks<CudaCalls>(lowering::imageAsks<CudaCalls>());
  asks["SquareSumAll"] = squareSumAll;
  asks["Conv2dStats"] = lowering::shaped<cuda::Conv2dStats, cuda::Conv2dShape>;
  asks["NormConv2dStats"] = lowering::shaped<cuda::NormConv2dStats, cuda::Conv2dShape>;
  asks["NormConv2dWeightGrad"] =
      lowering::shaped<cuda::NormConv2dWeightGrad, cuda::Conv2dShape>;
  asks["NormConv2dInputGrad"] =
      lowering::shaped<cuda::NormConv2dInputGrad, cuda::Conv2dShape>;
  asks["MatmulAdd"] = lowering::shaped<cuda::MatmulAdd, cuda::MatmulShape>;
  asks["MatmulBias"] = lowering::shaped<cuda::MatmulBias, cuda::MatmulShape>;
  asks["MatmulBiasGelu"] = lowering::shaped<cuda::MatmulBiasGelu, cuda::MatmulShape>;
  asks["MatmulBiasGeluAux"] = lowering::shaped<cuda::MatmulBiasGeluAux, cuda::MatmulShape>;
  asks["MatmulGeluGrad"] = lowering::shaped<cuda::MatmulGeluGrad, cuda::MatmulShape>;
  asks["MatmulSumA"] = lowering::shaped<cuda::MatmulSumA, cuda::MatmulShape>;
  asks["MatmulSumB"] = lowering::shaped<cuda::MatmulSumB, cuda::MatmulShape>;
  return asks;
}

namespace {

/// What calls have answered for a GPU. A plan of cuDNN's takes milliseconds, and a network is
/// lowered many times while plans for a budget are tried.
class Answers {
public:
  void forGpu(const std::string &properties) {
    const std::lock_guard lock(guard);
    if (std::exchange(gpu, properties) != properties)
      answers.clear();
  }

  llvm::Expected<int64_t> ask(Operation *op, StringRef callee, DictionaryAttr config,
                              TypeRange inputs) {
    static const lowering::Asks asks = allAsks();
    if (config.contains("axes")) // The mesh has a part in it, and it is soon told.
      return lowering::askWorkspace(asks, op, callee, config, inputs);
    std::string question;
    llvm::raw_string_ostream(question)
        << callee << config << llvm::interleaved(inputs) << llvm::interleaved(op->getResultTypes());
    const std::lock_guard lock(guard);
    auto [known, isNew] = answers.try_emplace(question);
    Answer &answer = known->second;
    if (isNew) {
      llvm::Expected<int64_t> bytes = lowering::askWorkspace(asks, op, callee, config, inputs);
      if (bytes)
        answer.bytes = *bytes;
      else
        answer.refusal = llvm::toString(bytes.takeError());
    }
    if (answer.bytes)
      return *answer.bytes;
    return llvm::createStringError(answer.refusal);
  }

private:
  struct Answer {
    std::optional<int64_t> bytes;
    std::string refusal;
  };
  std::mutex guard;
  std::string gpu;
  llvm::StringMap<Answer> answers;
};

Answers &answers() {
  static Answers all;
  return all;
}

} // namespace

llvm::Error planForGpu(StringRef nameOrFile) {
  try {
    cuda::DeviceProperties gpu;
    if (nameOrFile.ends_with(".json")) {
      auto file = llvm::MemoryBuffer::getFile(nameOrFile, /*IsText=*/false,
                                              /*RequiresNullTerminator=*/true,
                                              /*IsVolatile=*/true);
      if (!file)
        return llvm::createStringError("cannot read '" + nameOrFile +
                                       "': " + file.getError().message());
      gpu = cuda::DeviceProperties::parse(std::string_view((*file)->getBuffer()));
    } else {
      gpu = cuda::DeviceProperties::preset(std::string_view(nameOrFile));
    }
    answers().forGpu(gpu.json);
    cuda::planFor(std::move(gpu));
    return llvm::Error::success();
  } catch (const std::exception &error) {
    return llvm::createStringError(error.what());
  }
}

llvm::Expected<int64_t> workspaceBytes(Operation *op, StringRef callee, DictionaryAttr config,
                                       TypeRange inputs) {
  return answers().ask(op, callee, config, inputs);
}

} // namespace autopar::cuda_lowering
