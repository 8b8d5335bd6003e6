// Rows and columns of the integer program, and the scaling that keeps them
// where floating point is at ease.

#include "compiler/solvers/ilp/Formulation.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>

namespace autopar::ilp {

static constexpr double infinity = std::numeric_limits<double>::max();

Formulation::Formulation(const Model &model, std::vector<int> chosen, Objective objective)
    : model(model), variables(std::move(chosen)), objective(objective),
      firstColumn(model.variables.size(), -1), momentRow(model.times.size(), -1),
      living(model.times.size()) {
  bool byCost = objective == Objective::Cost;
  Cost largest = 1;
  for (int v : variables) {
    const Variable &variable = model.variables[v];
    firstColumn[v] = binaries;
    binaries += variable.size();
    Cost least = *std::min_element(variable.costs.begin(), variable.costs.end());
    offset += byCost ? least : 0;
    for (Cost c : variable.costs) {
      cost.push_back(byCost ? static_cast<double>(c - least) : 0);
      largest = std::max(largest, c - least);
    }
    for (size_t s = 0; s < variable.segments.size(); ++s)
      for (int t = variable.segments[s].begin; t < variable.segments[s].end; ++t)
        living[t].push_back({v, static_cast<int>(s)});
  }
  columnUpper.assign(binaries, 1);
  binaryRows.resize(binaries);
  for (int v : variables) {
    for (int s = 0; s < model.variables[v].size(); ++s)
      binaryRows[columnOf(v, s)].push_back({rows(), 1});
    rowLower.push_back(1);
    rowUpper.push_back(1);
  }
  if (objective == Objective::Peak) {
    cost.push_back(1);
    columnUpper.push_back(infinity);
  }
  if (byCost) {
    for (int v : variables)
      for (int l : model.variables[v].links)
        for (Cost c : model.links[l].costs)
          if (c < never)
            largest = std::max(largest, c);
    costUnit = std::max(1.0, static_cast<double>(largest) / 1e6);
    for (double &c : cost)
      c /= costUnit;
  }
  for (int v : variables)
    for (int l : model.variables[v].links)
      if (model.links[l].a == v)
        addLinks(l);

  Bytes most = 1;
  for (int v : variables)
    for (const Segment &segment : model.variables[v].segments)
      most = std::max(most, *std::max_element(segment.bytes.begin(), segment.bytes.end()));
  bytesUnit = std::max(1.0, static_cast<double>(most) / 1e4);
  if (objective == Objective::Peak) {
    costUnit = bytesUnit;
    offset = 0;
  }
}

namespace {

/// Gives equal rows the same number; returns the number of each.
std::vector<int> clusterRows(const LinkView &view, int &count) {
  std::map<std::vector<Cost>, int> seen;
  std::vector<int> cluster;
  std::vector<Cost> row(view.columns);
  for (int s = 0; s < view.rows; ++s) {
    for (int t = 0; t < view.columns; ++t)
      row[t] = view(s, t);
    cluster.push_back(seen.try_emplace(row, static_cast<int>(seen.size())).first->second);
  }
  count = static_cast<int>(seen.size());
  return cluster;
}

/// A link with its equal rows and equal columns taken together.
struct Clusters {
  Clusters(const Model &model, int l)
      : rowOf(clusterRows(model.view(l, model.links[l].a), rowCount)),
        columnOf(clusterRows(model.view(l, model.links[l].b), columnCount)) {
    std::vector<char> seen(static_cast<size_t>(rowCount) * columnCount, 0);
    LinkView view = model.view(l, model.links[l].a);
    for (int s = 0; s < view.rows; ++s)
      for (int t = 0; t < view.columns; ++t) {
        char &done = seen[static_cast<size_t>(rowOf[s]) * columnCount + columnOf[t]];
        if (done || view(s, t) >= never)
          continue;
        done = 1;
        pairs.push_back({rowOf[s], columnOf[t], view(s, t)});
      }
  }

