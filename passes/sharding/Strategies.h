// The ways to split one operation over a mesh: each mesh axis goes to one factor of the
// operation's sharding rule, or to none (Shardy's factors; Alpa's and Colossal-AI's strategies).
#ifndef AUTOPAR_PASSES_SHARDING_STRATEGIES_H
#define AUTOPAR_PASSES_SHARDING_STRATEGIES_H

#include "compiler/cost/CostModel.h"
#include "dialects/dist/ShardingRule.h"
#include "dialects/dist/Spec.h"

#include "mlir/IR/Operation.h"

#include <map>
#include <vector>

namespace autopar {

struct Strategy {
  /// How the operation reads its operands and makes its results.
  llvm::SmallVector<Spec> operands, results;
  /// Seconds of one rank's share, without any communication.
  double seconds = 0;
  /// As the field writes it: `S01R = S01R x RR`.
  std::string name;
};

/// Strategies of an operation on the cost model's mesh; never empty, the first one is
/// replication. Operations that are alike (repeated layers) are enumerated once.
class StrategyTable {
public:
  explicit StrategyTable(const CostModel &costs) : costs(costs) {}

  const std::vector<Strategy> &of(mlir::Operation *op);

private:
  const CostModel &costs;
  std::map<std::string, std::vector<Strategy>> known;
};

/// Seconds of `op` on one rank when its operands and results together have `bytes` there, and its
/// work is split `ways`.
double opSeconds(mlir::Operation *op, const CostModel &costs, double bytes, int64_t ways);

/// Bytes of one rank's part of `value`.
int64_t localBytes(mlir::Type type, Spec spec, const Mesh &mesh);
int64_t elementBytes(mlir::Type type);

/// The dimensions of each operand (result) that no axis may split, to be left out in names.
llvm::SmallVector<int> wholeDims(llvm::ArrayRef<int> factors);

} // namespace autopar

#endif
