// Answers about the answer, against trying everything.

#include "RandomProblem.h"
#include "compiler/solvers/ilp/Alternatives.h"
#include "compiler/solvers/ilp/Conflict.h"
#include "compiler/solvers/ilp/MemoryPrice.h"
#include "compiler/solvers/ilp/PlanDiff.h"

#include <gtest/gtest.h>

using namespace autopar::ilp;

static std::string text(std::optional<Int128> value) {
  return value ? toString(*value) : "none";
}

TEST(Alternatives, EachStrategyCostsWhatBruteForceSays) {
  for (uint32_t seed = 0; seed < 200; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    Problem problem = randomProblem({.leastNodes = 3}, seed);
    BruteForce best = tryEverything(problem);
    if (!best.cost)
      continue;
    std::vector<Alternative> all = alternatives(problem, best.solution, 1);
    ASSERT_EQ(all.size(), problem.nodes[1].costs.size());
    for (const Alternative &other : all) {
      Problem fixed = problem;
      restrict(fixed, {{"", 1, {other.strategy}}});
      BruteForce expected = tryEverything(fixed);
      std::optional<Int128> cost;
      if (!other.plan.empty()) {
        cost = other.cost;
        EXPECT_EQ(other.plan[1], other.strategy);
        EXPECT_EQ(text(other.lowerBound), text(other.cost));
      }
      EXPECT_EQ(text(cost), text(expected.cost));
    }
  }
}

/// Two nodes that hold 10 bytes or pay 10, together under 15: the relaxation
/// lets one pay half.
static Problem twoThatPay() {
  Problem problem;
  for (const char *name : {"conv1", "conv2"})
    problem.nodes.push_back({name, {0, 10}, {{0, 1, {10, 0}}}, {"S0R", "RR"}});
  problem.usageLimit = 15;
  return problem;
}

TEST(MemoryPrice, OfTheRelaxationIsItsSlope) {
  MemoryPrice price = memoryPrice(twoThatPay(), 5);
  EXPECT_NEAR(price.relaxed, 1, 1e-6); // 10 for 10 bytes
  EXPECT_EQ(toString(price.here.cost), "10");
  EXPECT_EQ(toString(price.more.cost), "0"); // 20 bytes: both fit
  EXPECT_EQ(toString(price.leastSaved()), "10");
  EXPECT_EQ(toString(price.mostSaved()), "10");
  EXPECT_EQ(toString(price.mostLost()), "0"); // 10 bytes: one still fits
}

TEST(MemoryPrice, AgreesWithBruteForce) {
  int saved = 0;
  for (uint32_t seed = 0; seed < 200; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    Problem problem = randomProblem({.leastNodes = 4, .mostCost = 1000}, seed);
    MemoryPrice price = memoryPrice(problem, 3);
    EXPECT_GE(price.relaxed, -1e-6);
    for (const MemoryPoint *point : {&price.less, &price.here, &price.more}) {
      Problem limited = problem;
      limited.usageLimit = point->limit;
      BruteForce expected = tryEverything(limited);
      std::optional<Int128> cost;
      if (!point->solution.empty()) {
        cost = point->cost;
        EXPECT_EQ(text(point->lowerBound), text(point->cost));
      }
      EXPECT_EQ(text(cost), text(expected.cost)) << point->limit;
    }
    if (!price.here.solution.empty()) {
      EXPECT_EQ(text(price.leastSaved()), text(price.here.cost - price.more.cost));
      EXPECT_EQ(text(price.mostSaved()), text(price.leastSaved()));
      saved += price.mostSaved() > 0;
    }
  }
  EXPECT_GT(saved, 20); // otherwise nothing was seen
}

TEST(PlanDiff, ListsWhatChangedAndTheTotals) {
  Problem problem = twoThatPay();
  EXPECT_EQ(printDiff(problem, diffPlans(problem, {0, 1}, {1, 1})),
            "conv1  S0R -> RR  (cost +10, bytes -10)\n"
            "1 of 2 nodes differ; cost 10 -> 20 (+10), peak 10 -> 0 (-10)\n");
}

TEST(Conflict, IsMinimalAndMissesNothing) {
  int found = 0, ofSeveral = 0;
  for (uint32_t seed = 0; seed < 400; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    Problem problem = randomProblem({.leastNodes = 4, .neverShare = 0.5}, seed);
    std::mt19937 generator(seed);
    std::vector<Restriction> restrictions;
    for (size_t n = 0; n < problem.nodes.size(); ++n)
      restrictions.push_back({problem.nodeName(static_cast<int>(n)),
                              static_cast<int>(n),
                              {static_cast<int>(generator() % problem.nodes[n].costs.size())}});
    auto possible = [&](const std::vector<int> &set) {
      Problem restricted = problem;
      std::vector<Restriction> chosen;
      for (int r : set)
        chosen.push_back(restrictions[r]);
      restrict(restricted, chosen);
      return tryEverything(restricted).cost.has_value();
    };
    std::vector<int> all;
    for (size_t r = 0; r < restrictions.size(); ++r)
      all.push_back(static_cast<int>(r));
    Conflict conflict = findConflict(problem, restrictions);
    if (possible(all)) {
      EXPECT_EQ(conflict.kind, Conflict::None);
    } else if (!possible({})) {
      EXPECT_EQ(conflict.kind, Conflict::Hopeless);
    } else {
      ASSERT_EQ(conflict.kind, Conflict::Found);
      EXPECT_TRUE(conflict.minimal);
      EXPECT_FALSE(possible(conflict.restrictions));
      for (size_t r = 0; r < conflict.restrictions.size(); ++r) {
        std::vector<int> without = conflict.restrictions;
        without.erase(without.begin() + static_cast<ptrdiff_t>(r));
        EXPECT_TRUE(possible(without));
      }
      ++found;
      ofSeveral += conflict.restrictions.size() > 1;
    }
  }
  EXPECT_GT(found, 50);
  EXPECT_GT(ofSeveral, 20);
}
