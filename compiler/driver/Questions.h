// Questions about a sharding once it is chosen, asked of the very problem it solved: what memory
// is worth, why a value lies as it does, what an earlier plan did differently.
#ifndef AUTOPAR_COMPILER_DRIVER_QUESTIONS_H
#define AUTOPAR_COMPILER_DRIVER_QUESTIONS_H

#include "compiler/solvers/ilp/MemoryPrice.h"
#include "passes/sharding/SolveSharding.h"

#include "llvm/Support/raw_ostream.h"

namespace autopar {

/// What memory is worth to the sharding. Recomputation is not in it.
struct MemoryWorth {
  /// The least bytes a rank that some sharding needs; nothing where none was found in time.
  std::optional<ilp::LeastUsage> least;
  int64_t step = 0; ///< Bytes more and less that `price` is for.
  /// Nothing where the fastest sharding fits: more saves nothing then.
  std::optional<ilp::MemoryPrice> price;
};

/// `budget` is in bytes a rank. Each half of the answer takes `timeLimit` seconds at most.
MemoryWorth worthOfMemory(const FunctionSharding &sharding, int64_t budget, double timeLimit);

/// One line: `sharding's memory: 1.20 MiB at least; 0.10 MiB more would save 0.310 ms, …`.
void printWorth(const MemoryWorth &worth, llvm::raw_ostream &out);

/// What the plan would cost with each other strategy of a value, everything else chosen anew,
/// the cheapest first. Each takes `timeLimit` seconds at most. An error where there is no such
/// value.
llvm::Error printWhy(const FunctionSharding &sharding, llvm::StringRef value, double timeLimit,
                     llvm::raw_ostream &out);

/// What the sharding does differently from a saved plan, with what each choice itself costs and
/// holds more, and the totals, which count reshardings too. What the plan does
/// not name, the solver completes within `timeLimit` seconds. An error where the plan is for
/// another mesh or model.
llvm::Error printDifference(const FunctionSharding &sharding, llvm::StringRef path,
                            llvm::StringRef mesh, double timeLimit, llvm::raw_ostream &out);

} // namespace autopar

#endif
