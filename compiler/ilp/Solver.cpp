// The order in which the sharding problem is attacked: without memory first,
// because what fits by itself is then proven at once; then with it.

#include "compiler/ilp/Solver.h"

#include "compiler/ilp/Elimination.h"
#include "compiler/ilp/IntegerProgram.h"
#include "compiler/ilp/Presolve.h"
#include "compiler/ilp/Search.h"

#include <algorithm>
#include <chrono>
#include <cmath>

namespace autopar::ilp {

const char *toString(Status status) {
  switch (status) {
  case Status::Optimal:
    return "optimal";
  case Status::Feasible:
    return "feasible";
  case Status::Infeasible:
    return "infeasible";
  case Status::Timeout:
    return "timeout";
  case Status::Invalid:
    return "invalid";
  }
  return "";
}

static double relativeGap(Int128 cost, Int128 bound) {
  if (cost <= bound)
    return 0;
  double scale = std::max(1.0, std::abs(static_cast<double>(cost)));
  return static_cast<double>(cost - bound) / scale;
}

double Progress::gap() const {
  if (!incumbent || !lowerBound)
    return std::numeric_limits<double>::infinity();
  return relativeGap(*incumbent, *lowerBound);
}

/// Sums of two costs, and all that presolve adds up, must stay below `never`.
static std::optional<std::string> validateMagnitude(const Problem &problem) {
  auto largest = [](const std::vector<Cost> &costs) {
    Int128 most = 0;
    for (Cost cost : costs)
      if (cost < never)
        most =
            std::max(most, cost < 0 ? -static_cast<Int128>(cost) : static_cast<Int128>(cost));
    return most;
  };
  Int128 sum = 0;
  for (const Node &node : problem.nodes)
    sum += largest(node.costs);
  for (const Edge &edge : problem.edges)
    sum += largest(edge.costs);
  if (sum >= never / 4)
    return "the largest costs of all nodes and edges add up to " + toString(sum) +
           ", over the " + std::to_string(never / 4) +
           " that fit below \"never\"; choose a "
           "larger unit";
  Int128 bytes = 0;
  for (const Node &node : problem.nodes)
    for (const Use &use : node.uses)
      bytes += *std::max_element(use.bytes.begin(), use.bytes.end());
  if (problem.usageLimit && bytes > *problem.usageLimit && bytes >= Int128(1) << 62)
    return "the largest usages of all nodes add up to " + toString(bytes) +
           ", over the 2^62 that can be planned; choose a larger unit";
  return std::nullopt;
}

namespace {

class Session {
public:
  Session(const Problem &problem, const SolveOptions &options)
      : problem(problem), options(options) {}

  SolveResult run();

private:
  /// Seconds left of the time limit. A hundredth, a second at most, is kept
  /// back: a round of dual ascent is not interrupted, and the answer is still to
  /// be replayed and handed over.
  double secondsLeft() const {
    return options.timeLimitSeconds - std::min(1.0, options.timeLimitSeconds / 100) - elapsed();
  }
  double elapsed() const {
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
  }
  void offer(const Solution &solution);
  void raiseBound(Int128 bound);
  void report();
  bool done() const { return result.status == Status::Infeasible || closed(); }
  bool closed() const {
    return incumbent && result.hasLowerBound &&
           relativeGap(incumbent->cost, result.lowerBound) <= options.relativeGap;
  }
  void declareInfeasible(std::string reason);
  std::string describe(const Model &model) const;

  Model presolved(bool withMemory, PresolveStats &stats);
  void solveWithoutMemory();
  void eliminateWithoutMemory(const Model &model);
  void solveWithMemory();
  bool search(Model model);
  void findLeastUsage();

