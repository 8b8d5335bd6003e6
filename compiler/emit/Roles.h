// What the results of a call are to it, for those that have several and no name of their own.
#ifndef AUTOPAR_COMPILER_EMIT_ROLES_H
#define AUTOPAR_COMPILER_EMIT_ROLES_H

#include "dialects/rt/Rt.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "llvm/ADT/StringMap.h"

#include <string>

namespace autopar::emit {

/// `lse` for the second result of an `Attention`; empty for what is the call's result proper, and
/// where nothing is known.
llvm::StringRef roleOfResult(llvm::StringRef callee, unsigned result);

/// The names of one function's values, with the role where they have a result's number.
class RoleNames {
public:
  explicit RoleNames(mlir::func::FuncOp function);

  /// `h.0.ln_1.mean` for `h.0.ln_1#1`, `h.0.ln_1.mean.slice` for `h.0.ln_1#1.slice`.
  std::string operator()(llvm::StringRef name) const;

private:
  llvm::StringMap<std::string> callees; ///< by the names of their calls
};

} // namespace autopar::emit

#endif
