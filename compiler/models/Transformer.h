// The layers of transformers, as Hugging Face's GPT-2 has them: the operation, its variables
// just before it, and their initialisers. `name` is the layer's path (`h.0.attn.c_attn`).
// Activations are [B, T, C]: batch, positions, channels.
#ifndef AUTOPAR_COMPILER_MODELS_TRANSFORMER_H
#define AUTOPAR_COMPILER_MODELS_TRANSFORMER_H

#include "compiler/models/Network.h"

namespace autopar::models {

/// torch.nn.LayerNorm over the channels: variables [C], 1 and 0.
mlir::Value layerNorm(Network &network, const llvm::Twine &name, mlir::Value input);

/// Conv1D of Hugging Face's GPT-2, a linear layer whose weight is stored [inputs, outputs]: x
/// contracted with a weight by `equation`, plus a bias on the result's dimensions that come
/// from the weight. The product is named `NAME.matmul`, the sum `NAME`. Weights are drawn from
/// a normal distribution of this deviation, biases are 0.
mlir::Value conv1d(Network &network, const llvm::Twine &name, mlir::Value input,
                   llvm::StringRef equation, llvm::ArrayRef<int64_t> weight,
                   llvm::ArrayRef<int64_t> stored, double deviation);

/// Causal attention of qkv [B, T, 3, H, D]: [B, T, H, D].
mlir::Value attention(Network &network, const llvm::Twine &name, mlir::Value qkv,
                      double dropout);

/// torch.nn.Dropout; nothing at a rate of 0.
mlir::Value dropout(Network &network, const llvm::Twine &name, mlir::Value input, double rate);

/// GELU in its tanh form.
mlir::Value geluTanh(Network &network, const llvm::Twine &name, mlir::Value input);

} // namespace autopar::models

#endif
