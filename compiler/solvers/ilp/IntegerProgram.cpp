// The loop between the relaxation, CBC and the replay.

#include "compiler/solvers/ilp/IntegerProgram.h"

#include "compiler/solvers/Apart.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace autopar::ilp {

std::vector<std::vector<int>> connectedParts(const Model &model) {
  // Moments are tied too: a segment ties its variable to its first moment, and
  // each of its moments to the next.
  size_t variables = model.variables.size(), moments = model.times.size();
  std::vector<size_t> parent(variables + moments);
  std::iota(parent.begin(), parent.end(), size_t{0});
  auto find = [&](size_t v) {
    while (parent[v] != v)
      v = parent[v] = parent[parent[v]];
    return v;
  };
  std::vector<int> tied(moments + 1, 0); // segments over this moment and the next
  for (size_t v = 0; v < variables; ++v) {
    for (int l : model.variables[v].links)
      parent[find(v)] = find(static_cast<size_t>(model.otherEnd(l, static_cast<int>(v))));
    for (const Segment &segment : model.variables[v].segments)
      if (segment.begin < segment.end) {
        parent[find(v)] = find(variables + segment.begin);
        ++tied[segment.begin];
        --tied[segment.end - 1];
      }
  }
  std::partial_sum(tied.begin(), tied.end(), tied.begin());
  for (size_t t = 0; t + 1 < moments; ++t)
    if (tied[t] > 0)
      parent[find(variables + t)] = find(variables + t + 1);
  std::vector<std::vector<int>> parts;
  std::vector<int> partOf(parent.size(), -1);
  for (size_t v = 0; v < variables; ++v) {
    if (!model.variables[v].alive)
      continue;
    int &part = partOf[find(v)];
    if (part < 0) {
      part = static_cast<int>(parts.size());
      parts.emplace_back();
    }
    parts[part].push_back(static_cast<int>(v));
  }
  return parts;
}

/// The strategies that the binaries name, and whether each is clearly 0 or 1.
static bool readChoice(const Formulation &formulation, std::span<const double> columns,
                       std::vector<int> &choice) {
  bool whole = true;
  for (int v : formulation.variables) {
    int first = formulation.columnOf(v, 0), size = formulation.model.variables[v].size();
    auto begin = columns.begin() + first;
    int best = static_cast<int>(std::max_element(begin, begin + size) - begin);
    whole &= columns[first + best] > 1 - 1e-6;
    choice[v] = best;
  }
  return whole;
}

/// What the part costs, in exact integers.
static Int128 costOfPart(const Formulation &formulation, const std::vector<int> &choice) {
  const Model &model = formulation.model;
  Int128 cost = 0;
  for (int v : formulation.variables) {
    cost += model.variables[v].costs[choice[v]];
    for (int l : model.variables[v].links)
      if (model.links[l].a == v)
        cost += model.view(l, v)(choice[v], choice[model.links[l].b]);
  }
  return cost;
}

/// The part's memory at each moment, in exact integers.
static std::vector<Int128> replay(const Formulation &formulation,
                                  const std::vector<int> &choice) {
  const Model &model = formulation.model;
  std::vector<Int128> usage = model.held;
  for (int v : formulation.variables)
    for (const Segment &segment : model.variables[v].segments)
      for (int t = segment.begin; t < segment.end; ++t)
        usage[t] += segment.bytes[choice[v]];
  return usage;
}

/// Adds rows for the moments over the limit. A moment that has its row already
/// got through by rounding: its row is tightened, and optimality is then no
/// longer for us to claim.
static bool addRowsFor(Formulation &formulation, const std::vector<Int128> &usage, Int128 limit,
                       bool &exact) {
  bool over = false;
  std::vector<double> rounded;
  for (size_t t = 0; t < usage.size(); ++t) {
    rounded.push_back(static_cast<double>(usage[t]));
    if (usage[t] <= limit)
      continue;
    over = true;
    if (formulation.hasMoment(static_cast<int>(t))) {
      formulation.tightenMoment(static_cast<int>(t), usage[t] - limit);
      exact = false;
    }
  }
  if (over)
    formulation.addViolated(rounded, static_cast<double>(limit), 64);
  return over;
}

