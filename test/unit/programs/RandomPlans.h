// Plans that no solver would choose: every sharding that the rules allow comes up.
#ifndef AUTOPAR_TEST_UNIT_PROGRAMS_RANDOMPLANS_H
#define AUTOPAR_TEST_UNIT_PROGRAMS_RANDOMPLANS_H

#include "passes/sharding/ShardingProblem.h"
#include "test/unit/programs/Programs.h"

namespace autopar {

class RandomPlans {
public:
  /// Of a training step, which must outlive them.
  RandomPlans(mlir::ModuleOp whole, const Mesh &mesh);

  /// The step with a random plan, ready to be partitioned.
  Module draw(std::mt19937 &random);

private:
  mlir::ModuleOp whole;
  Resharder resharder;
  StrategyTable table;
};

} // namespace autopar

#endif
