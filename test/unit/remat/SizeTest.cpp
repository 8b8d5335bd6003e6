// The solver at the size of real networks: about a thousand operations, and
// budgets from the least feasible to the whole peak.

#include "Graphs.h"
#include "compiler/solvers/remat/Solver.h"

#include <gtest/gtest.h>

using namespace autopar::remat;

namespace {

Result solveWithin(const Problem &problem, int64_t budget, double seconds, double gap = 1e-6) {
  SolveOptions options;
  options.gap = gap;
  options.budget = budget;
  options.timeLimitSeconds = seconds;
  Result result = solve(problem, options);
  EXPECT_EQ(check(problem, result.sequence, budget), std::nullopt);
  EXPECT_LE(result.extraCostBound.value(), double(result.extraCost) + 1);
  return result;
}

int64_t fullPeak(const Problem &problem) {
  return simulate(problem, originalOrder(problem)).peak;
}

double gap(const Problem &problem, const Result &result) {
  return (double(result.extraCost) - result.extraCostBound.value()) / double(problem.totalCost());
}

TEST(Size, TransformerOfAThousandOperationsAtHalfItsPeak) {
  Problem problem = makeTransformer(50);
  ASSERT_GE(problem.size(), 1000);
  Result result = solveWithin(problem, fullPeak(problem) / 2, 30, 0.01);
  EXPECT_LE(gap(problem, result), 0.01);
}

TEST(Size, ResidualNetworkOfAThousandOperationsAtHalfItsPeak) {
  Problem problem = makeResidual({3, 8, 36, 3});
  ASSERT_GE(problem.size(), 1000);
  Result result = solveWithin(problem, fullPeak(problem) / 2, 30, 0.01);
  EXPECT_LE(gap(problem, result), 0.01);
}

TEST(Size, MoreMemoryIsNeverSlower) {
  Problem problem = makeResidual({2, 2, 3, 2});
  int64_t full = fullPeak(problem);
  int64_t least = solveWithin(problem, full, 1).leastPeakBound * 5 / 4;
  ASSERT_LT(least, full / 2); // tight budgets are among them
  constexpr int budgets = 12;
  Result tighter;
  for (int i = 0; i < budgets; ++i) {
    int64_t budget = least + (full - least) * i / (budgets - 1);
    Result result = solveWithin(problem, budget, 2);
    if (i > 0) {
      // To the gap: what is not proven may yet be found.
      double unproven = double(result.extraCost) - result.extraCostBound.value();
      EXPECT_LE(double(result.extraCost), double(tighter.extraCost) + unproven) << budget;
      EXPECT_LE(double(result.extraCost) - double(tighter.extraCost),
                0.01 * double(problem.totalCost()))
          << budget;
    }
    tighter = result;
  }
  EXPECT_EQ(tighter.extraCost, 0);
}

TEST(Size, TheLeastPeakIsNearItsBound) {
  Problem problem = makeResidual({3, 4, 6, 3});
  SolveOptions options;
  options.budget = 1;
  options.timeLimitSeconds = 5;
  Result result = solve(problem, options);
  EXPECT_EQ(result.status, Status::Infeasible);
  EXPECT_LE(double(result.peak), 1.1 * double(result.leastPeakBound));
  EXPECT_EQ(check(problem, result.sequence, result.peak), std::nullopt);
}

} // namespace
