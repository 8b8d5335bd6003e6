// Where the values of one rank's program come to lie, as far as it is known before memory is
// planned: views on what they show, results in an operand's place, next values in their variables.
#ifndef AUTOPAR_PASSES_SCHEDULE_PLACES_H
#define AUTOPAR_PASSES_SCHEDULE_PLACES_H

#include "mlir/IR/Operation.h"

namespace autopar {

/// Whether the result is the operand's memory under another shape.
bool isView(mlir::Operation *op);
/// The value that `value` is a view of, or itself.
mlir::Value behindViews(mlir::Value value);
/// The variable that comes to hold `value`, or a view of it; empty where none does.
llvm::StringRef assignedTo(mlir::Value value);
/// Bytes of `value`.
int64_t bytesOf(mlir::Value value);

} // namespace autopar

#endif
