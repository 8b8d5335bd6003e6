// What differs from layer to layer in the text of layers that are alike: numbers, as functions
// of the layer's.
#ifndef AUTOPAR_COMPILER_EMIT_LAYERNUMBERS_H
#define AUTOPAR_COMPILER_EMIT_LAYERNUMBERS_H

#include "compiler/emit/Likeness.h"

#include "llvm/ADT/ArrayRef.h"

#include <cstdint>
#include <string>

namespace autopar::emit {

/// One number for each layer from `lowest` on, by `layer`: `512`, `512 + 64 * layer`, the same
/// with another for the first or the last, or else `nth(layer, {512, 1024, 640})`.
std::string numberOfLayer(llvm::ArrayRef<int64_t> numbers, int64_t lowest);

/// One text for each layer, equal but for whole numbers, as one: `.site = 3 + 2 * layer`.
std::string textOfLayer(llvm::ArrayRef<std::string> texts, int64_t lowest);

/// One name for each layer, where `name` is the layer's own: `name + ".attn"`, `"h." +
/// std::to_string(layer - 1) + ".add_1"`, or else `nth(layer, {"embeddings", "h.0.add_1"})`.
std::string nameOfLayer(llvm::ArrayRef<std::string> names, llvm::StringRef row, int64_t lowest);

/// `for (int64_t layer = 0; layer <= 11; ++layer)`
std::string loopHead(const Repeat &repeat);

} // namespace autopar::emit

#endif