  struct Pair {
    int row, column; // clusters
    Cost cost;
  };
  int rowCount = 0, columnCount = 0;
  std::vector<int> rowOf, columnOf; // [strategies of a], [strategies of b]
  std::vector<Pair> pairs;          // the finite ones
};

} // namespace

int Formulation::countColumns(const Model &model, int most) {
  int64_t columns = 0;
  for (const Variable &variable : model.variables)
    columns += variable.size();
  for (size_t l = 0; l < model.links.size() && columns <= most; ++l)
    if (model.links[l].alive)
      columns += static_cast<int64_t>(Clusters(model, static_cast<int>(l)).pairs.size());
  return static_cast<int>(std::min<int64_t>(columns, most + int64_t{1}));
}

void Formulation::addLinks(int l) {
  const Link &link = model.links[l];
  Clusters clusters(model, l);
  int rowCount = clusters.rowCount, columnCount = clusters.columnCount;
  int firstRow = rows();
  rowLower.resize(firstRow + rowCount + columnCount, 0);
  rowUpper.resize(firstRow + rowCount + columnCount, 0);
  for (size_t s = 0; s < clusters.rowOf.size(); ++s)
    binaryRows[columnOf(link.a, static_cast<int>(s))].push_back(
        {firstRow + clusters.rowOf[s], -1});
  for (size_t t = 0; t < clusters.columnOf.size(); ++t)
    binaryRows[columnOf(link.b, static_cast<int>(t))].push_back(
        {firstRow + rowCount + clusters.columnOf[t], -1});
  for (auto [row, column, pairCost] : clusters.pairs) {
    cost.push_back(objective == Objective::Cost ? static_cast<double>(pairCost) / costUnit : 0);
    columnUpper.push_back(infinity);
    pairRows.push_back({firstRow + row, firstRow + rowCount + column});
  }
}

bool Formulation::addMoment(int moment) {
  if (momentRow[moment] >= 0)
    return false;
  int row = momentRow[moment] = rows();
  for (auto [v, s] : living[moment]) {
    const std::vector<Bytes> &bytes = model.variables[v].segments[s].bytes;
    for (size_t i = 0; i < bytes.size(); ++i)
      if (bytes[i])
        binaryRows[columnOf(v, static_cast<int>(i))].push_back(
            {row, static_cast<double>(bytes[i]) / bytesUnit});
  }
  rowLower.push_back(-infinity);
  if (objective == Objective::Peak) {
    peakRows.push_back({row, -1});
    rowUpper.push_back(-static_cast<double>(model.held[moment]) / bytesUnit);
  } else {
    rowUpper.push_back(static_cast<double>(model.limit - model.held[moment]) / bytesUnit);
  }
  return true;
}

void Formulation::tightenMoment(int moment, Int128 bytes) {
  rowUpper[momentRow[moment]] -= static_cast<double>(bytes) / bytesUnit;
}

std::vector<double> Formulation::usage(std::span<const double> columns) const {
  std::vector<double> total;
  for (Int128 held : model.held)
    total.push_back(static_cast<double>(held));
  std::vector<double> change(total.size() + 1, 0);
  for (int v : variables)
    for (const Segment &segment : model.variables[v].segments) {
      double holds = 0;
      for (size_t s = 0; s < segment.bytes.size(); ++s)
        holds +=
            static_cast<double>(segment.bytes[s]) * columns[columnOf(v, static_cast<int>(s))];
      change[segment.begin] += holds;
      change[segment.end] -= holds;
    }
  double living = 0;
  for (size_t t = 0; t < total.size(); ++t)
    total[t] += living += change[t];
  return total;
}

double Formulation::priceOfMemory(std::span<const double> duals) const {
  double price = 0;
  for (int row : momentRow)
    if (row >= 0)
      price -= duals[row] * costUnit / bytesUnit;
  return price;
}

int Formulation::addViolated(const std::vector<double> &usage, double limit, int most) {
  std::vector<int> worst; // of each run over the limit
  bool inRun = false;
  for (size_t t = 0; t < usage.size(); ++t) {
    bool over = usage[t] > limit && momentRow[t] < 0;
    if (over && (!inRun || usage[t] > usage[worst.back()])) {
      if (!inRun)
        worst.push_back(0);
      worst.back() = static_cast<int>(t);
    }
    inRun = over;
  }
  std::sort(worst.begin(), worst.end(),
            [&](int s, int t) { return usage[s] != usage[t] ? usage[s] > usage[t] : s < t; });
  if (static_cast<int>(worst.size()) > most)
    worst.resize(most);
  for (int t : worst)
    addMoment(t);
  return static_cast<int>(worst.size());
}

Formulation::Columns Formulation::assemble() const {
  Columns result;
  auto entry = [&](int row, double value) {
    result.index.push_back(row);
    result.value.push_back(value);
  };
  auto close = [&] { result.start.push_back(static_cast<int>(result.index.size())); };
  close();
  for (const auto &column : binaryRows) {
    for (auto [row, value] : column)
      entry(row, value);
    close();
  }
  if (objective == Objective::Peak) {
    for (auto [row, value] : peakRows)
      entry(row, value);
    close();
  }
  for (auto [first, second] : pairRows) {
    entry(first, 1);
    entry(second, 1);
    close();
  }
  return result;
}

} // namespace autopar::ilp
