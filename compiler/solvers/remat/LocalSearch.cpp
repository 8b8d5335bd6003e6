#include "compiler/solvers/remat/LocalSearch.h"

#include <algorithm>
#include <cmath>
#include <queue>

namespace autopar::remat {

const LocalSearch::Manner LocalSearch::manners[5] = {
    {0, false}, {1, false}, {1, true}, {8, false}, {8, true}};

LocalSearch::LocalSearch(const Problem &problem, Best &best)
    : problem(problem), best(best), state(problem, best.budget), excess(state.excess()) {
  for (int i = 0; i < problem.size(); ++i)
    if (problem.operations[i].recomputable && !state.uses(i).empty())
      values.push_back(i);
}

//===- moves ------------------------------------------------------------------===//

void LocalSearch::put(int step, int value) {
  state.insert(step, value);
  changes.push_back({step, value, true});
}

void LocalSearch::take(int step, int value) {
  state.erase(step, value);
  changes.push_back({step, value, false});
}

void LocalSearch::undo() {
  for (; !changes.empty(); changes.pop_back()) {
    auto [step, value, added] = changes.back();
    added ? state.erase(step, value) : state.insert(step, value);
  }
}

void LocalSearch::keep() {
  changes.clear();
  excess = state.excess();
}

void LocalSearch::drop(int step, int value, Manner manner) {
  if (state.has(step, value))
    return;
  int before = state.lifeBegin(value, step);
  put(step, value);
  takeIfUnused(before, value);
  for (int input : problem.operations[value].inputs) {
    if (!problem.operations[input].recomputable || manner.depth == 0 || state.has(step, input))
      continue;
    // Held here in any case where it is read in this step already or later on.
    const std::vector<Reruns::Use> &uses = state.uses(input);
    int begin = state.lifeBegin(input, step);
    auto use = std::lower_bound(uses.begin(), uses.end(), Reruns::Use{step, value});
    bool isRead = use != uses.begin() && (use - 1)->step == step;
    bool isWanted = use + 1 != uses.end() && state.lifeBegin(input, (use + 1)->step) == begin;
    if (isRead || isWanted)
      continue;
    const std::vector<int> &runs = state.runs(input);
    auto next = std::upper_bound(runs.begin(), runs.end(), step);
    int later = next == runs.end() ? -1 : *next;
    drop(step, input, {manner.depth - 1, manner.early});
    if (manner.early && later >= 0 && state.has(later, input))
      hold(later, input);
  }
}

void LocalSearch::hold(int step, int value) {
  take(step, value);
  for (int input : problem.operations[value].inputs)
    takeIfUnused(state.lifeBegin(input, step), input);
}

void LocalSearch::takeIfUnused(int step, int value) {
  if (step != value && state.has(step, value) && state.lastUse(value, step) < 0)
    hold(step, value);
}

void LocalSearch::start(const Reruns &from) {
  state = from;
  keep();
}

void LocalSearch::offer(const char *method) {
  bool better = excess > 0 ? !best.fits && state.peak() < double(best.peak)
                           : !best.fits || state.cost() < best.extraCost;
  if (better)
    best.offer(state.sequence(), method);
}

//===- building ---------------------------------------------------------------===//

/// A stretch between two uses of a value in which it could be let go.
struct LocalSearch::Gap {
  int step, value; ///< to run again before this step
  Manner manner;
  double gain; ///< excess taken away for a unit of cost
  int round;   ///< when that was reckoned; before, no more than this can be gained

