// Building the working model and the few edits that presolve's rules are made
// of. Finite costs are kept below a quarter of `never`, which solve() checks
// once, so that sums of two need no care.

#include "compiler/solvers/ilp/Model.h"

#include <algorithm>
#include <map>

namespace autopar::ilp {

void Trail::fix(int variable, int id) { steps.push_back({variable, -1, -1, {}, {}, {id}}); }

void Trail::follow(int variable, int leader, std::vector<int> leaderIds,
                   std::vector<int> table) {
  steps.push_back({variable, leader, -1, std::move(leaderIds), {}, std::move(table)});
}

void Trail::followTwo(int variable, int a, int b, std::vector<int> idsOfA,
                      std::vector<int> idsOfB, std::vector<int> table) {
  steps.push_back({variable, a, b, std::move(idsOfA), std::move(idsOfB), std::move(table)});
}

void Trail::replay(std::vector<int> &choice) const {
  auto position = [](const std::vector<int> &ids, int id) {
    return std::find(ids.begin(), ids.end(), id) - ids.begin();
  };
  for (auto step = steps.rbegin(); step != steps.rend(); ++step) {
    size_t index = 0;
    if (step->a >= 0)
      index = position(step->idsOfA, choice[step->a]);
    if (step->b >= 0)
      index = index * step->idsOfB.size() + position(step->idsOfB, choice[step->b]);
    choice[step->variable] = step->table[index];
  }
}

Model::Model(const Problem &problem, bool withMemory) {
  variables.resize(problem.nodes.size());
  for (size_t n = 0; n < variables.size(); ++n) {
    const Node &node = problem.nodes[n];
    Variable &variable = variables[n];
    variable.idCount = static_cast<int>(node.costs.size());
    for (int s = 0; s < variable.idCount; ++s)
      if (node.costs[s] < never) {
        variable.costs.push_back(node.costs[s]);
        variable.ids.push_back(s);
      }
  }
  std::vector<Cost> costs;
  for (const Edge &edge : problem.edges) {
    Variable &a = variables[edge.from], &b = variables[edge.to];
    int columns = b.idCount;
    if (edge.from == edge.to) {
      for (int s = 0; s < a.size(); ++s)
        a.costs[s] = add(a.costs[s], edge.costs[a.ids[s] * columns + a.ids[s]]);
      continue;
    }
    costs.clear();
    for (int s : a.ids)
      for (int t : b.ids)
        costs.push_back(std::min(never, edge.costs[static_cast<size_t>(s) * columns + t]));
    addLink(edge.from, edge.to, costs);
  }
  for (size_t n = 0; n < variables.size(); ++n) { // diagonals may have become never
    std::vector<char> keep;
    for (Cost cost : variables[n].costs)
      keep.push_back(cost < never);
    if (std::find(keep.begin(), keep.end(), 0) != keep.end())
      restrict(static_cast<int>(n), keep);
    if (variables[n].size() == 0 && !infeasible) {
      infeasible = {NoChoice::Forbidden, static_cast<int>(n)};
    }
  }
  limited = withMemory && problem.usageLimit.has_value();
  if (limited) {
    limit = *problem.usageLimit;
    buildMoments(problem);
  }
}

/// A peak can only stand where something has just begun: those times are the
/// moments.
void Model::buildMoments(const Problem &problem) {
  for (const Node &node : problem.nodes)
    for (const Use &use : node.uses)
      if (use.begin < use.end)
        times.push_back(use.begin);
  std::sort(times.begin(), times.end());
  times.erase(std::unique(times.begin(), times.end()), times.end());
  held.assign(times.size(), 0);
  auto moment = [&](Time time) {
    return static_cast<int>(std::lower_bound(times.begin(), times.end(), time) - times.begin());
  };
  for (size_t n = 0; n < variables.size(); ++n)
    for (const Use &use : problem.nodes[n].uses)
      if (use.begin < use.end) {
        std::vector<Bytes> bytes;
        for (int id : variables[n].ids)
          bytes.push_back(use.bytes[id]);
        addSegment(static_cast<int>(n), moment(use.begin), moment(use.end), std::move(bytes));
      }
}

int Model::findLink(int a, int b) const {
  auto found = pairs.find(key(a, b));
  return found == pairs.end() ? -1 : found->second;
}

int Model::addLink(int a, int b, const std::vector<Cost> &costs) {
  auto [slot, isNew] = pairs.try_emplace(key(a, b), static_cast<int>(links.size()));
  if (isNew) {
    links.push_back({a, b, costs});
    variables[a].links.push_back(slot->second);
    variables[b].links.push_back(slot->second);
    return slot->second;
  }
  Link &link = links[slot->second];
  int rows = variables[a].size(), columns = variables[b].size();
  for (int s = 0; s < rows; ++s)
    for (int t = 0; t < columns; ++t) {
      Cost &sum = link.a == a ? link.costs[s * columns + t] : link.costs[t * rows + s];
      sum = add(sum, costs[s * columns + t]);
    }
  return slot->second;
}

void Model::removeLink(int index) {
  Link &link = links[index];
  for (int end : {link.a, link.b}) {
    auto &list = variables[end].links;
    list.erase(std::find(list.begin(), list.end(), index));
  }
  pairs.erase(key(link.a, link.b));
  link.alive = false;
  link.costs = {};
}

template <typename T>
static void keepOnly(std::vector<T> &values, const std::vector<char> &keep) {
  size_t kept = 0;
  for (size_t i = 0; i < values.size(); ++i)
    if (keep[i])
      values[kept++] = values[i];
  values.resize(kept);
}

void Model::restrict(int index, const std::vector<char> &keep) {
  Variable &variable = variables[index];
  for (int l : variable.links) {
    Link &link = links[l];
    bool rows = link.a == index;
    int columns = variables[link.b].size();
    size_t kept = 0;
    for (size_t cell = 0; cell < link.costs.size(); ++cell)
      if (keep[rows ? cell / columns : cell % columns])
        link.costs[kept++] = link.costs[cell];
    link.costs.resize(kept);
  }
  keepOnly(variable.costs, keep);
  keepOnly(variable.ids, keep);
  for (Segment &segment : variable.segments)
    keepOnly(segment.bytes, keep);
  variable.tidy = false;
}

void Model::retire(int variable) {
  variables[variable] = {};
  variables[variable].alive = false;
}

void Model::addSegment(int variable, int begin, int end, std::vector<Bytes> bytes) {
  if (begin >= end)
    return;
  variables[variable].segments.push_back({begin, end, std::move(bytes)});
  variables[variable].tidy = false;
}

void Model::tidySegments(int index) {
  if (variables[index].tidy)
    return;
  variables[index].tidy = true;
  std::vector<Segment> &segments = variables[index].segments;
  for (Segment &segment : segments) {
    Bytes least = *std::min_element(segment.bytes.begin(), segment.bytes.end());
    if (least == 0)
      continue;
    for (int t = segment.begin; t < segment.end; ++t)
      held[t] += least;
    for (Bytes &bytes : segment.bytes)
      bytes -= least;
  }
  std::erase_if(segments, [](const Segment &segment) {
    return segment.begin >= segment.end ||
           std::all_of(segment.bytes.begin(), segment.bytes.end(), [](Bytes b) { return b == 0; });
  });
  std::sort(segments.begin(), segments.end(),
            [](const Segment &x, const Segment &y) { return x.begin < y.begin; });
  bool disjoint = true;
  for (size_t i = 1; i < segments.size(); ++i)
    disjoint &= segments[i - 1].end <= segments[i].begin;
  if (disjoint)
    return;

  // Sweep the ends; between two of them the living segments add up.
  std::map<int, std::vector<std::pair<int, int>>> events; // moment -> (segment, +1 or -1)
  for (size_t i = 0; i < segments.size(); ++i) {
    events[segments[i].begin].push_back({static_cast<int>(i), 1});
    events[segments[i].end].push_back({static_cast<int>(i), -1});
  }
  std::vector<Segment> tidy;
  std::vector<Bytes> sum(variables[index].size(), 0);
  int living = 0, since = 0;
  for (auto &[moment, changes] : events) {
    if (living) {
      if (!tidy.empty() && tidy.back().end == since && tidy.back().bytes == sum)
        tidy.back().end = moment;
      else
        tidy.push_back({since, moment, sum});
    }
    for (auto [i, sign] : changes) {
      living += sign;
      for (size_t s = 0; s < sum.size(); ++s)
        sum[s] += sign * segments[i].bytes[s];
    }
    since = moment;
  }
  segments = std::move(tidy);
  variables[index].tidy = false; // sums may have a common part again
  tidySegments(index);
}

Solution Model::expand(const std::vector<int> &choice) const {
  Solution solution(variables.size(), 0);
  for (size_t v = 0; v < variables.size(); ++v)
    if (variables[v].alive)
      solution[v] = variables[v].ids[choice[v]];
  trail.replay(solution);
  return solution;
}

std::vector<std::vector<Cost>> Model::unaryCosts() const {
  std::vector<std::vector<Cost>> costs;
  for (const Variable &variable : variables)
    costs.push_back(variable.costs);
  return costs;
}

int64_t Model::cells() const {
  size_t cells = variables.size();
  for (const Link &link : links)
    cells += link.costs.size();
  return static_cast<int64_t>(cells);
}

Int128 Model::costOf(const std::vector<int> &choice) const {
  Int128 cost = constant;
  for (size_t v = 0; v < variables.size(); ++v)
    if (variables[v].alive)
      cost += variables[v].costs[choice[v]];
  for (const Link &link : links)
    if (link.alive)
      cost += link.costs[static_cast<size_t>(choice[link.a]) * variables[link.b].size() +
                         choice[link.b]];
  return cost;
}

} // namespace autopar::ilp
