// The plan: bound, prune and presolve until that stops paying; hand what is
// left to CBC if it is small enough; if not, solve restrictions of it, made of
// the strategies that the bound holds for the most likely, or of a
// neighbourhood around the incumbent.

#include "compiler/solvers/ilp/Search.h"

#include "compiler/solvers/ilp/Presolve.h"
#include "compiler/solvers/ilp/PricedElimination.h"

#include <algorithm>
#include <cmath>
#include <memory>
#include <random>

namespace autopar::ilp {

namespace {

enum class Outcome {
  Exhausted, // nothing better than the incumbent is in the model
  OutOfTime,
  TooLarge, // for CBC; the caller may restrict it
};

class Search {
public:
  Search(Worker &worker, const SearchOptions &options)
      : worker(worker), options(options), random(options.seed) {}

  /// True where nothing in the model is better than the best solution known.
  bool run(Model model);
  SearchStats stats;

private:
  std::optional<Int128> upper() const {
    const Known &known = worker.known();
    return known.solution ? std::optional(known.evaluation.cost) : std::nullopt;
  }
  void findFirst(const Model &model);
  Outcome reduce(Model &model, std::unique_ptr<DualAscent> &dual, double seconds, bool whole);
  std::optional<Outcome> eliminate(const Model &model, const DualAscent &dual, bool whole);
  void dive(Model model, const DualAscent &dual, double seconds);
  Outcome finish(const Model &model, double seconds, bool whole);
  void ascend(const Model &model, DualAscent &dual, double seconds, bool whole,
              int patience = 100);
  bool drop(Model &model, DualAscent &dual);
  Outcome solveRestricted(const Model &model, const DualAscent &dual,
                          const std::vector<std::vector<char>> &keep, double seconds);
  std::vector<std::vector<char>> likely(const Model &model, const DualAscent &dual,
                                        int64_t strategies) const;
  std::vector<std::vector<char>> neighborhood(const Model &model, const DualAscent &dual,
                                              int64_t strategies);
  /// The incumbent's strategy of each variable, -1 where the model has lost it.
  std::vector<int> incumbentIn(const Model &model) const;

