// PyTorch's layers, as they put themselves into a network: the operation, its variables just
// before it, and the variables' default initialisers. `name` is the layer's path among
// PyTorch's modules (`layer1.0.conv1`); it names the output, and with a suffix the variables
// (`layer1.0.conv1.weight`). Images are [N, H, W, C].
#ifndef AUTOPAR_COMPILER_MODELS_LAYERS_H
#define AUTOPAR_COMPILER_MODELS_LAYERS_H

#include "compiler/models/Network.h"

namespace autopar::models {

/// A square window; paddings are the same on all four sides.
struct Window {
  int64_t size;
  int64_t stride = 1;
  int64_t padding = 0;
};

/// torch.nn.Conv2d without bias: [N, H, W, C] -> [N, H', W', channels]. Weights [channels,
/// C / groups, size, size] are drawn as kaiming_normal_(mode="fan_out", nonlinearity="relu").
mlir::Value conv2d(Network &network, const llvm::Twine &name, mlir::Value input,
                   int64_t channels, Window window, int64_t groups = 1);

/// torch.nn.BatchNorm2d: four variables [C], with 1 as scale and variance, 0 as shift and mean.
mlir::Value batchNorm(Network &network, const llvm::Twine &name, mlir::Value input);

mlir::Value relu(Network &network, const llvm::Twine &name, mlir::Value input);
mlir::Value add(Network &network, const llvm::Twine &name, mlir::Value lhs, mlir::Value rhs);
mlir::Value maxPool(Network &network, const llvm::Twine &name, mlir::Value input,
                    Window window);

/// torch.nn.AdaptiveAvgPool2d(1) and the flatten after it: [N, H, W, C] -> [N, C].
mlir::Value globalAvgPool(Network &network, const llvm::Twine &name, mlir::Value input);

/// torch.nn.Linear: [N, I] -> [N, features]. The product is named `NAME.matmul`, its sum with
/// the bias `NAME`. Weight and bias are drawn evenly from ±1/sqrt(I).
mlir::Value linear(Network &network, const llvm::Twine &name, mlir::Value input,
                   int64_t features);

/// torch.nn.CrossEntropyLoss, the mean over the batch: [N, K] and labels [N] -> one number.
mlir::Value crossEntropy(Network &network, const llvm::Twine &name, mlir::Value logits,
                         mlir::Value labels, double labelSmoothing);

} // namespace autopar::models

#endif