/// Passes on what CBC finds on its way.
static void listen(CbcOptions &cbc, const Formulation &formulation, std::vector<int> choice,
                   const ProgramOptions &options) {
  if (options.onChoice)
    cbc.onSolution = [&, choice](std::span<const double> columns) mutable {
      readChoice(formulation, columns, choice);
      options.onChoice(choice);
    };
}

static ProgramResult costHere(const Model &model, const std::vector<int> &part,
                              const ProgramOptions &options) {
  ProgramResult result;
  result.choice.assign(model.variables.size(), 0);
  Formulation formulation(model, part, Formulation::Objective::Cost);
  auto note = [&] {
    result.rows = formulation.rows();
    result.columns = formulation.columns();
  };
  auto raiseBound = [&](double bound) {
    result.bound = bound;
    if (options.onBound)
      options.onBound(bound);
  };
  note();
  bool exact = true;
  {
    Relaxation relaxation(formulation);
    Relaxation::Kind kind = relaxation.solve(*options.clock);
    note();
    if (kind == Relaxation::OutOfTime)
      return result;
    if (kind == Relaxation::Infeasible) {
      result.kind = ProgramResult::Infeasible;
      return result;
    }
    raiseBound(formulation.toCost(relaxation.objective()));
    if (options.cutoff) { // the sum is whole: what is over cutoff - 1 is at the cutoff
      double cutoff = static_cast<double>(*options.cutoff);
      if (result.bound > cutoff - 1 + 1e-4 + std::abs(cutoff) * 1e-9) {
        result.kind = ProgramResult::Infeasible;
        return result;
      }
    }
    if (readChoice(formulation, relaxation.columns(), result.choice)) {
      if (!addRowsFor(formulation, replay(formulation, result.choice), model.limit, exact) ||
          !model.limited) {
        raiseBound(static_cast<double>(costOfPart(formulation, result.choice)));
        result.kind = ProgramResult::Optimal;
        return result;
      }
    }
  }

  while (!options.clock->expired()) {
    CbcOptions cbc;
    cbc.clock = options.clock;
    cbc.relativeGap = options.relativeGap;
    cbc.seed = options.seed;
    cbc.verbose = options.verbose;
    if (options.cutoff)
      cbc.cutoff = formulation.toObjective(static_cast<double>(*options.cutoff) - 0.5);
    listen(cbc, formulation, result.choice, options);
    CbcOutcome outcome = solveWithCbc(formulation, cbc);
    note();
    if (outcome.kind == CbcOutcome::Infeasible) {
      result.kind = exact ? ProgramResult::Infeasible : ProgramResult::Unknown;
      return result;
    }
    if (outcome.kind == CbcOutcome::Unknown)
      return result;
    if (exact && formulation.toCost(outcome.bound) > result.bound)
      raiseBound(formulation.toCost(outcome.bound));
    readChoice(formulation, outcome.columns, result.choice);
    if (model.limited &&
        addRowsFor(formulation, replay(formulation, result.choice), model.limit, exact)) {
      ++result.rounds;
      continue;
    }
    bool proven = exact && outcome.kind == CbcOutcome::Optimal;
    result.kind = proven ? ProgramResult::Optimal : ProgramResult::Feasible;
    if (proven && options.relativeGap == 0)
      raiseBound(static_cast<double>(costOfPart(formulation, result.choice)));
    return result;
  }
  return result;
}