  bool operator<(const Gap &other) const { return gain < other.gain; }
};

std::vector<LocalSearch::Gap> LocalSearch::gaps() const {
  std::vector<int> over{0}; // how much runs over the budget before each step
  for (int step = 0; step < problem.size(); ++step)
    over.push_back(over.back() + state.over(step));
  std::vector<Gap> result;
  for (int value : values) {
    const Operation &operation = problem.operations[value];
    int before = value;
    for (Reruns::Use use : state.uses(value)) {
      double most = double(operation.bytes) * (over[use.step] - over[before]) /
                    double(operation.cost + 1);
      if (use.step > before && !state.has(use.step, value) && most > 0)
        result.push_back({use.step, value, manners[0], most, -1});
      before = use.step;
    }
  }
  return result;
}

void LocalSearch::rate(Gap &gap) {
  gap.gain = 0;
  int64_t cost = state.cost();
  for (Manner manner : manners) {
    drop(gap.step, gap.value, manner);
    double less = excess - state.excess();
    double more = double(std::max<int64_t>(state.cost() - cost, 0)) + 1;
    bool inputsToo = changes.size() > 1;
    undo();
    if (less > gap.gain * more) {
      gap.gain = less / more;
      gap.manner = manner;
    }
    if (manner.depth == 1 && !inputsToo)
      break; // all inputs are held: deeper is the same
  }
}

void LocalSearch::fit(const Clock &clock) {
  std::priority_queue<Gap> queue;
  int round = 0;
  bool isFresh = false; // the queue was filled for the present state
  while (excess > 0 && clock.left() > 0) {
    if (queue.empty()) {
      if (isFresh)
        return;
      isFresh = true;
      std::vector<Gap> all = gaps();
      queue = {all.begin(), all.end()};
      continue;
    }
    Gap top = queue.top();
    queue.pop();
    if (state.has(top.step, top.value))
      continue;
    if (top.round != round) { // from an older state, where more was over
      top.round = round;
      rate(top);
      if (top.gain > 0)
        queue.push(top);
      continue;
    }
    drop(top.step, top.value, top.manner);
    keep();
    ++round;
    isFresh = false;
  }
}

void LocalSearch::thin() {
  std::vector<std::pair<int, int>> runs; // (step, value), what costs most first
  for (int step = 0; step < problem.size(); ++step)
    for (int value : state.before(step))
      runs.emplace_back(step, value);
  std::stable_sort(runs.begin(), runs.end(), [&](auto a, auto b) {
    return problem.operations[a.second].cost > problem.operations[b.second].cost;
  });
  for (auto [step, value] : runs) {
    if (!state.has(step, value))
      continue;
    hold(step, value);
    state.excess() <= excess ? keep() : undo();
  }
}

void LocalSearch::build(const Clock &clock) {
  start(Reruns(problem, best.budget));
  fit(clock);
  thin();
  offer("greedy");
  if (excess == 0 && state.cost() <= best.extraCost)
    return;
  Reruns greedy = state;
  double greedyExcess = excess;
  start(Reruns::read(problem, best.budget, best.sequence));
  fit(clock);
  thin();
  offer("greedy");
  if (excess > greedyExcess || (excess == greedyExcess && state.cost() > greedy.cost()))
    start(greedy);
}

//===- improving --------------------------------------------------------------===//

void LocalSearch::tearDown() {
  constexpr int mostAnywhere = 12, mostNeighbours = 25, mostDrops = 3;
  std::vector<std::pair<int, int>> runs; // (step, value)
  for (int step = 0; step < problem.size(); ++step)
    for (int value : state.before(step))
      runs.emplace_back(step, value);
  if (int kind = below(3); kind == 0) {
    std::shuffle(runs.begin(), runs.end(), random);
    runs.resize(std::min<size_t>(runs.size(), 1 + below(mostAnywhere)));
  } else if (!runs.empty()) { // neighbours by step or by value
    if (kind == 1)
      std::stable_sort(runs.begin(), runs.end(),
                       [](auto a, auto b) { return a.second < b.second; });
    runs.erase(runs.begin(), runs.begin() + below(runs.size()));
    runs.resize(std::min<size_t>(runs.size(), 1 + below(mostNeighbours)));
  }
  for (auto [step, value] : runs)
    if (state.has(step, value))
      hold(step, value);
  // What is dropped by chance leads the building elsewhere.
  for (int drops = below(mostDrops + 1); drops > 0; --drops) {
    int value = values[below(values.size())];
    const std::vector<Reruns::Use> &uses = state.uses(value);
    if (int step = uses[below(uses.size())].step; step > value + 1)
      drop(step, value, manners[below(std::size(manners))]);
  }
  keep();
}

void LocalSearch::rebuild(int rounds, const Clock &clock) {
  if (values.empty())
    return;
  const double mostWorse = 1e-3 * double(problem.totalCost());
  Reruns kept = state;
  double keptExcess = excess;
  for (int round = 0; round < rounds && clock.left() > 0; ++round) {
    tearDown();
    fit(clock);
    thin();
    offer("rebuilding");
    double worse = mostWorse * (1 - double(round) / rounds) * chance();
    if (excess < keptExcess ||
        (excess == keptExcess && double(state.cost() - kept.cost()) <= worse)) {
      kept = state;
      keptExcess = excess;
    } else {
      start(kept);
    }
  }
}

void LocalSearch::moveOne() {
  int value = values[below(values.size())];
  const std::vector<int> &runs = state.runs(value);
  int again = runs.size() > 1 ? runs[1 + below(runs.size() - 1)] : -1;
  int kind = below(3);
  Manner manner = manners[below(std::size(manners))];
  if (again >= 0 && kind == 0) {
    hold(again, value);
    return;
  }
  const std::vector<Reruns::Use> &uses = state.uses(value);
  int step = uses[below(uses.size())].step;
  if (step <= value + 1 || state.has(step, value))
    return;
  if (again >= 0 && kind == 1) // instead of there
    hold(again, value);
  drop(step, value, manner);
  takeIfUnused(step, value); // its reader may have gone with the other
}

void LocalSearch::anneal(int moves, const Clock &clock) {
  if (values.empty())
    return;
  const double whole = double(problem.totalCost());
  const double hot = 1e-2 * whole, cold = 1e-5 * whole;
  // At first a byte over the budget costs what all that runs again costs for a
  // budget; after that what makes about half of all states fit.
  double price =
      std::max<double>(1, double(state.cost())) / std::max<double>(1, double(best.budget));
  constexpr int period = 500;
  int fitting = 0;
  for (int move = 0; move < moves && clock.left() > 0; ++move) {
    double heat = hot * std::pow(cold / hot, double(move) / moves);
    fitting += excess == 0;
    if (move % period == period - 1) {
      price *= fitting < 0.3 * period ? 1.05 : fitting > 0.7 * period ? 0.95 : 1;
      fitting = 0;
    }
    int64_t cost = state.cost();
    moveOne();
    if (changes.empty())
      continue;
    double then = state.excess();
    double worse = double(state.cost() - cost) + price * (then - excess);
    if (worse > 0 && chance() >= std::exp(-worse / heat)) {
      undo();
      continue;
    }
    changes.clear();
    excess = then;
    offer("annealing");
  }
  fit(clock);
  thin();
  offer("annealing");
}

void LocalSearch::polish(double bound, const Clock &clock) {
  constexpr int rounds = 400, moves = 400000, patience = 3;
  int idle = 0;
  while (idle < patience && clock.left() > 0 && double(best.extraCost) > bound) {
    const int64_t before = best.extraCost;
    rebuild(rounds, clock);
    if (clock.left() > 0 && double(best.extraCost) > bound)
      anneal(moves, clock);
    idle = best.extraCost < before ? 0 : idle + 1;
  }
}

//===- the least peak ---------------------------------------------------------===//

void searchLeastPeak(const Problem &problem, Best &best, int64_t least, const Clock &clock) {
  constexpr int rounds = 10;
  // Halves what is between a peak that was reached and one that was not.
  while (best.peak - least > std::max<int64_t>(1, best.peak / 1000) && clock.left() > 0) {
    Best trial{problem, least + (best.peak - least) / 2, {}};
    trial.offer(best.sequence, "");
    LocalSearch search(problem, trial);
    search.build(clock);
    for (int round = 0; !trial.fits && round < rounds && clock.left() > 0; ++round)
      search.rebuild(1, clock);
    if (!trial.fits)
      least = trial.budget;
    best.offer(trial.sequence, "halving");
  }
}

void cheapen(const Problem &problem, Best &best, const Clock &clock) {
  constexpr int rounds = 200;
  Best trial{problem, best.peak, {}};
  trial.offer(best.sequence, "");
  LocalSearch search(problem, trial);
  search.build(clock);
  search.rebuild(rounds, clock);
  best.offer(trial.sequence, "cheapening");
}

} // namespace autopar::remat
