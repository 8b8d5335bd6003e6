#include "compiler/experiments/BudgetSweep.h"

#include <gtest/gtest.h>

using namespace autopar;

namespace {

/// A plan that ran.
SweepRow ran(int64_t budget, double predicted, double measured, int64_t process) {
  auto plan = std::make_shared<Compilation>();
  plan->program.memory.arenaBytes = budget;
  plan->reserve = 5;
  plan->program.prediction.computeSeconds = predicted;
  SweepRow row;
  row.budget = budget;
  row.plan = std::move(plan);
  row.measured = Measurement{.processBytes = process, .stepSeconds = {measured}};
  return row;
}

TEST(BudgetSweep, PairsThatPredictionsTellApartHaveAnOrder) {
  Sweep sweep;
  sweep.rows = {ran(10, 2.0, 2.1, 10), ran(20, 1.5, 1.2, 20), ran(30, 1.01, 1.3, 30),
                ran(40, 1.0, 1.4, 40)};
  // The last two are 1 % apart: no pair. The second ran before both, against the prediction.
  EXPECT_EQ(sweep.measuredOrder().pairs, 5);
  EXPECT_EQ(sweep.measuredOrder().kept, 3);
}

TEST(BudgetSweep, AProcessOverItsBudgetIsFound) {
  Sweep sweep;
  sweep.rows = {ran(10, 2, 2, 16), ran(20, 1, 1, 25)};
  ASSERT_EQ(sweep.rowsOverBudget().size(), 1u);
  EXPECT_EQ(sweep.rowsOverBudget().front()->budget, 10);
}

} // namespace