  Worker &worker;
  const SearchOptions &options;
  std::mt19937 random;
};

/// Raises the bound until it no longer moves; every decoded choice that fits
/// goes to the checker.
void Search::ascend(const Model &model, DualAscent &dual, double seconds, bool whole,
                    int patience) {
  Share share(worker, seconds);
  double mark = dual.bound();
  std::optional<Int128> best = upper();
  for (int round = 1; !share.expired(dual.work()); ++round) {
    dual.step();
    if (dual.decodedExcess() <= 0) {
      double cost = dual.decodedCost();
      if (!best || cost < static_cast<double>(*best)) {
        worker.offer(model.expand(dual.decoded()));
        best = upper();
      }
    }
    if (best && dual.bound() >= static_cast<double>(*best) - 0.5)
      break;
    if (round % patience == 0) {
      double gap = best ? static_cast<double>(*best) - dual.bound() : std::abs(dual.bound());
      if (dual.bound() - mark < 1e-3 * gap)
        break;
      mark = dual.bound();
      if (whole)
        worker.raiseBound(dual.certifiedBound());
    }
  }
  if (whole)
    worker.raiseBound(dual.certifiedBound());
}

/// Takes out what no solution as good as the incumbent can have. True where
/// enough went to make another presolve and another ascent worth while.
bool Search::drop(Model &model, DualAscent &dual) {
  std::optional<Int128> best = upper();
  double limit = best ? static_cast<double>(*best) + 1 : 1e29; // ties stay
  worker.spend(2 * dual.work());
  DualAscent::Prunable prunable = dual.prune(limit);
  int64_t before = 0, dropped = 0;
  for (const Variable &variable : model.variables)
    before += variable.size();
  for (auto &[l, pairs] : prunable.pairs) {
    Link &link = model.links[l];
    int columns = model.variables[link.b].size();
    for (auto [s, t] : pairs)
      link.costs[static_cast<size_t>(s) * columns + t] = never;
  }
  for (auto &[v, keep] : prunable.keep) {
    dropped += std::count(keep.begin(), keep.end(), 0);
    model.restrict(v, keep);
    if (model.variables[v].size() == 0)
      model.infeasible = {NoChoice::Costs, v};
  }
  return dropped * 20 > before;
}

Outcome Search::reduce(Model &model, std::unique_ptr<DualAscent> &dual, double seconds,
                       bool whole) {
  Share share(worker, seconds);
  while (true) {
    auto next = std::make_unique<DualAscent>(model);
    if (dual)
      next->adopt(*dual);
    ascend(model, *next, share.secondsLeft(), whole);
    std::optional<Int128> best = upper();
    if (best && next->certifiedBound() >= *best)
      return Outcome::Exhausted;
    if (worker.expired())
      return Outcome::OutOfTime;
    bool worth = drop(model, *next);
    if (model.infeasible)
      return Outcome::Exhausted;
    PresolveStats ignored;
    Presolve(model, ignored).run(worker);
    if (model.infeasible)
      return Outcome::Exhausted;
    if (worker.expired())
      return Outcome::OutOfTime;
    dual = std::make_unique<DualAscent>(model);
    dual->adopt(*next);
    if (!worth || share.expired())
      break;
  }
  return worker.expired() ? Outcome::OutOfTime : Outcome::TooLarge;
}

/// Solves a model whose tables are small enough: without memory at once and for
/// good; with memory by prices, which yields a bound and candidates. Nothing
/// where the tables are too large, or the search is to go on.
std::optional<Outcome> Search::eliminate(const Model &model, const DualAscent &dual,
                                         bool whole) {
  double seconds = worker.secondsLeft() * (model.times.empty() ? 1 : 0.2);
  Share share(worker, seconds);
  Elimination elimination(model);
  if (elimination.cells() > elimination.cellsASecond * seconds)
    return std::nullopt;
  std::vector<double> start = dual.pricesOfMemory();
  start.resize(model.times.size(), 0);
  PricedElimination priced(model, elimination, std::move(start));
  std::optional<Int128> best;
  for (int idle = 0; idle < 20;) {
    std::optional<Int128> incumbent = upper();
    // With nothing known, hope for a hundredth more than the bound.
    Int128 hope = best.value_or(0) + std::max<Int128>(1, best.value_or(0) / 100);
    auto round = priced.step(incumbent.value_or(hope), share);
    if (!round)
      return std::nullopt;
    if (round->infeasible)
      return Outcome::Exhausted;
    worker.offer(model.expand(round->choice)); // refused where it does not fit
    bool better = !best || round->bound > *best;
    idle = better ? 0 : idle + 1;
    best = better ? round->bound : *best;
    if (whole && better)
      worker.raiseBound(round->bound);
    std::optional<Int128> cost = upper();
    if (model.times.empty() || (cost && *best >= *cost))
      return Outcome::Exhausted;
  }
  return std::nullopt;
}

/// Decides the variables that the bound is surest of, a few at a time, and lets
/// bounds and presolve draw the conclusions: a good solution soon, if not the best.
void Search::dive(Model model, const DualAscent &dual, double seconds) {
  Share share(worker, seconds);
  worker.spend(model.cells());
  auto current = std::make_unique<DualAscent>(model);
  current->adopt(dual);
  while (!share.expired()) {
    ascend(model, *current, share.secondsLeft(), false, 20);
    std::optional<Int128> best = upper();
    if ((best && current->certifiedBound() >= *best) || share.expired())
      return;
    drop(model, *current);
    // How much dearer the second best strategy is, by variable.
    std::vector<std::pair<double, int>> sure;
    for (size_t v = 0; v < model.variables.size(); ++v) {
      const std::vector<double> &excess = current->excesses()[v];
      if (excess.size() < 2)
        continue;
      double first = std::numeric_limits<double>::infinity(), second = first;
      for (double e : excess) {
        second = std::min(second, std::max(e, first));
        first = std::min(first, e);
      }
      sure.push_back({second - first, static_cast<int>(v)});
    }
    if (model.infeasible || sure.empty())
      return;
    std::sort(sure.begin(), sure.end(), std::greater<>());
    sure.resize(1 + sure.size() / 10);
    for (auto [gap, v] : sure) {
      const Variable &variable = model.variables[v];
      // drop() may have taken strategies since: go by their names.
      int best = current->idOfLeast(v);
      std::vector<char> keep;
      for (int id : variable.ids)
        keep.push_back(id == best);
      model.restrict(v, keep);
      if (variable.size() == 0)
        return;
    }
    PresolveStats ignored;
    Presolve(model, ignored).run(share);
    if (model.infeasible)
      return;
    auto next = std::make_unique<DualAscent>(model);
    next->adopt(*current);
    current = std::move(next);
  }
}

Outcome Search::finish(const Model &model, double seconds, bool whole) {
  Share share(worker, seconds);
  std::optional<Int128> known = upper();
  std::vector<int> choice(model.variables.size(), 0);
  bool exhausted = true, complete = true;
  std::vector<std::vector<int>> parts = connectedParts(model);
  for (const std::vector<int> &part : parts) {
    ProgramOptions program;
    program.clock = &share;
    program.relativeGap = options.relativeGap;
    program.seed = options.seed;
    program.verbose = options.verbose;
    if (known && parts.size() == 1)
      program.cutoff = *known - model.constant;
    if (whole && parts.size() == 1)
      program.onBound = [&](double bound) {
        double sure = bound - 1e-6 - std::abs(bound) * 1e-9;
        worker.raiseBound(model.constant + static_cast<Int128>(std::ceil(sure)));
      };
    ProgramResult outcome = solveForCost(model, part, program);
    stats.rows = std::max(stats.rows, outcome.rows);
    stats.columns = std::max(stats.columns, outcome.columns);
    stats.memoryRounds += outcome.rounds;
    if (stats.fault.empty())
      stats.fault = outcome.fault;
    if (outcome.kind == ProgramResult::Infeasible)
      return Outcome::Exhausted;
    // Within a gap is not exhausted; the bound above has said how far it is.
    exhausted &= outcome.kind == ProgramResult::Optimal && options.relativeGap == 0;
    complete &= outcome.kind != ProgramResult::Unknown;
    for (int v : part)
      choice[v] = outcome.choice[v];
  }
  if (complete)
    worker.offer(model.expand(choice));
  return exhausted ? Outcome::Exhausted : Outcome::OutOfTime;
}

std::vector<int> Search::incumbentIn(const Model &model) const {
  std::shared_ptr<const Solution> solution = worker.known().solution;
  std::vector<int> local(model.variables.size(), -1);
  for (size_t v = 0; solution && v < model.variables.size(); ++v) {
    const std::vector<int> &ids = model.variables[v].ids;
    auto found = std::find(ids.begin(), ids.end(), (*solution)[v]);
    if (found != ids.end())
      local[v] = static_cast<int>(found - ids.begin());
  }
  return local;
}

/// The strategies of least excess, `strategies` of them beyond one a variable,
/// and the incumbent's.
std::vector<std::vector<char>> Search::likely(const Model &model, const DualAscent &dual,
                                              int64_t strategies) const {
  std::vector<double> all;
  for (size_t v = 0; v < model.variables.size(); ++v)
    for (double excess : dual.excesses()[v])
      if (excess > 0)
        all.push_back(excess);
  double threshold = 0;
  if (strategies < static_cast<int64_t>(all.size())) {
    std::nth_element(all.begin(), all.begin() + strategies, all.end());
    threshold = all[strategies];
  } else {
    threshold = std::numeric_limits<double>::infinity();
  }
  std::vector<int> incumbent = incumbentIn(model);
  std::vector<std::vector<char>> keep(model.variables.size());
  for (size_t v = 0; v < keep.size(); ++v) {
    for (double excess : dual.excesses()[v])
      keep[v].push_back(excess <= threshold);
    if (incumbent[v] >= 0 && !keep[v].empty())
      keep[v][incumbent[v]] = 1;
  }
  return keep;
}

/// All around one variable, near the incumbent elsewhere.
std::vector<std::vector<char>> Search::neighborhood(const Model &model, const DualAscent &dual,
                                                    int64_t strategies) {
  std::vector<std::vector<char>> keep = likely(model, dual, strategies / 4);
  std::vector<int> incumbent = incumbentIn(model);
  std::vector<int> living;
  for (size_t v = 0; v < keep.size(); ++v)
    if (model.variables[v].alive) {
      living.push_back(static_cast<int>(v));
      if (incumbent[v] >= 0) {
        keep[v].assign(model.variables[v].size(), 0);
        keep[v][incumbent[v]] = 1;
      }
    }
  if (living.empty())
    return keep;
  // Breadth first from a random variable, through links; hubs are not crossed.
  std::vector<char> seen(keep.size(), 0);
  std::vector<int> queue;
  int64_t freed = 0;
  for (size_t next = 0; freed < strategies;) {
    if (next == queue.size()) {
      int seed = living[std::uniform_int_distribution<size_t>(0, living.size() - 1)(random)];
      if (static_cast<int>(queue.size()) == static_cast<int>(living.size()))
        break;
      if (seen[seed])
        continue;
      seen[seed] = 1;
      queue.push_back(seed);
    }
    int v = queue[next++];
    const Variable &variable = model.variables[v];
    keep[v].assign(variable.size(), 1);
    freed += variable.size();
    if (variable.links.size() > 50)
      continue;
    for (int l : variable.links) {
      int other = model.otherEnd(l, v);
      if (!seen[other]) {
        seen[other] = 1;
        queue.push_back(other);
      }
    }
  }
  return keep;
}

Outcome Search::solveRestricted(const Model &model, const DualAscent &dual,
                                const std::vector<std::vector<char>> &keep, double seconds) {
  Share share(worker, seconds);
  worker.spend(model.cells());
  Model part = model;
  for (size_t v = 0; v < keep.size(); ++v)
    if (part.variables[v].alive && std::count(keep[v].begin(), keep[v].end(), 0))
      part.restrict(static_cast<int>(v), keep[v]);
  PresolveStats ignored;
  Presolve(part, ignored).run(worker);
  if (part.infeasible)
    return Outcome::Exhausted;
  if (worker.expired())
    return Outcome::OutOfTime;
  auto own = std::make_unique<DualAscent>(part);
  own->adopt(dual);
  Outcome outcome = reduce(part, own, seconds / 2, false);
  if (outcome != Outcome::TooLarge)
    return outcome;
  if (part.times.empty())
    if (auto eliminated = eliminate(part, *own, false))
      return *eliminated;
  if (Formulation::countColumns(part, mostColumnsForCbc) > mostColumnsForCbc)
    return Outcome::TooLarge;
  return finish(part, share.secondsLeft(), false);
}

/// A few rounds of dual ascent whatever the clock says: what it decodes is often a solution.
void Search::findFirst(const Model &model) {
  constexpr int rounds = 30;
  DualAscent dual(model);
  for (int round = 0; round < rounds && !upper(); ++round) {
    worker.spend(dual.work());
    dual.step();
    if (dual.decodedExcess() <= 0)
      worker.offer(model.expand(dual.decoded()));
  }
}

bool Search::run(Model model) {
  if (options.insists && !options.helps && worker.expired())
    findFirst(model);
  std::unique_ptr<DualAscent> dual;
  struct Kind {
    int64_t size;     // strategies left free
    double spent = 0; // seconds, halved at each success
  } wide{2000}, near{500};
  int columnsTried = std::numeric_limits<int>::max();
  std::optional<Int128> reducedFor;
  for (int round = 0; !worker.expired(1); ++round) {
    if (!dual || reducedFor != upper()) {
      reducedFor = upper();
      // A helper is to have something to look at soon, before the bound is its best.
      double part = dual ? 0.05 : options.helps ? 0.1 : 0.3;
      Outcome outcome = reduce(model, dual, worker.secondsLeft() * part, !options.helps);
      if (outcome != Outcome::TooLarge)
        return outcome == Outcome::Exhausted;
      if (!options.helps && eliminate(model, *dual, true))
        return true;
      worker.spend(3 * dual->work());
      dual->step();
      dual->prune(1e29); // for the excesses
      int columns = Formulation::countColumns(model, mostColumnsForCbc);
      if (!options.helps && columns <= mostColumnsForCbc &&
          (round > 0 || columns < mostColumnsForCbc / 4) &&
          columns < columnsTried - columnsTried / 5) {
        columnsTried = columns;
        outcome = finish(model, worker.secondsLeft() * 0.3, true);
        if (outcome == Outcome::Exhausted)
          return true;
        continue;
      }
    }
    double share = std::min(worker.secondsLeft() * 0.1, 5.0) + 0.1;
    if (round % 20 == 0) {
      dive(model, *dual, 4 * share);
      continue;
    }
    bool isWide = !upper() || wide.spent <= near.spent;
    Kind &kind = isWide ? wide : near;
    auto keep =
        isWide ? likely(model, *dual, kind.size) : neighborhood(model, *dual, kind.size);
    double before = worker.secondsLeft();
    std::optional<Int128> best = upper();
    Outcome outcome = solveRestricted(model, *dual, keep, share);
    double spent = before - worker.secondsLeft();
    kind.spent = best == upper() ? kind.spent + spent : (kind.spent + spent) / 2;
    // Large enough to be worth a try, small enough to be finished.
    if (outcome == Outcome::Exhausted && spent < share / 2)
      kind.size += kind.size / 4;
    else if (outcome != Outcome::Exhausted)
      kind.size = std::max<int64_t>(100, kind.size * 2 / 3);
  }
  return false;
}

} // namespace

SearchStats searchModel(Model model, Worker &worker, const SearchOptions &options) {
  Search search(worker, options);
  if (search.run(std::move(model)))
    worker.exhaust();
  return search.stats;
}

} // namespace autopar::ilp
