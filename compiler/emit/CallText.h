// One runtime call as C++ writes it: the object made in set-up, and the arguments of a run.
#ifndef AUTOPAR_COMPILER_EMIT_CALLTEXT_H
#define AUTOPAR_COMPILER_EMIT_CALLTEXT_H

#include "dialects/rt/Rt.h"

#include "llvm/ADT/STLFunctionalExtras.h"

#include <string>

namespace autopar::emit {

/// `cpu::Relu`, `AllReduce`
std::string callType(rt::CallOp call);
/// What its object is made of, in braces: `{.count = 8192}`.
std::string callInitialiser(rt::CallOp call);
/// The arguments of a run, one operand or bucket each; `name` gives a buffer's identifier.
llvm::SmallVector<std::string> callArguments(rt::CallOp call,
                                             llvm::function_ref<std::string(mlir::Value)> name);
/// What a collective's join is given.
std::string joinArgument(rt::JoinOp join);
/// Whether its workspace is checked in set-up: the answer of the machine that runs may differ.
bool checksWorkspace(rt::CallOp call);

} // namespace autopar::emit

#endif
