// One runtime call as C++ writes it: the object made in set-up, and the arguments of a run.
#ifndef AUTOPAR_COMPILER_EMIT_CALLTEXT_H
#define AUTOPAR_COMPILER_EMIT_CALLTEXT_H

#include "compiler/emit/Kernels.h"
#include "dialects/rt/Rt.h"

#include "llvm/ADT/STLFunctionalExtras.h"

#include <string>
#include <vector>

namespace autopar::emit {

/// Its class without the namespace, that of the program's own kernel where it is a chain.
llvm::StringRef callClass(rt::CallOp call, const Kernels &kernels);
/// `cpu::Relu`, `AllReduce`, `kernels::AddReluGrad`
std::string callType(rt::CallOp call, const Kernels &kernels);
/// The identifier of a buffer.
using BufferName = llvm::function_ref<std::string(mlir::Value)>;
/// What its object is made of, in braces: `{.count = 8192}`. A table has a line a row.
std::vector<std::string> callInitialiser(rt::CallOp call, BufferName name);
/// The arguments of a run, one operand or bucket each; those in a table's rows are no
/// arguments.
llvm::SmallVector<std::string> callArguments(rt::CallOp call, BufferName name);
/// What a collective's join is given.
std::string joinArgument(rt::JoinOp join);
/// Whether its workspace is checked in set-up: the answer of the machine that runs may differ.
bool checksWorkspace(rt::CallOp call);

} // namespace autopar::emit

#endif
