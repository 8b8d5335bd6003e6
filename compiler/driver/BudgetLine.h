// How much memory there is, as a command line says it: for a rank's process, or for its arena.
#ifndef AUTOPAR_COMPILER_DRIVER_BUDGETLINE_H
#define AUTOPAR_COMPILER_DRIVER_BUDGETLINE_H

#include "compiler/driver/Compile.h"
#include "compiler/driver/TextOption.h"

namespace autopar {

struct BudgetLine {
  /// `otherwise`: what the budget is where neither is given, for --help.
  BudgetLine(llvm::cl::OptionCategory &category, llvm::StringRef otherwise);

  /// Fails for what is no size, and where both are given.
  llvm::Error read(CompileOptions &options) const;

private:
  std::string meaning; // an option keeps a reference to its description

public:
  TextOption process, arena;
};

} // namespace autopar

#endif
