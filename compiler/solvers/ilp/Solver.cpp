// The order in which the sharding problem is attacked: without memory first,
// because what fits by itself is then proven at once; then with it.

#include "compiler/solvers/ilp/Solver.h"

#include "compiler/solvers/ilp/Elimination.h"
#include "compiler/solvers/ilp/FirstSolution.h"
#include "compiler/solvers/ilp/IntegerProgram.h"
#include "compiler/solvers/ilp/Presolve.h"
#include "compiler/solvers/ilp/Search.h"

#include <algorithm>
#include <chrono>
#include <deque>
#include <thread>

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
      : problem(problem), options(options),
        // Of the time a hundredth, a second at most, is kept back: a round of dual
        // ascent is not interrupted, and the answer is still to be handed over.
        clock(options.timeLimitSeconds - std::min(1.0, options.timeLimitSeconds / 100),
              options.workLimit) {}

  SolveResult run();

private:
  double elapsed() const {
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
  }
  void offer(const Solution &solution);
  void raiseBound(Int128 bound);
  void report(const Known &now) const;
  bool done() const { return result.status == Status::Infeasible || closed(); }
  bool closed() const { return known.closed(options.relativeGap); }
  void declareInfeasible(NoChoice why);
  std::string describe(const NoChoice &why) const;

  Model presolved(bool withMemory, PresolveStats &stats);
  void solveWithoutMemory();
  void eliminateWithoutMemory(const Model &model);
  void solveWithMemory();
  void search(const Model &model, NoChoice::Reason hopeless);
  void findLeastUsage();

  const Problem &problem;
  const SolveOptions &options;
  SolveResult result;
  std::optional<NoChoice> noChoice; // where it is infeasible
  Known known;
  bool hasFirst = false; // a solution to fall back on
  bool askedForLeast = false;
  const char *phase = "presolve";
  std::chrono::steady_clock::time_point begin = std::chrono::steady_clock::now();
  RunClock clock;
};

void Session::report(const Known &now) const {
  if (!options.onProgress)
    return;
  Progress progress;
  progress.seconds = elapsed();
  progress.phase = phase;
  if (now.solution)
    progress.incumbent = now.evaluation.cost;
  progress.lowerBound = now.bound;
  options.onProgress(progress);
}

/// Every answer, whoever found it, comes through the checker.
void Session::offer(const Solution &solution) {
  Known news;
  news.evaluation = check(problem, solution);
  if (!news.evaluation.feasible)
    return;
  news.solution = std::make_shared<const Solution>(solution);
  if (known.learn(news))
    report(known);
}

void Session::raiseBound(Int128 bound) {
  Known news;
  news.bound = known.solution ? std::min(bound, known.evaluation.cost) : bound;
  if (known.learn(news))
    report(known);
}

void Session::declareInfeasible(NoChoice why) {
  result.status = Status::Infeasible;
  noChoice = why;
}

