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
/// A table's rows, without the lines around them.
std::vector<std::string> tableRows(rt::CallOp call, BufferName name);
/// The same call's initialiser, with an expression in the rows' place.
std::vector<std::string> tableInitialiser(rt::CallOp call, llvm::ArrayRef<std::string> rows);
/// What its rows' class is.
std::string rowType(rt::CallOp call, const Kernels &kernels);
/// Whether its tensors are given as lists, of as many as there are.
bool takesLists(rt::CallOp call);
/// The type of what such lists hold: `const double *`, of tensors that a collective writes `void *`.
std::string listType(rt::CallOp call, bool written);
/// The arguments of a run, one operand or bucket each; those in a table's rows are no
/// arguments. The list of what is read, or written, is in braces, unless it has a name.
using ListName = llvm::function_ref<std::string(bool written)>;
llvm::SmallVector<std::string> callArguments(rt::CallOp call, BufferName name,
                                             ListName list = nullptr);
/// What a collective's join is given.
std::string joinArgument(rt::JoinOp join);
/// Whether its workspace is checked in set-up: the answer of the machine that runs may differ.
bool checksWorkspace(rt::CallOp call);

} // namespace autopar::emit

#endif