  const Problem &problem;
  const SolveOptions &options;
  SolveResult result;
  std::optional<Evaluation> incumbent;
  bool askedForLeast = false;
  const char *phase = "presolve";
  std::chrono::steady_clock::time_point begin = std::chrono::steady_clock::now();
};

void Session::report() {
  if (!options.onProgress)
    return;
  Progress progress;
  progress.seconds = elapsed();
  progress.phase = phase;
  if (incumbent)
    progress.incumbent = incumbent->cost;
  if (result.hasLowerBound)
    progress.lowerBound = result.lowerBound;
  options.onProgress(progress);
}

/// Every answer, whoever found it, comes through the checker.
void Session::offer(const Solution &solution) {
  Evaluation evaluation = check(problem, solution);
  if (!evaluation.feasible || (incumbent && incumbent->cost <= evaluation.cost))
    return;
  incumbent = evaluation;
  result.solution = solution;
  report();
}

void Session::raiseBound(Int128 bound) {
  // The search's models hold only what can be as good as the incumbent: their
  // bounds may lie above it, which proves it best and no more.
  if (incumbent)
    bound = std::min(bound, incumbent->cost);
  if (result.hasLowerBound && bound <= result.lowerBound)
    return;
  result.hasLowerBound = true;
  result.lowerBound = bound;
  report();
}

void Session::declareInfeasible(std::string reason) {
  if (incumbent) { // a solution in hand: then it is the cutoff that cannot be beaten
    raiseBound(incumbent->cost);
    return;
  }
  result.status = Status::Infeasible;
  result.reason = std::move(reason);
}

std::string Session::describe(const Model &model) const {
  if (!model.reason.empty() && model.reason[0] == '#')
    return "no strategy of " + problem.nodeName(std::stoi(model.reason.substr(1))) +
           " has a finite cost with its neighbours";
  return model.reason;
}

Model Session::presolved(bool withMemory, PresolveStats &stats) {
  double start = elapsed();
  Model model(problem, withMemory);
  stats = {};
  stats.nodes = static_cast<int>(problem.nodes.size());
  stats.edges = static_cast<int>(problem.edges.size());
  for (const Node &node : problem.nodes)
    stats.strategies += static_cast<int64_t>(node.costs.size());
  if (!model.infeasible)
    Presolve(model, stats).run([&] { return secondsLeft() <= 0; });
  for (const Variable &variable : model.variables)
    if (variable.alive) {
      ++stats.freeNodes;
      stats.freeStrategies += variable.size();
    }
  for (const Link &link : model.links)
    stats.freeEdges += link.alive;
  stats.components = static_cast<int>(connectedParts(model).size());
  stats.moments = static_cast<int>(model.times.size());
  stats.seconds = elapsed() - start;
  return model;
}

/// True where the model holds nothing better than the incumbent.
bool Session::search(Model model) {
  SearchHooks hooks;
  // Where nothing fits at first, ask what the least peak is before going on.
  double patience = elapsed() + secondsLeft() / 5;
  bool patient = !problem.usageLimit || askedForLeast;
  hooks.secondsLeft = [this, patience, patient]() -> double {
    if (done())
      return 0;
    return incumbent || patient ? secondsLeft() : std::min(secondsLeft(), patience - elapsed());
  };
  hooks.offer = [this](const Solution &solution) { offer(solution); };
  hooks.incumbent = [this](Int128 &cost) -> const Solution * {
    if (!incumbent)
      return nullptr;
    cost = incumbent->cost;
    return &result.solution;
  };
  hooks.raiseBound = [this](Int128 bound) { raiseBound(bound); };
  hooks.usedCbc = [this](const ProgramResult &program) {
    result.cbcRows = std::max(result.cbcRows, program.rows);
    result.cbcColumns = std::max(result.cbcColumns, program.columns);
    result.memoryRounds += program.rounds;
  };
  hooks.relativeGap = options.relativeGap;
  hooks.seed = options.seed;
  hooks.verbose = options.verbose;
  return searchModel(std::move(model), hooks);
}

/// The limit put aside: a lower bound, and the optimum where it happens to fit.
void Session::solveWithoutMemory() {
  Model model = presolved(false, result.presolve);
  if (model.infeasible)
    return declareInfeasible(describe(model));
  raiseBound(model.constant);
  if (result.presolve.freeNodes == 0) {
    offer(model.expand(std::vector<int>(problem.nodes.size(), 0)));
    result.presolve.memoryFree = closed();
    return;
  }
  if (problem.usageLimit) {
    // What presolve leaves is better searched once, with the limit; but where it
    // is next to a tree, a moment tells its optimum.
    phase = "elimination";
    eliminateWithoutMemory(model);
    result.presolve.memoryFree = closed();
    return;
  }
  phase = "search";
  if (search(std::move(model)))
    incumbent ? raiseBound(incumbent->cost)
              : declareInfeasible("no choice of strategies is finite on every edge");
  result.presolve.memoryFree = closed();
}

void Session::eliminateWithoutMemory(const Model &model) {
  double seconds = secondsLeft() / 10, deadline = secondsLeft() - seconds;
  Elimination elimination(model);
  if (elimination.cells() > elimination.cellsASecond * seconds)
    return;
  auto answer =
      elimination.solve(model.unaryCosts(), 1, [&] { return secondsLeft() <= deadline; });
  if (!answer)
    return;
  if (answer->cost >= never)
    return declareInfeasible("no choice of strategies is finite on every edge");
  offer(model.expand(answer->choice)); // refused where it does not fit
  raiseBound(model.constant + answer->cost);
}

void Session::solveWithMemory() {
  phase = "presolve";
  Model model = presolved(true, result.presolve);
  if (model.infeasible)
    return declareInfeasible("memory");
  raiseBound(model.constant);
  phase = "search";
  if (search(model))
    return incumbent ? raiseBound(incumbent->cost) : declareInfeasible("memory");
  if (incumbent || secondsLeft() <= 0)
    return;
  findLeastUsage();
  askedForLeast = true;
  if (result.leastUsage) {
    offer(result.leastUsage->solution);
    if (result.leastUsage->lowerBound > *problem.usageLimit)
      return declareInfeasible("memory");
  }
  phase = "search";
  if (search(std::move(model)))
    incumbent ? raiseBound(incumbent->cost) : declareInfeasible("memory");
}

/// The peak that can be reached at all. Where that is not yet known to be over
/// the limit, a share of the time must do: the search has better uses for it.
void Session::findLeastUsage() {
  phase = "least usage";
  LeastUsageOptions least;
  bool infeasible = result.status == Status::Infeasible;
  least.timeLimitSeconds = std::max(0.0, secondsLeft()) * (infeasible ? 1 : 0.25);
  if (!infeasible)
    least.enough = *problem.usageLimit;
  least.seed = options.seed;
  result.leastUsage = leastUsage(problem, least);
}

SolveResult Session::run() {
  if (auto fault = validate(problem))
    result.reason = *fault;
  else if (auto tooLarge = validateMagnitude(problem))
    result.reason = *tooLarge;
  if (!result.reason.empty()) {
    result.status = Status::Invalid;
    return result;
  }
  if (options.warmStart)
    offer(*options.warmStart);
  // On a large graph the time is better spent with the limit at once.
  bool large = problem.nodes.size() > 10000;
  if (!problem.usageLimit || !large)
    solveWithoutMemory();
  if (!done() && problem.usageLimit)
    solveWithMemory();

  if (result.status == Status::Infeasible) {
    if (result.reason == "memory") {
      if (options.explainInfeasible && !(result.leastUsage && result.leastUsage->proven))
        findLeastUsage();
      result.reason = "no choice of strategies fits the usage limit of " +
                      std::to_string(*problem.usageLimit);
      if (result.leastUsage)
        result.reason += "; the least peak found is " + toString(result.leastUsage->bytes) +
                         (result.leastUsage->proven ? ", and there is none smaller" : "");
    }
  } else if (incumbent) {
    result.status = closed() ? Status::Optimal : Status::Feasible;
    result.cost = incumbent->cost;
    result.peak = incumbent->peak;
    result.peakTime = incumbent->peakTime;
    result.gap = relativeGap(result.cost, result.lowerBound);
    result.leastUsage.reset();
  }
  result.seconds = elapsed();
  return result;
}

} // namespace

SolveResult solve(const Problem &problem, const SolveOptions &options) {
  return Session(problem, options).run();
}

} // namespace autopar::ilp