static ProgramResult peakHere(const Model &model, const std::vector<int> &part,
                              const ProgramOptions &options) {
  ProgramResult result;
  result.choice.assign(model.variables.size(), 0);
  Formulation formulation(model, part, Formulation::Objective::Peak);
  for (size_t t = 0; t < model.times.size(); t += 1 + model.times.size() / 64)
    formulation.addMoment(static_cast<int>(t));
  bool found = false;
  std::vector<int> best;
  Int128 bestPeak = 0;
  while (!options.clock->expired()) {
    CbcOptions cbc;
    cbc.clock = options.clock;
    cbc.seed = options.seed;
    cbc.verbose = options.verbose;
    listen(cbc, formulation, result.choice, options);
    CbcOutcome outcome = solveWithCbc(formulation, cbc);
    result.rows = formulation.rows();
    result.columns = formulation.columns();
    if (outcome.kind == CbcOutcome::Infeasible) {
      result.kind = ProgramResult::Infeasible;
      return result;
    }
    if (outcome.kind == CbcOutcome::Unknown)
      break;
    result.bound = std::max(result.bound, formulation.toCost(outcome.bound));
    readChoice(formulation, outcome.columns, result.choice);
    std::vector<Int128> usage = replay(formulation, result.choice);
    Int128 peak = usage.empty() ? 0 : *std::max_element(usage.begin(), usage.end());
    if (!found || peak < bestPeak) {
      found = true;
      bestPeak = peak;
      best = result.choice;
    }
    double limit = formulation.toCost(outcome.objective);
    std::vector<double> rounded(usage.begin(), usage.end());
    if (!formulation.addViolated(rounded, limit + formulation.bytesUnit * 1e-6 + 0.5, 64)) {
      if (outcome.kind == CbcOutcome::Optimal)
        result.kind = ProgramResult::Optimal;
      break;
    }
    ++result.rounds;
  }
  if (found) {
    result.choice = best;
    if (result.kind != ProgramResult::Optimal)
      result.kind = ProgramResult::Feasible;
  }
  return result;
}

/// What the child tells its parent.
enum class News : char { Bound, Choice, Result };

/// `solveHere` in a child process.
static ProgramResult apart(decltype(costHere) solveHere, const Model &model,
                           const std::vector<int> &part, const ProgramOptions &options) {
  ProgramResult result;
  result.choice.assign(model.variables.size(), 0);
  Work work = 0;
  bool told = false;
  auto solveAndTell = [&](const Apart::Tell &tell) {
    RunClock clock = options.clock->rest();
    ProgramOptions own = options;
    own.clock = &clock;
    own.onBound = [&](double bound) { tell(Message().put(News::Bound).put(bound)); };
    own.onChoice = [&](const std::vector<int> &choice) {
      tell(Message().put(News::Choice).put(choice));
    };
    const ProgramResult found = solveHere(model, part, own);
    tell(Message()
             .put(News::Result)
             .put(found.kind)
             .put(found.bound)
             .put(found.rows)
             .put(found.columns)
             .put(found.rounds)
             .put(found.choice)
             .put(clock.spent()));
  };
  auto hear = [&](Message &message) {
    switch (message.take<News>()) {
    case News::Bound:
      result.bound = message.take<double>();
      if (options.onBound)
        options.onBound(result.bound);
      break;
    case News::Choice:
      result.kind = ProgramResult::Feasible;
      result.choice = message.takeList<int>();
      if (options.onChoice)
        options.onChoice(result.choice);
      break;
    case News::Result:
      told = true;
      result.kind = message.take<ProgramResult::Kind>();
      result.bound = message.take<double>();
      result.rows = message.take<int64_t>();
      result.columns = message.take<int64_t>();
      result.rounds = message.take<int>();
      result.choice = message.takeList<int>();
      work = message.take<Work>();
    }
  };
  // The child looks at its own clock; this is for one that no longer does, and for news from
  // other threads that make it superfluous.
  const double left = options.clock->secondsLeft();
  const double grace = 0.5 + (options.clock->countsWork() ? 10 * left : 0.1 * left);
  auto mayGoOn = [&](double used) {
    return used < options.clock->secondsLeft() + grace;
  };
  const Apart::End end = Apart{.work = solveAndTell, .hear = hear, .mayGoOn = mayGoOn}.run();
  if (end.kind == Apart::End::Crashed)
    result.fault = end.fault;
  options.clock->pass(end.seconds);
  options.clock->spend(told ? work : static_cast<Work>(end.seconds * workASecond));
  return result;
}

ProgramResult solveForCost(const Model &model, const std::vector<int> &part,
                           const ProgramOptions &options) {
  return apart(costHere, model, part, options);
}

ProgramResult solveForPeak(const Model &model, const std::vector<int> &part,
                           const ProgramOptions &options) {
  return apart(peakHere, model, part, options);
}

} // namespace autopar::ilp
