// A program's text as a module, without a word: for entries that ask what becomes of it.
#ifndef AUTOPAR_TEST_FUZZ_PROGRAM_H
#define AUTOPAR_TEST_FUZZ_PROGRAM_H

#include "compiler/driver/ModelText.h"
#include "dialects/dist/Dist.h"
#include "dialects/graph/Graph.h"
#include "dialects/rt/Rt.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/OwningOpRef.h"
#include "mlir/Parser/Parser.h"

#include <string>
#include <string_view>

namespace fuzz {

class Program {
public:
  explicit Program(std::string_view text) : context(mlir::MLIRContext::Threading::DISABLED) {
    context.loadDialect<mlir::func::FuncDialect, autopar::graph::GraphDialect,
                        autopar::dist::DistDialect, autopar::rt::RtDialect>();
    context.getDiagEngine().registerHandler([&](mlir::Diagnostic &diagnostic) {
      errors += diagnostic.getSeverity() == mlir::DiagnosticSeverity::Error;
    });
    if (llvm::Error error = autopar::checkModelText(text, "input"))
      llvm::consumeError(std::move(error));
    else
      // MLIR's lexer looks for the NUL that stands behind the text of a file.
      module = mlir::parseSourceString<mlir::ModuleOp>(std::string(text), &context);
  }

  mlir::MLIRContext context;
  mlir::OwningOpRef<mlir::ModuleOp> module; ///< Null where the text is no program.
  int errors = 0;                           ///< Said so far.
};

} // namespace fuzz

#endif // AUTOPAR_TEST_FUZZ_PROGRAM_H
