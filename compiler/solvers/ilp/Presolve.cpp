// The rules, each a function that says whether it changed anything, and the
// queue of variables that drives them.

#include "compiler/solvers/ilp/Presolve.h"

#include <algorithm>
#include <numeric>

namespace autopar::ilp {

/// A merge or elimination may write tables up to this many cells.
static constexpr int64_t mostTableCells = 1 << 20;

Presolve::Presolve(Model &model, PresolveStats &stats)
    : model(model), stats(stats), queued(model.variables.size(), 0) {
  for (size_t v = 0; v < model.variables.size(); ++v)
    touch(static_cast<int>(v));
}

void Presolve::touch(int variable) {
  if (queued[variable] || !model.variables[variable].alive)
    return;
  queued[variable] = 1;
  queue.push_back(variable);
}

void Presolve::runForAnyLimit(Clock &clock) {
  while (!queue.empty() && !model.infeasible && !clock.expired()) {
    int variable = queue.front();
    queue.pop_front();
    queued[variable] = 0;
    if (!model.variables[variable].alive)
      continue;
    clock.spend(workOf(variable));
    visit(variable);
  }
}

/// Of a visit: pairs of strategies are compared on every link.
Work Presolve::workOf(int index) const {
  const Variable &variable = model.variables[index];
  Work cells = variable.size();
  for (int link : variable.links)
    cells += Work{2} * variable.size() * model.variables[model.otherEnd(link, index)].size();
  return cells;
}

void Presolve::run(Clock &clock) {
  do
    runForAnyLimit(clock);
  while (!model.infeasible && !clock.expired(static_cast<Work>(model.times.size())) &&
         reduceMemory());
}

void Presolve::visit(int variable) {
  if (makeConsistent(variable) || model.infeasible)
    return; // the variable is queued again
  model.tidySegments(variable);
  std::vector<int> links = model.variables[variable].links;
  for (int link : links)
    normalize(link);
  if (absorbSingle(variable) || dropDominated(variable) || mergeFollower(variable))
    return;
  if (!eliminateLeaf(variable))
    eliminatePath(variable);
}

void Presolve::fail(int variable) {
  model.infeasible = {NoChoice::Costs, variable};
}

void Presolve::removeStrategies(int variable, const std::vector<char> &keep) {
  model.restrict(variable, keep);
  if (model.variables[variable].size() == 0)
    return fail(variable);
  touch(variable);
  for (int link : model.variables[variable].links)
    touch(model.otherEnd(link, variable));
}

/// Arc consistency: a strategy with no finite partner on some link cannot be chosen.
bool Presolve::makeConsistent(int index) {
  const Variable &variable = model.variables[index];
  std::vector<char> keep(variable.size(), 1);
  int removed = 0;
  for (int l : variable.links) {
    LinkView cost = model.view(l, index);
    for (int s = 0; s < cost.rows; ++s) {
      if (!keep[s])
        continue;
      int t = 0;
      while (t < cost.columns && cost(s, t) >= never)
        ++t;
      if (t == cost.columns) {
        keep[s] = 0;
        ++removed;
      }
    }
  }
  if (!removed)
    return false;
  stats.inconsistent += removed;
  removeStrategies(index, keep);
  return true;
}

/// Moves what a link costs at least, by row and by column, to its ends. A
/// separable link ends up all zero and is dropped. Afterwards every row and
/// column has a zero, which dropDominated builds on.
bool Presolve::normalize(int index) {
  Link &link = model.links[index];
  Variable &a = model.variables[link.a], &b = model.variables[link.b];
  int rows = a.size(), columns = b.size();
  bool changed = false;
  for (int s = 0; s < rows; ++s) {
    Cost *row = &link.costs[static_cast<size_t>(s) * columns];
    Cost least = *std::min_element(row, row + columns);
    if (least == 0 || least >= never)
      continue;
    changed = true;
    a.costs[s] += least;
    for (int t = 0; t < columns; ++t)
      if (row[t] < never)
        row[t] -= least;
  }
  for (int t = 0; t < columns; ++t) {
    Cost least = never;
    for (int s = 0; s < rows; ++s)
      least = std::min(least, link.costs[static_cast<size_t>(s) * columns + t]);
    if (least == 0 || least >= never)
      continue;
    changed = true;
    b.costs[t] += least;
    for (int s = 0; s < rows; ++s) {
      Cost &cost = link.costs[static_cast<size_t>(s) * columns + t];
      if (cost < never)
        cost -= least;
    }
  }
  if (std::all_of(link.costs.begin(), link.costs.end(), [](Cost c) { return c == 0; })) {
    touch(link.a);
    touch(link.b);
    model.removeLink(index);
    return true;
  }
  if (changed) {
    touch(link.a);
    touch(link.b);
  }
  return changed;
}

/// A variable with one strategy left is decided. Its links have been moved to
/// the other ends by normalize().
bool Presolve::absorbSingle(int index) {
  Variable &variable = model.variables[index];
  if (variable.size() != 1 || !variable.links.empty())
    return false;
  model.tidySegments(index); // all of it is held for certain
  model.constant += variable.costs[0];
  model.trail.fix(index, variable.ids[0]);
  model.retire(index);
  ++stats.eliminated;
  return true;
}

bool Presolve::usesNoMore(const Variable &variable, int s, int t) const {
  return std::all_of(
      variable.segments.begin(), variable.segments.end(),
      [&](const Segment &segment) { return segment.bytes[s] <= segment.bytes[t]; });
}

/// Strategy s makes t superfluous where, whatever the neighbours choose, it
/// costs no more and never holds more memory. All terms after the first are
/// at least zero because rows have a zero (see normalize), so most pairs end early.
bool Presolve::dropDominated(int index) {
  const Variable &variable = model.variables[index];
  int size = variable.size();
  std::vector<char> keep(size, 1);
  int removed = 0;
  std::vector<LinkView> views;
  for (int l : variable.links)
    views.push_back(model.view(l, index));
  auto dominates = [&](int s, int t) {
    Cost excess = variable.costs[s] - variable.costs[t];
    if (excess > 0 || !usesNoMore(variable, s, t))
      return false;
    for (const LinkView &cost : views) {
      Cost worst = 0;
      for (int u = 0; u < cost.columns; ++u) {
        Cost right = cost(t, u);
        if (right >= never)
          continue;
        Cost left = cost(s, u);
        if (left >= never)
          return false;
        worst = std::max(worst, left - right);
      }
      excess += worst;
      if (excess > 0)
        return false;
    }
    return true;
  };
  std::vector<int> order(size);
  std::iota(order.begin(), order.end(), 0);
  std::sort(order.begin(), order.end(), [&](int s, int t) {
    return variable.costs[s] != variable.costs[t] ? variable.costs[s] < variable.costs[t]
                                                  : s < t;
  });
  for (int t : order)
    for (int s : order) {
      if (variable.costs[s] > variable.costs[t])
        break;
      if (s != t && keep[s] && dominates(s, t)) {
        keep[t] = 0;
        ++removed;
        break;
      }
    }
  if (!removed)
    return false;
  stats.dominated += removed;
  removeStrategies(index, keep);
  return true;
}

/// Looks for a link over which a neighbour's every strategy leaves this
/// variable exactly one finite partner: then it follows the neighbour.
bool Presolve::mergeFollower(int index) {
  const Variable &variable = model.variables[index];
  for (int l : variable.links) {
    int leader = model.otherEnd(l, index);
    LinkView cost = model.view(l, leader);
    std::vector<int> chosen(cost.rows, -1);
    bool function = true;
    for (int s = 0; s < cost.rows && function; ++s) {
      int partners = 0;
      for (int t = 0; t < cost.columns && partners < 2; ++t)
        if (cost(s, t) < never) {
          chosen[s] = t;
          ++partners;
        }
      function = partners == 1;
    }
    if (!function)
      continue;
    // One to one, either may follow: let the one with fewer links move.
    const Variable &other = model.variables[leader];
    if (variable.size() == other.size() && variable.links.size() > other.links.size()) {
      std::vector<int> inverse(variable.size(), -1);
      for (int s = 0; s < other.size(); ++s)
        inverse[chosen[s]] = s;
      if (std::find(inverse.begin(), inverse.end(), -1) == inverse.end() &&
          mergeAsFollower(leader, index, l, inverse))
        return true;
    }
    if (mergeAsFollower(index, leader, l, chosen))
      return true;
  }
  return false;
}

bool Presolve::mergeAsFollower(int follower, int leader, int link,
                               const std::vector<int> &chosen) {
  const Variable &gone = model.variables[follower];
  const Variable &kept = model.variables[leader];
  // Rows are repeated once for each of the leader's strategies; where the
  // leader is finer, a hub's links would swell.
  int64_t before = 0, after = 0;
  for (int l : gone.links)
    if (l != link) {
      int64_t other = model.variables[model.otherEnd(l, follower)].size();
      before += other * gone.size();
      after += other * kept.size();
    }
  if (after > 4 * before && after - before > 1024)
    return false;

  LinkView pair = model.view(link, leader);
  std::vector<int> table;
  for (int s = 0; s < kept.size(); ++s) {
    table.push_back(gone.ids[chosen[s]]);
    model.variables[leader].costs[s] += pair(s, chosen[s]) + gone.costs[chosen[s]];
  }
  model.trail.follow(follower, leader, kept.ids, table);
  model.removeLink(link);

  std::vector<Segment> segments = std::move(model.variables[follower].segments);
  for (Segment &segment : segments) {
    std::vector<Bytes> bytes;
    for (int t : chosen)
      bytes.push_back(segment.bytes[t]);
    model.addSegment(leader, segment.begin, segment.end, std::move(bytes));
  }

  std::vector<int> links = gone.links;
  std::vector<Cost> costs;
  for (int l : links) {
    int other = model.otherEnd(l, follower);
    LinkView cost = model.view(l, follower);
    costs.clear();
    for (int t : chosen)
      for (int u = 0; u < cost.columns; ++u)
        costs.push_back(cost(t, u));
    model.removeLink(l);
    model.addLink(leader, other, costs);
    touch(other);
  }
  model.retire(follower);
  touch(leader);
  ++stats.merged;
  return true;
}

/// The strategy of `variable` that is no dearer and holds no more than any
/// other under the given extra costs, or -1 where there is none; -2 where
/// nothing is finite.
template <typename Extra> static int bestUnder(const Variable &variable, const Extra &extra) {
  int best = -2;
  Cost least = never;
  for (int s = 0; s < variable.size(); ++s) {
    Cost cost = add(variable.costs[s], extra(s));
    if (cost < least) {
      least = cost;
      best = s;
    }
  }
  if (best < 0 || variable.segments.empty())
    return best;
  // Among the cheapest, the one that holds least everywhere; and none, however
  // dear, may hold less anywhere.
  for (int s = 0; s < variable.size(); ++s)
    if (add(variable.costs[s], extra(s)) == least)
      for (const Segment &segment : variable.segments)
        if (segment.bytes[s] != segment.bytes[best]) {
          if (segment.bytes[s] < segment.bytes[best])
            best = s;
          break;
        }
  for (int s = 0; s < variable.size(); ++s)
    if (add(variable.costs[s], extra(s)) < never)
      for (const Segment &segment : variable.segments)
        if (segment.bytes[s] < segment.bytes[best])
          return -1;
  return best;
}

/// Degree 0 and 1: for each strategy of the one neighbour the best answer is
/// known, unless memory makes it a matter of taste.
bool Presolve::eliminateLeaf(int index) {
  const Variable &variable = model.variables[index];
  if (variable.links.size() > 1)
    return false;
  if (variable.links.empty()) {
    int best = bestUnder(variable, [](int) { return Cost{0}; });
    if (best < 0)
      return false;
    std::vector<char> keep(variable.size(), 0);
    keep[best] = 1;
    model.restrict(index, keep);
    return absorbSingle(index);
  }
  int link = variable.links[0], neighbor = model.otherEnd(link, index);
  LinkView cost = model.view(link, neighbor);
  std::vector<int> chosen;
  for (int s = 0; s < cost.rows; ++s) {
    chosen.push_back(bestUnder(variable, [&](int t) { return cost(s, t); }));
    if (chosen.back() < 0)
      return false;
  }
  --stats.merged; // mergeAsFollower counts it there
  ++stats.eliminated;
  return mergeAsFollower(index, neighbor, link, chosen);
}

/// Degree 2: the best answer to each pair of strategies of the neighbours
/// becomes a link between them. Its memory must be the same for all pairs, or
/// depend on one neighbour only, who then takes it over.
bool Presolve::eliminatePath(int index) {
  const Variable &variable = model.variables[index];
  if (variable.links.size() != 2)
    return false;
  int a = model.otherEnd(variable.links[0], index),
      b = model.otherEnd(variable.links[1], index);
  LinkView costA = model.view(variable.links[0], a), costB = model.view(variable.links[1], b);
  int rows = costA.rows, columns = costB.rows;
  if (static_cast<int64_t>(rows) * columns * variable.size() > 64 * mostTableCells ||
      static_cast<int64_t>(rows) * columns > mostTableCells)
    return false;
  std::vector<int> chosen(static_cast<size_t>(rows) * columns, -1);
  std::vector<Cost> costs(chosen.size(), never);
  for (int s = 0; s < rows; ++s)
    for (int t = 0; t < columns; ++t) {
      int best = bestUnder(variable, [&](int u) { return add(costA(s, u), costB(t, u)); });
      if (best == -1)
        return false;
      chosen[s * columns + t] = best;
      if (best >= 0)
        costs[s * columns + t] = variable.costs[best] + costA(s, best) + costB(t, best);
    }

  // Whose choice decides the memory? Impossible pairs do not matter.
  auto decides = [&](bool byA) {
    std::vector<int> representative(byA ? rows : columns, -1);
    for (int s = 0; s < rows; ++s)
      for (int t = 0; t < columns; ++t) {
        int now = chosen[s * columns + t];
        if (now < 0)
          continue;
        int &first = representative[byA ? s : t];
        if (first < 0)
          first = now;
        for (const Segment &segment : variable.segments)
          if (segment.bytes[first] != segment.bytes[now])
            return std::vector<int>();
      }
    return representative;
  };
  if (!variable.segments.empty()) {
    int holder = a;
    std::vector<int> representative = decides(true);
    if (representative.empty()) {
      holder = b;
      representative = decides(false);
    }
    if (representative.empty())
      return false;
    for (const Segment &segment : variable.segments) {
      std::vector<Bytes> bytes;
      for (int u : representative) // a strategy with no finite pair will be dropped anyway
        bytes.push_back(u < 0 ? 0 : segment.bytes[u]);
      model.addSegment(holder, segment.begin, segment.end, std::move(bytes));
    }
  }

  std::vector<int> table;
  for (int u : chosen)
    table.push_back(u < 0 ? -1 : variable.ids[u]);
  model.trail.followTwo(index, a, b, model.variables[a].ids, model.variables[b].ids,
                        std::move(table));
  std::vector<int> links = variable.links;
  for (int l : links)
    model.removeLink(l);
  model.addLink(a, b, costs);
  model.retire(index);
  touch(a);
  touch(b);
  ++stats.eliminated;
  return true;
}

bool Presolve::reduceMemory() {
  if (!model.limited)
    return false;
  bool changed = false;
  int moments = static_cast<int>(model.times.size());
  for (size_t v = 0; v < model.variables.size(); ++v)
    if (model.variables[v].alive)
      model.tidySegments(static_cast<int>(v));

  std::vector<Int128> rise(moments + 1, 0); // of the largest each segment may hold
  std::vector<int> begunBy(moments + 1, 0), endedBy(moments + 1, 0); // how many, so far
  for (const Variable &variable : model.variables)
    for (const Segment &segment : variable.segments) {
      Bytes largest = *std::max_element(segment.bytes.begin(), segment.bytes.end());
      rise[segment.begin] += largest;
      rise[segment.end] -= largest;
      ++begunBy[segment.begin];
      ++endedBy[segment.end];
    }
  std::partial_sum(rise.begin(), rise.end(), rise.begin());
  std::partial_sum(begunBy.begin(), begunBy.end(), begunBy.begin());
  std::partial_sum(endedBy.begin(), endedBy.end(), endedBy.begin());
  // A moment matters where the limit can be exceeded, and where no neighbour
  // in time that also matters holds at least as much whatever is chosen.
  std::vector<char> keep(moments, 0);
  std::vector<int> kept;
  for (int t = 0; t < moments; ++t) {
    if (model.held[t] > model.limit) {
      model.infeasible = {NoChoice::Memory};
      return true;
    }
    if (model.held[t] + rise[t] <= model.limit)
      continue;
    bool covered = false;
    while (!kept.empty()) {
      int last = kept.back();
      bool begun = begunBy[t] > begunBy[last], ended = endedBy[t] > endedBy[last];
      if (!ended && model.held[last] <= model.held[t]) {
        keep[last] = 0;
        kept.pop_back();
        continue;
      }
      covered = !begun && model.held[t] <= model.held[last];
      break;
    }
    if (!covered) {
      keep[t] = 1;
      kept.push_back(t);
    }
  }
  if (static_cast<int>(kept.size()) < moments)
    dropMoments(keep);
  stats.moments = static_cast<int>(model.times.size());
  for (size_t v = 0; v < model.variables.size(); ++v)
    if (model.variables[v].alive)
      changed |= dropUnaffordable(static_cast<int>(v));
  return changed || !queue.empty();
}

/// Memory of strategy s on top of what is held for certain.
bool Presolve::dropUnaffordable(int index) {
  const Variable &variable = model.variables[index];
  std::vector<char> keep(variable.size(), 1);
  bool removed = false;
  for (const Segment &segment : variable.segments) {
    Int128 held =
        *std::max_element(model.held.begin() + segment.begin, model.held.begin() + segment.end);
    for (int s = 0; s < variable.size(); ++s)
      if (keep[s] && held + segment.bytes[s] > model.limit) {
        keep[s] = 0;
        removed = true;
        ++stats.inconsistent;
      }
  }
  if (removed) {
    model.restrict(index, keep);
    if (model.variables[index].size() == 0) {
      model.infeasible = {NoChoice::Memory};
      return true;
    }
    touch(index);
    for (int link : model.variables[index].links)
      touch(model.otherEnd(link, index));
  }
  return removed;
}

void Presolve::dropMoments(const std::vector<char> &keep) {
  std::vector<int> renamed(keep.size() + 1, 0); // moments kept before this one
  for (size_t t = 0; t < keep.size(); ++t)
    renamed[t + 1] = renamed[t] + keep[t];
  for (size_t v = 0; v < model.variables.size(); ++v) {
    Variable &variable = model.variables[v];
    bool lost = false;
    for (Segment &segment : variable.segments) {
      segment.begin = renamed[segment.begin];
      segment.end = renamed[segment.end];
      lost |= segment.begin == segment.end;
    }
    std::erase_if(variable.segments, [](const Segment &s) { return s.begin == s.end; });
    if (lost)
      touch(static_cast<int>(v)); // with less memory to mind, more rules apply
  }
  std::vector<Int128> held;
  std::vector<Time> times;
  for (size_t t = 0; t < keep.size(); ++t)
    if (keep[t]) {
      held.push_back(model.held[t]);
      times.push_back(model.times[t]);
    }
  model.held = std::move(held);
  model.times = std::move(times);
}

} // namespace autopar::ilp
