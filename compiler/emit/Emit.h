// The end of the road: a planned module as a folder of C++ that builds anywhere, and as a
// binary.
//
//   DIRECTORY/train_rank.cpp     the program of one rank
//   DIRECTORY/kernels.{h,cu}     what it computes in kernels of its own, if anything
//   DIRECTORY/constants.{S,bin}  the numbers of its constants, if it has any
//   DIRECTORY/autopar/           the runtime's sources
//   DIRECTORY/CMakeLists.txt     builds the two, with no LLVM at hand
#ifndef AUTOPAR_COMPILER_EMIT_EMIT_H
#define AUTOPAR_COMPILER_EMIT_EMIT_H

#include "mlir/IR/BuiltinOps.h"
#include "llvm/Support/Error.h"

#include <string>

namespace autopar {

/// What the program says of itself that its IR does not know.
struct EmitOptions {
  std::string model;   ///< its name; the module's where empty
  std::string command; ///< the compiler's command line
  /// Predicted seconds of a step, and what of its communication goes on beside computation.
  double computeSeconds = 0, communicationSeconds = 0, hiddenSeconds = 0;
  /// Bytes that a rank's process may take of its device, and those of them that are for what is
  /// beside the arena; 0: not known.
  int64_t budgetBytes = 0, reserveBytes = 0;
  /// Where a program that times each call of its step writes the times; empty: it times none.
  std::string callTimes = {};
  /// Of the runtime that goes with the program, as part of what ranks compare; 0: none does.
  uint64_t runtimeDigest = 0;
};

/// The text of train_rank.cpp for a module after plan-memory.
llvm::Expected<std::string> programText(mlir::ModuleOp module, const EmitOptions &options);

/// Writes the folder, all of it or nothing. In a folder that holds an emitted program its files are
/// replaced (compiler/files/Folder.h); one that holds other files alone is an error.
llvm::Error emitProgram(mlir::ModuleOp module, llvm::StringRef directory,
                        const EmitOptions &options);

/// Whether emitProgram may write to `directory` and, unless `binary` is empty, buildProgram can build
/// it: known at once, and cheaper to hear before a plan is made than after.
llvm::Error checkPlace(llvm::StringRef directory, llvm::StringRef binary);

/// Compiles and links an emitted folder's program, which is `target`'s, to `binary`: with the
/// compiler that CXX names, or g++, against the runtime that was built with this compiler; where
/// that is gone, by the folder's own CMakeLists.txt. `binary` is replaced only by one that has
/// linked, and only if it is a program of autopar's.
llvm::Error buildProgram(llvm::StringRef directory, llvm::StringRef binary,
                         llvm::StringRef target);

/// Whether there is a compiler for buildProgram, and `binary` may be written.
llvm::Error checkBuild(llvm::StringRef binary);

/// `--autopar-emit`: prints the program's text, or writes its folder, for tests of the emitter.
void registerEmitPass();

} // namespace autopar

#endif
