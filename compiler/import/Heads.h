// Linear layers whose results, or inputs, are seen as heads: a reshape beside one goes into its
// weight, whose dimensions are then the heads' (and its stored shape PyTorch's), as
// autopar-model writes attention. A plan can so split heads over ranks, which a reshape would
// gather.
#ifndef AUTOPAR_COMPILER_IMPORT_HEADS_H
#define AUTOPAR_COMPILER_IMPORT_HEADS_H

#include "mlir/IR/Block.h"

namespace autopar::pt2 {

void putHeadsIntoWeights(mlir::Block &model);

} // namespace autopar::pt2

#endif
