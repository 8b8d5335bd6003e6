// What the results of a call are to it, for those that have several and no name of their own.
#ifndef AUTOPAR_COMPILER_EMIT_ROLES_H
#define AUTOPAR_COMPILER_EMIT_ROLES_H

#include "dialects/rt/Rt.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/StringMap.h"

#include <string>

namespace autopar::emit {

/// `lse` for the second result of an `Attention`; empty for what is the call's result proper,
/// and where nothing is known.
llvm::StringRef roleOfResult(llvm::StringRef callee, unsigned result);

/// What an emitted program calls the values of one function.
class ValueNames {
public:
  explicit ValueNames(mlir::func::FuncOp function);

  /// A buffer's: `h.0.ln_1.mean` for `h.0.ln_1#1`; of what a collective makes of several
  /// tensors at once that of the tensor, `h.0.ln_1.weight.grad.all_reduce` for
  /// `h.0.ln_1.weight.grad.bucket#7`. Variables, which other functions have too, go by their
  /// own.
  llvm::StringRef operator()(rt::SliceOp slice) const {
    auto name = names.find(slice);
    return name == names.end() ? slice.getName() : llvm::StringRef(name->second);
  }
  /// A call's: `h.0.ln_1.mean.slice` for `h.0.ln_1#1.slice`.
  std::string operator()(rt::CallOp call) const;

private:
  std::string withRole(llvm::StringRef name) const;

  llvm::StringMap<std::string> callees; ///< by the names of their calls
  llvm::DenseMap<mlir::Operation *, std::string> names;
};

} // namespace autopar::emit

#endif
