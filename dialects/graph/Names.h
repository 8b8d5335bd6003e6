// Values are named by their locations: `loc("layer1.0.conv1")`. Reports, plans, errors and emitted
// code all use these names.
#ifndef AUTOPAR_DIALECTS_GRAPH_NAMES_H
#define AUTOPAR_DIALECTS_GRAPH_NAMES_H

#include "mlir/IR/Location.h"
#include "mlir/IR/Operation.h"
#include "mlir/IR/Value.h"

#include <string>

namespace autopar {

/// The name in a location, or "" if it has none.
llvm::StringRef nameOf(mlir::Location loc);
/// The operation's name, or its kind (`conv2d`) if its location has none.
std::string nameOf(mlir::Operation *op);
/// The defining operation's name, or the argument's, followed by `#i` for a second result that
/// has no name of its own.
std::string nameOf(mlir::Value value);
/// `loc` under another name; what lies under it (file and line) is kept.
mlir::Location named(mlir::Location loc, const llvm::Twine &name);
/// The location of an operation that makes several named values: one for each result, none
/// twice.
mlir::Location locOfResults(llvm::ArrayRef<mlir::Location> ofEach);

} // namespace autopar

#endif
