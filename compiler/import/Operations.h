// PyTorch's operations that are read: what each is called, its arguments, and what makes the
// graph's operations of it. A new one is a line in its family's table (ops/).
#ifndef AUTOPAR_COMPILER_IMPORT_OPERATIONS_H
#define AUTOPAR_COMPILER_IMPORT_OPERATIONS_H

#include "compiler/import/Importer.h"

namespace autopar::pt2 {

using Convert = llvm::LogicalResult (*)(Importer &importer, const Arguments &arguments);
/// The result of an operation on constants, whose shape and type the export says; null where it
/// is not folded after all.
using Fold = std::optional<Constant> (*)(Importer &importer, const Arguments &arguments,
                                         const TensorFacts &result);

struct OperationForm {
  llvm::StringLiteral target;    ///< `aten.conv2d.default`
  llvm::StringLiteral signature; ///< as Arguments reads it
  Convert convert;
  bool isView = false; ///< of its argument `self`
};

struct FoldForm {
  llvm::StringLiteral target;
  llvm::StringLiteral signature;
  Fold fold;
  /// An argument whose shape or type alone is read; it need not be a constant.
  llvm::StringLiteral facts = "";
};

/// Null where there is none.
const OperationForm *findOperation(llvm::StringRef target);
/// All, sorted by their names.
std::vector<const OperationForm *> allOperations();

/// Null where an operation of constants is not folded.
const FoldForm *findFold(llvm::StringRef target);
/// All, sorted by their names.
std::vector<const FoldForm *> allFolds();

/// Whether it writes to its argument `self`.
bool isInPlace(const Node &node);

/// The mean of each image [N, H, W, C], under any shape that says the same as [N, C].
llvm::LogicalResult globalAverage(Importer &importer, mlir::Value image);

/// x in PyTorch's order, but `value` where the mask, which is repeated to its shape, is set.
mlir::Value filledWhere(Importer &importer, mlir::Value x, const Constant &mask, double value);

/// Of a dimension of PyTorch's; without a value, after fail(), where x has none.
Held logSoftmaxOver(Importer &importer, const Held &x, int dim);

// The families, one a file in ops/.
llvm::ArrayRef<OperationForm> elementwiseOperations();
llvm::ArrayRef<OperationForm> imageOperations();
llvm::ArrayRef<OperationForm> normOperations();
llvm::ArrayRef<OperationForm> productOperations();
llvm::ArrayRef<OperationForm> attentionOperations();
llvm::ArrayRef<OperationForm> choiceOperations();
llvm::ArrayRef<OperationForm> compositeOperations();
llvm::ArrayRef<OperationForm> shapeOperations();
llvm::ArrayRef<OperationForm> lossOperations();
llvm::ArrayRef<OperationForm> distanceOperations();
llvm::ArrayRef<OperationForm> lookupOperations();
llvm::ArrayRef<OperationForm> randomOperations();
llvm::ArrayRef<OperationForm> reductionOperations();

} // namespace autopar::pt2

#endif
