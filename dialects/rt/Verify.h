// What verifying a call and verifying the steps of a chain share.
#ifndef AUTOPAR_DIALECTS_RT_VERIFY_H
#define AUTOPAR_DIALECTS_RT_VERIFY_H

#include "dialects/rt/Operands.h"

namespace autopar::rt {

/// Whether `config` has the fields that `callee` takes. Errors are the call's.
llvm::LogicalResult verifyConfig(CallOp call, const Callee &callee,
                                 mlir::DictionaryAttr config);
/// Whether there are as many of `what` as there can be; those of `rows` rows are in front.
llvm::LogicalResult verifyOperands(CallOp call, const Callee &callee, llvm::StringRef what,
                                   unsigned has, const Operands &allowed, unsigned rows = 0,
                                   llvm::ArrayRef<llvm::StringRef> ofRow = {});

/// A chain's steps against the table, what they read, and the types of that.
llvm::LogicalResult verifyChain(CallOp call);

} // namespace autopar::rt

#endif
