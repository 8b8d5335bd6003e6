// The budgets of a sweep, as people write them:
//
//   15                  so many, from the least feasible to what needs no recomputation
//   2GB,4GB,8GB         these
//   2GB:8GB:7           seven, evenly from one to the other
#ifndef AUTOPAR_COMPILER_EXPERIMENTS_BUDGETS_H
#define AUTOPAR_COMPILER_EXPERIMENTS_BUDGETS_H

#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"

#include <cstdint>
#include <vector>

namespace autopar {

struct Budgets {
  /// Bytes, in rising order; empty: `count` that the model sets.
  std::vector<int64_t> bytes;
  int count = 15;

  /// Fails for what is none of the forms, a size that is not above 0, and sizes out of order.
  static llvm::Expected<Budgets> parse(llvm::StringRef text);
};

/// `count` whole numbers from `low` to `high`, both among them. One alone is `high`.
std::vector<int64_t> evenly(int64_t low, int64_t high, int count);

} // namespace autopar

#endif
