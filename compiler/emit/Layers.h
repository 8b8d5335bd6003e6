// Which layer of the model a call works for, by the call's name.
#ifndef AUTOPAR_COMPILER_EMIT_LAYERS_H
#define AUTOPAR_COMPILER_EMIT_LAYERS_H

#include "llvm/ADT/StringRef.h"

namespace autopar::emit {

/// The block of a numbered row of blocks, or else the first part of the name:
/// `layer1.0` of `layer1.0.downsample.1.weight.grad`, `fc` of `fc.bias.grad`.
llvm::StringRef layerOf(llvm::StringRef name);

} // namespace autopar::emit

#endif
