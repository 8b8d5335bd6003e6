// What an operation says about the ways it can be split: an einsum over named factors, as in
// Shardy (sdy.op_sharding_rule). A strategy of the operation then sends each mesh axis to one
// factor, or to none; nothing else about sharding is particular to an operation.
//
//   conv2d:  y[n, ., ., k] = x[n, ., ., c] w[k, c, ., .]     n, k parallel, c reduction
#ifndef AUTOPAR_DIALECTS_DIST_SHARDINGRULE_H
#define AUTOPAR_DIALECTS_DIST_SHARDINGRULE_H

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/ADT/StringRef.h"

#include <cstdint>
#include <string>

namespace autopar {

enum class FactorKind {
  /// Every result that the factor stands on is split with it.
  Parallel,
  /// Summed over: where it is split, results that it does not stand on are unreduced.
  Reduction,
  /// Stands on no dimension. An axis given to it leaves all operands and results unreduced over
  /// that axis: the operation is linear and may be applied to partial sums.
  PartialSum,
};

struct Factor {
  std::string name;
  int64_t size;
  FactorKind kind;
};

class ShardingRule {
public:
  /// A dimension that no axis may split (spatial dimensions of a convolution, the 3 of RGB).
  static constexpr int whole = -1;

  /// Adds a factor; its index names it in operand() and result().
  int add(llvm::StringRef name, int64_t size, FactorKind kind) {
    factors.push_back({name.str(), size, kind});
    return factors.size() - 1;
  }
  /// The factor, or `whole`, on each dimension of the next operand (result).
  void operand(llvm::ArrayRef<int> dims) { operands.emplace_back(dims); }
  void result(llvm::ArrayRef<int> dims) { results.emplace_back(dims); }

  llvm::SmallVector<Factor> factors;
  llvm::SmallVector<llvm::SmallVector<int>> operands, results;
};

} // namespace autopar

#endif
