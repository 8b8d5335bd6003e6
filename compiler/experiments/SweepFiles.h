// A sweep as people and programs read it: a table, CSV, JSON, and two plots.
#ifndef AUTOPAR_COMPILER_EXPERIMENTS_SWEEPFILES_H
#define AUTOPAR_COMPILER_EXPERIMENTS_SWEEPFILES_H

#include "compiler/experiments/BudgetSweep.h"
#include "compiler/experiments/Columns.h"

namespace autopar {

/// A row a budget; bytes and seconds, shares as numbers from 0 to 1.
Table tableOf(const Sweep &sweep);

/// The table and what it comes to.
void printSweep(const Sweep &sweep, llvm::raw_ostream &out);

/// sweep.csv and sweep.json in `folder`, which is made.
llvm::Error writeSweep(const Sweep &sweep, llvm::StringRef model, llvm::StringRef folder);

/// peak.{gp,svg,png}: peak against budget beside the line y = x; time.{gp,svg,png}: step time,
/// relative to no recomputation, against peak. They read sweep.csv.
llvm::Error plotSweep(const Sweep &sweep, llvm::StringRef model, llvm::StringRef folder);

} // namespace autopar

#endif
