// A chain: calls that work element by element, made at once by a kernel of the program's own.
#ifndef AUTOPAR_DIALECTS_RT_CHAIN_H
#define AUTOPAR_DIALECTS_RT_CHAIN_H

#include "dialects/rt/Rt.h"

namespace autopar::rt {

/// Whether kernels of chains read and write elements of this type: f32, bf16 or f16. Between
/// steps numbers are f32.
bool isChainElement(mlir::Type type);

/// Elements of what a call that works element by element makes, by its configuration.
int64_t elementsOf(mlir::DictionaryAttr config);

/// The inputs of a chain that its steps read element by element.
llvm::SmallVector<unsigned> elementInputs(CallOp chain);

} // namespace autopar::rt

#endif
