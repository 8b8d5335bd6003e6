// See Questions.h.
#include "compiler/driver/Questions.h"

#include "compiler/driver/ByteSize.h"
#include "compiler/solvers/ilp/Alternatives.h"
#include "compiler/solvers/ilp/Conflict.h"
#include "compiler/solvers/ilp/PlanDiff.h"
#include "passes/sharding/ShardingProblem.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/Support/FormatVariadic.h"

#include <cmath>

using llvm::formatv;

namespace autopar {

/// Memory is priced in steps of this share of the budget.
static constexpr int64_t stepsInBudget = 10;

static double inMilliseconds(ilp::Int128 cost) { return secondsOf(cost) * 1e3; }

static double inMicroseconds(ilp::Int128 cost) { return inMilliseconds(cost) * 1e3; }

/// `0.310 ms`, or `0.310 to 0.400 ms` where the bounds do not meet.
static std::string range(ilp::Int128 least, ilp::Int128 most) {
  if (least == most)
    return formatv("{0:f3} ms", inMilliseconds(least));
  return formatv("{0:f3} to {1:f3} ms", inMilliseconds(least), inMilliseconds(most));
}

/// `+3.1 us`, or `+3.1 to +4.0 us`.
static std::string moreTime(ilp::Int128 least, ilp::Int128 most) {
  auto withSign = [](ilp::Int128 cost) {
    return formatv("{0}{1:f1}", cost < 0 ? "-" : "+", std::abs(inMicroseconds(cost))).str();
  };
  return withSign(least) + (least == most ? "" : " to " + withSign(most)) + " us";
}

static std::string moreBytes(ilp::Int128 bytes) {
  return (bytes < 0 ? "-" : "+") + formatByteSize(std::abs(static_cast<double>(bytes)));
}

//===- memory
//---------------------------------------------------------------------------------===//

MemoryWorth worthOfMemory(const FunctionSharding &sharding, int64_t budget, double timeLimit) {
  MemoryWorth worth;
  ilp::LeastUsageOptions least;
  least.timeLimitSeconds = timeLimit;
  worth.least = ilp::leastUsage(*sharding.problem, least);
  worth.step = std::max<int64_t>(1, budget / stepsInBudget);
  bool isFastest = sharding.problem->usageLimit.value_or(budget) >= budget;
  if (isFastest && sharding.result.peak <= budget)
    return worth;
  ilp::Problem problem = *sharding.problem;
  problem.usageLimit = budget;
  ilp::SolveOptions options;
  options.timeLimitSeconds = timeLimit;
  options.explainInfeasible = false;
  options.warmStart = sharding.result.solution;
  worth.price = ilp::memoryPrice(std::move(problem), worth.step, options);
  return worth;
}

void printWorth(const MemoryWorth &worth, llvm::raw_ostream &out) {
  out << "sharding's memory: ";
  if (worth.least) {
    out << formatByteSize(static_cast<double>(worth.least->bytes)) << " at least";
    if (!worth.least->proven)
      out << ", as far as was found";
  } else {
    out << "its least was not found in time";
  }
  if (!worth.price) {
    out << "; the fastest fits, more saves nothing\n";
    return;
  }
  const ilp::MemoryPrice &price = *worth.price;
  auto known = [](const ilp::MemoryPoint &point) { return !point.solution.empty(); };
  std::string step = formatByteSize(static_cast<double>(worth.step));
  if (known(price.here) && known(price.more))
    out << formatv("; {0} more would save {1}", step,
                   range(price.leastSaved(), price.mostSaved()));
  if (known(price.here) && known(price.less))
    out << formatv("; {0} less would cost {1}", step,
                   range(price.leastLost(), price.mostLost()));
  if (price.relaxed > 0 && std::isfinite(price.relaxed)) // 0: not known in time
    out << formatv("; the relaxation's price is {0:f3} ms for {1}",
                   inMilliseconds(1) * price.relaxed * static_cast<double>(worth.step), step);
  out << "\n";
}

//===- why
//------------------------------------------------------------------------------------===//

llvm::Error printWhy(const FunctionSharding &sharding, llvm::StringRef value, double timeLimit,
                     llvm::raw_ostream &out) {
  const ilp::Problem &problem = *sharding.problem;
  const ilp::Solution &plan = sharding.result.solution;
  ilp::SolveOptions options;
  options.timeLimitSeconds = timeLimit;
  options.explainInfeasible = false;
  bool isKnown = false;
  for (size_t node = 0; node < plan.size(); ++node) {
    const ilp::Node &given = problem.nodes[node];
    if (given.name != value && given.name != (value + ShardingProblem::keeperSuffix).str())
      continue;
    isKnown = true;
    std::vector<ilp::Alternative> others =
        ilp::alternatives(problem, plan, static_cast<int>(node), options);
    llvm::stable_sort(others, [](const ilp::Alternative &a, const ilp::Alternative &b) {
      return a.plan.empty() != b.plan.empty() ? b.plan.empty() : a.cost < b.cost;
    });
    ilp::Int128 cost = sharding.result.cost;
    out << formatv("why {0}: the sharding costs {1} with\n", given.name, range(cost, cost));
    for (const ilp::Alternative &other : others) {
      std::string text = ilp::toString(other.status);
      if (!other.plan.empty())
        text = formatv("{0}, peak {1}", moreTime(other.lowerBound - cost, other.cost - cost),
                       formatByteSize(static_cast<double>(other.peak)));
      out << formatv("  {0,-28}  {1}{2}\n", problem.strategyName(node, other.strategy),
                     other.strategy == plan[node] ? "chosen; " : "", text);
    }
  }
  if (!isKnown)
    return llvm::createStringError("--why " + value + ": @" + sharding.function +
                                   " has no value \"" + value +
                                   "\"; --verbose lists those it has");
  return llvm::Error::success();
}

//===- difference
//-----------------------------------------------------------------------------===//

/// What a saved plan says of the sharding's values, as restrictions of its problem.
static llvm::Expected<std::vector<ilp::Restriction>>
readRestrictions(const ilp::Problem &problem, const PlanText &saved) {
  llvm::StringMap<int> nodes;
  for (size_t node = 0; node < problem.nodes.size(); ++node)
    nodes.try_emplace(problem.nodes[node].name, node);
  std::vector<ilp::Restriction> restrictions;
  auto restrictTo = [&](const std::string &name, llvm::StringRef text) -> llvm::Error {
    auto node = nodes.find(name);
    if (node == nodes.end())
      return llvm::createStringError("it is for another model: there is no value \"" + name +
                                     "\" to choose for");
    ilp::Restriction restriction{name, node->second, {}};
    const std::vector<std::string> &names = problem.nodes[node->second].strategies;
    for (size_t s = 0; s < names.size(); ++s)
      if (names[s] == text)
        restriction.allowed.push_back(s);
    if (restriction.allowed.empty())
      return llvm::createStringError("\"" + name + "\" cannot be " + text);
    restrictions.push_back(std::move(restriction));
    return llvm::Error::success();
  };
  for (const auto &[name, text] : saved) {
    auto [made, kept] = llvm::StringRef(text).split(" -> ");
    if (llvm::Error error = restrictTo(name, made))
      return error;
    if (!kept.empty())
      if (llvm::Error error = restrictTo(name + ShardingProblem::keeperSuffix, kept))
        return error;
  }
  return restrictions;
}

llvm::Error printDifference(const FunctionSharding &sharding, llvm::StringRef path,
                            llvm::StringRef mesh, double timeLimit, llvm::raw_ostream &out) {
  llvm::Expected<PlanFile> saved = PlanFile::readFor(mesh, path);
  if (!saved)
    return saved.takeError();
  auto inPlan = [&](const llvm::Twine &what) {
    return llvm::createStringError("plan file " + path + ": " + what);
  };
  ilp::Problem problem = *sharding.problem;
  problem.usageLimit.reset(); // the plan may have been made for another
  auto restrictions = readRestrictions(problem, saved->functions[sharding.function]);
  if (!restrictions)
    return inPlan(llvm::toString(restrictions.takeError()));
  ilp::Problem within = problem;
  ilp::restrict(within, *restrictions);
  ilp::SolveOptions options;
  options.timeLimitSeconds = timeLimit;
  ilp::SolveResult completed = ilp::solve(within, options);
  if (completed.solution.empty())
    return inPlan("it cannot be kept to here: " +
                  (completed.reason.empty() ? std::string("no sharding was found in time")
                                            : completed.reason));

  // Strategies that hold more and cost no less may have one name with others: where the plan fits
  // what was chosen here, and nothing else is cheaper, it means that.
  const ilp::Solution &here = sharding.result.solution;
  const bool fits = llvm::all_of(*restrictions, [&](const ilp::Restriction &restriction) {
    return llvm::is_contained(restriction.allowed, here[restriction.node]);
  });
  const ilp::Solution &there =
      fits && sharding.result.cost <= completed.cost ? here : completed.solution;

  ilp::PlanDiff diff = ilp::diffPlans(problem, there, here);
  out << formatv("against {0}: {1} of {2} choices differ\n", path, diff.changes.size(),
                 problem.nodes.size());
  for (const ilp::PlanDiff::Change &change : diff.changes)
    out << formatv("  {0}: {1} there, {2} here ({3}, {4})\n", problem.nodeName(change.node),
                   problem.strategyName(change.node, change.from),
                   problem.strategyName(change.node, change.to),
                   moreTime(change.nodeCost, change.nodeCost), moreBytes(change.bytes));
  auto total = [](const ilp::Evaluation &evaluation) {
    return formatv("{0:f3} ms, peak {1}", inMilliseconds(evaluation.cost),
                   formatByteSize(static_cast<double>(evaluation.peak)))
        .str();
  };
  out << formatv("  in all: {0} there; {1} here\n", total(diff.before), total(diff.after));
  return llvm::Error::success();
}

} // namespace autopar
