// Bucket elimination (Dechter 1999), the variable with the smallest table first.

#include "compiler/solvers/ilp/Elimination.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <set>

namespace autopar::ilp {

/// Costs take 8 bytes a cell, and tables live until their bucket is reached.
static constexpr double largestTable = 2e7;
/// More work than this is nobody's to wait for, nor is the search for an order.
static constexpr double mostCells = 1e10;
/// Combinations between two looks at the clock.
static constexpr size_t checked = 4096;
/// Its sums over tables in no order of memory make a cell as dear as so many of dual ascent.
static constexpr Work workACell = static_cast<Work>(workASecond / Elimination::cellsASecond);

Elimination::Elimination(const Model &model) : model(model) {
  size_t count = model.variables.size();
  std::vector<std::set<int>> neighbors(count);
  for (const Link &link : model.links)
    if (link.alive) {
      neighbors[link.a].insert(link.b);
      neighbors[link.b].insert(link.a);
    }
  auto cellsOf = [&](int v) { // of the table over v and its neighbours
    double cells = model.variables[v].size();
    for (int other : neighbors[v])
      cells *= model.variables[other].size();
    return cells;
  };
  std::set<std::pair<double, int>> queue;
  std::vector<double> cells(count, 0);
  for (size_t v = 0; v < count; ++v)
    if (model.variables[v].alive) {
      cells[v] = cellsOf(static_cast<int>(v));
      queue.insert({cells[v], static_cast<int>(v)});
    }
  while (!queue.empty()) {
    int v = queue.begin()->second;
    queue.erase(queue.begin());
    total += cells[v];
    if (cells[v] / model.variables[v].size() > largestTable || total > mostCells ||
        model.variables[v].size() > std::numeric_limits<uint16_t>::max()) {
      total = std::numeric_limits<double>::infinity();
      return;
    }
    std::vector<int> scope(neighbors[v].begin(), neighbors[v].end());
    for (int a : scope) {
      neighbors[a].erase(v);
      for (int b : scope)
        if (a != b)
          neighbors[a].insert(b);
    }
    for (int a : scope) {
      queue.erase({cells[a], a});
      cells[a] = cellsOf(a);
      queue.insert({cells[a], a});
    }
    order.push_back({v, std::move(scope)});
  }
}

size_t Elimination::sizeOf(std::span<const int> scope) const {
  size_t size = 1;
  for (int v : scope)
    size *= model.variables[v].size();
  return size;
}

bool Elimination::reduce(Step &step, const std::vector<Table> &tables,
                         const std::vector<int> &inputs, const std::vector<Cost> &unary,
                         Table &result, Clock &clock) const {
  size_t dims = step.scope.size(), sources = inputs.size(), size = unary.size();
  // How far each input moves with each of the scope's variables, and with ours.
  std::vector<std::vector<size_t>> stride(sources, std::vector<size_t>(dims, 0));
  std::vector<size_t> own(sources, 0), at(sources, 0);
  for (size_t i = 0; i < sources; ++i) {
    size_t width = 1;
    const std::vector<int> &scope = tables[inputs[i]].scope;
    for (size_t k = scope.size(); k-- > 0; width *= model.variables[scope[k]].size()) {
      if (scope[k] == step.variable)
        own[i] = width;
      else
        stride[i][std::lower_bound(step.scope.begin(), step.scope.end(), scope[k]) -
                  step.scope.begin()] = width;
    }
  }
  size_t combinations = sizeOf(step.scope);
  result.scope = step.scope;
  result.cells.resize(combinations);
  step.best.resize(combinations);
  std::vector<int> digit(dims, 0);
  std::vector<Cost> sum(size);
  for (size_t c = 0; c < combinations; ++c) {
    if (c % checked == 0 &&
        clock.expired(static_cast<Work>(std::min(checked, combinations - c) * size) *
                      workACell))
      return false;
    sum = unary;
    for (size_t i = 0; i < sources; ++i) {
      const Cost *cell = tables[inputs[i]].cells.data() + at[i];
      for (size_t s = 0; s < size; ++s)
        sum[s] = std::min(never, sum[s] + cell[s * own[i]]);
    }
    auto least = std::min_element(sum.begin(), sum.end());
    result.cells[c] = *least;
    step.best[c] = static_cast<uint16_t>(least - sum.begin());
    for (size_t k = dims; k-- > 0;) { // the next combination
      bool wraps = ++digit[k] == model.variables[step.scope[k]].size();
      size_t back = wraps ? model.variables[step.scope[k]].size() - 1 : 0;
      for (size_t i = 0; i < sources; ++i)
        at[i] = wraps ? at[i] - back * stride[i][k] : at[i] + stride[i][k];
      if (!wraps)
        break;
      digit[k] = 0;
    }
  }
  return true;
}

std::optional<Elimination::Answer>
Elimination::solve(const std::vector<std::vector<Cost>> &unary, Cost scale,
                   Clock &clock) const {
  std::vector<Table> tables;
  std::vector<std::vector<int>> bucket(model.variables.size()); // tables that mention it
  auto place = [&](Table table) {
    for (int v : table.scope)
      bucket[v].push_back(static_cast<int>(tables.size()));
    tables.push_back(std::move(table));
  };
  for (const Link &link : model.links)
    if (link.alive) {
      Table table{{link.a, link.b}, link.costs};
      for (Cost &cost : table.cells)
        cost = cost >= never ? never : cost * scale;
      place(std::move(table));
    }
  Answer answer;
  std::vector<Step> steps;
  for (const auto &[v, scope] : order) {
    Step step{v, scope, {}};
    Table result;
    if (!reduce(step, tables, bucket[v], unary[v], result, clock))
      return std::nullopt;
    for (int used : bucket[v]) {
      for (int other : tables[used].scope)
        if (other != v)
          std::erase(bucket[other], used);
      tables[used] = {};
    }
    if (scope.empty())
      answer.cost = std::min(never, answer.cost + result.cells[0]);
    else
      place(std::move(result));
    steps.push_back(std::move(step));
  }
  answer.choice.assign(model.variables.size(), 0);
  for (auto step = steps.rbegin(); step != steps.rend(); ++step) {
    size_t index = 0;
    for (int v : step->scope)
      index = index * model.variables[v].size() + answer.choice[v];
    answer.choice[step->variable] = step->best[index];
  }
  return answer;
}

} // namespace autopar::ilp