std::string Session::describe(const NoChoice &why) const {
  switch (why.reason) {
  case NoChoice::Forbidden:
    return problem.nodeName(*why.node) + " has no strategy that it may take";
  case NoChoice::Costs:
    return why.node ? "no strategy of " + problem.nodeName(*why.node) +
                          " has a finite cost with its neighbours"
                    : "no choice of strategies is finite on every edge";
  case NoChoice::Memory:
    break;
  }
  std::string text = "no choice of strategies fits the usage limit of " +
                     std::to_string(*problem.usageLimit);
  if (result.leastUsage)
    text += "; the least peak found is " + toString(result.leastUsage->bytes) +
            (result.leastUsage->proven ? ", and there is none smaller" : "");
  return text;
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
    Presolve(model, stats).run(clock);
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

/// Work between two meetings of threads: most of it goes by before the slowest has
/// come, and yet news is soon heard.
static Work epochOf(Work limit) {
  return std::clamp(limit / 100, Work{100'000}, static_cast<Work>(workASecond / 4));
}

/// Side by side, until the model is exhausted or the time is over.
void Session::search(const Model &model, NoChoice::Reason hopeless) {
  phase = "search";
  // Where nothing fits at first, ask what the least peak is before going on.
  bool patient = !problem.usageLimit || askedForLeast;
  double reserve = patient ? 0 : clock.secondsLeft() * 0.8;
  int count = std::max(1, options.threads);
  Exchange exchange(count, known, options.workLimit ? epochOf(*options.workLimit) : 0,
                    [this](const Known &now) { report(now); });
  std::deque<Worker> workers; // all, before any begins to tell
  for (int w = 0; w < count; ++w)
    workers.emplace_back(exchange, w, problem, clock, options.relativeGap, reserve);
  std::vector<SearchStats> stats(count);
  auto run = [&](int w) {
    SearchOptions searching{options.relativeGap, options.seed + static_cast<uint32_t>(w),
                            options.verbose, /*helps=*/w > 0,
                            /*insists=*/!hasFirst && !known.solution};
    workers[w].begin();
    stats[w] = searchModel(model, workers[w], searching);
    workers[w].leave();
  };
  std::vector<std::thread> threads;
  for (int w = 1; w < count; ++w)
    threads.emplace_back(run, w);
  run(0);
  for (std::thread &thread : threads)
    thread.join();

  Work most = 0;
  for (int w = 0; w < count; ++w) {
    known.learn(workers[w].found());
    most = std::max(most, workers[w].spent());
    result.cbcRows = std::max(result.cbcRows, stats[w].rows);
    result.cbcColumns = std::max(result.cbcColumns, stats[w].columns);
    result.memoryRounds += stats[w].memoryRounds;
    if (result.fault.empty())
      result.fault = stats[w].fault;
  }
  clock.spend(most - clock.spent());
  clock.pass(workers[0].passed() - clock.passed()); // the rest is this thread's own
  if (known.infeasible && !known.solution)
    declareInfeasible({hopeless});
}

/// The limit put aside: a lower bound, and the optimum where it happens to fit.
void Session::solveWithoutMemory() {
  Model model = presolved(false, result.presolve);
  if (model.infeasible)
    return declareInfeasible(*model.infeasible);
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
  search(model, NoChoice::Costs);
  result.presolve.memoryFree = closed();
}

void Session::eliminateWithoutMemory(const Model &model) {
  double seconds = clock.secondsLeft() / 10;
  Share share(clock, seconds);
  Elimination elimination(model);
  if (elimination.cells() > elimination.cellsASecond * seconds)
    return;
  auto answer = elimination.solve(model.unaryCosts(), 1, share);
  if (!answer)
    return;
  if (answer->cost >= never)
    return declareInfeasible({NoChoice::Costs});
  offer(model.expand(answer->choice)); // refused where it does not fit
  raiseBound(model.constant + answer->cost);
}

void Session::solveWithMemory() {
  phase = "presolve";
  Model model = presolved(true, result.presolve);
  if (model.infeasible) // for its costs too, where the limit leaves no others
    return declareInfeasible({NoChoice::Memory});
  raiseBound(model.constant);
  search(model, NoChoice::Memory);
  if (known.solution || result.status == Status::Infeasible || clock.expired())
    return;
  findLeastUsage();
  askedForLeast = true;
  if (result.leastUsage) {
    offer(result.leastUsage->solution);
    if (result.leastUsage->lowerBound > *problem.usageLimit)
      return declareInfeasible({NoChoice::Memory});
  }
  search(model, NoChoice::Memory);
}

/// The peak that can be reached at all. Where that is not yet known to be over
/// the limit, a share of the time must do: the search has better uses for it.
void Session::findLeastUsage() {
  phase = "least usage";
  LeastUsageOptions least;
  bool infeasible = result.status == Status::Infeasible;
  least.timeLimitSeconds = std::max(0.0, clock.secondsLeft()) * (infeasible ? 1 : 0.25);
  least.workLimit = clock.asWork(least.timeLimitSeconds);
  if (!infeasible)
    least.enough = *problem.usageLimit;
  least.seed = options.seed;
  result.leastUsage = leastUsage(problem, least);
  if (result.leastUsage) {
    clock.spend(result.leastUsage->work);
    clock.pass(result.leastUsage->apartSeconds);
  }
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
  // Kept aside: what the search finds is not to depend on it.
  std::optional<Solution> first;
  if (!known.solution)
    firstSolutions(problem, [&](const Solution &solution) {
      if (check(problem, solution).feasible)
        first = solution;
      return first.has_value();
    });
  hasFirst = first.has_value();
  // On a large graph the time is better spent with the limit at once.
  bool large = problem.nodes.size() > 10000;
  if (!problem.usageLimit || !large)
    solveWithoutMemory();
  if (!done() && problem.usageLimit)
    solveWithMemory();

  if (first && result.status != Status::Infeasible && !closed())
    offer(*first);
  if (result.status == Status::Infeasible) {
    if (noChoice->reason == NoChoice::Memory && options.explainInfeasible &&
        !(result.leastUsage && result.leastUsage->proven))
      findLeastUsage();
    result.reason = describe(*noChoice);
  } else if (known.solution) {
    result.status = closed() ? Status::Optimal : Status::Feasible;
    result.solution = *known.solution;
    result.cost = known.evaluation.cost;
    result.peak = known.evaluation.peak;
    result.peakTime = known.evaluation.peakTime;
    result.leastUsage.reset();
  }
  result.hasLowerBound = known.bound.has_value();
  result.lowerBound = known.bound.value_or(0);
  if (known.solution && known.bound)
    result.gap = relativeGap(result.cost, result.lowerBound);
  result.seconds = elapsed();
  result.work = clock.spent();
  result.apartSeconds = clock.passed();
  return result;
}

} // namespace

SolveResult solve(const Problem &problem, const SolveOptions &options) {
  return Session(problem, options).run();
}

} // namespace autopar::ilp
