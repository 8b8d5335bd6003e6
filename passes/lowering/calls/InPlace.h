// Which operands of an operation its call may be written over, for passes that count memory
// before there are calls.
#ifndef AUTOPAR_PASSES_LOWERING_CALLS_INPLACE_H
#define AUTOPAR_PASSES_LOWERING_CALLS_INPLACE_H

#include "mlir/IR/Operation.h"

namespace autopar::lowering {

/// Whether a result may take this operand's place in memory where nothing reads the operand any
/// more: as the table has it of the call that the operation becomes, on any target. A view's
/// result is in its operand's place.
bool worksInPlace(mlir::Operation *op, unsigned operand);

} // namespace autopar::lowering

#endif
