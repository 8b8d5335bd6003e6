#include "MomentIlp.h"

#include <coin/Cbc_C_Interface.h>

#include <algorithm>
#include <cmath>
#include <memory>

namespace autopar::remat {

namespace {

/// A sparse program, built row by row.
struct Program {
  struct Term {
    int column;
    double factor;
  };
  std::vector<double> cost, lower, upper;
  std::vector<char> integer;
  std::vector<std::vector<std::pair<int, double>>> columns;
  std::vector<double> rowLower, rowUpper;

  int addColumn(double columnCost, bool binary, double lowerBound = 0) {
    cost.push_back(columnCost);
    lower.push_back(lowerBound);
    upper.push_back(1);
    integer.push_back(binary);
    columns.emplace_back();
    return static_cast<int>(cost.size()) - 1;
  }
  void addRow(const std::vector<Term> &terms, double low, double high) {
    for (Term term : terms)
      columns[term.column].emplace_back(static_cast<int>(rowLower.size()), term.factor);
    rowLower.push_back(low);
    rowUpper.push_back(high);
  }
};

constexpr double infinity = 1e30;
constexpr int none = -1;

} // namespace

MomentIlp::MomentIlp(const Problem &problem, int64_t budget)
    : problem(problem), budget(budget), last(lastUses(problem)), fixed(problem.size(), 0) {
  for (int i = 0; i < problem.size(); ++i)
    fixed[i] = !problem.operations[i].recomputable;
  for (const Operation &operation : problem.operations)
    if (operation.recomputable)
      for (int input : operation.inputs)
        fixed[input] = 0;
}

bool MomentIlp::refine(const Sequence &sequence, int most) {
  Simulation simulation = simulate(problem, sequence);
  // The first run of each operation, and for each position the operation of
  // the original order that comes next (the position's own, if a first run).
  std::vector<char> ran(problem.size(), 0);
  std::vector<char> isFirst(sequence.size());
  for (size_t at = 0; at < sequence.size(); ++at) {
    isFirst[at] = !ran[sequence[at]];
    ran[sequence[at]] = 1;
  }
  std::vector<int> next(sequence.size(), problem.size());
  for (size_t at = sequence.size(); at-- > 0;)
    next[at] = isFirst[at] ? sequence[at] : at + 1 < sequence.size() ? next[at + 1] : problem.size();

  std::vector<size_t> over;
  for (size_t at = 0; at < sequence.size(); ++at)
    if (simulation.live[at] > budget)
      over.push_back(at);
  std::stable_sort(over.begin(), over.end(), [&](size_t a, size_t b) {
    return simulation.live[a] > simulation.live[b];
  });
  int added = 0;
  std::set<int> fresh;
  for (size_t at : over) {
    if (added == most)
      break;
    int moment = next[at];
    if (isFirst[at]) {
      // Neighbours tell nearly the same; leave them for the next round.
      bool near = false;
      for (int other : fresh)
        near |= std::abs(other - moment) < 3;
      if (!near && addMoment(moment)) {
        fresh.insert(moment);
        ++added;
      }
      continue;
    }
    // Inside a recomputation: first both moments beside it, then a condition.
    bool split = false;
    for (int beside : {moment - 1, moment})
      if (beside >= 0 && beside < problem.size() && !moments.count(beside)) {
        moments.insert(beside);
        fresh.insert(beside);
        split = true;
      }
    if (split || (moment < problem.size() && conditions.insert({moment - 1, sequence[at]}).second))
      ++added;
  }
  return added > 0;
}

IlpAnswer MomentIlp::solve(double seconds, double allowedGap, const Sequence &start) const {
  const std::vector<int> t(moments.begin(), moments.end());
  const int stages = static_cast<int>(t.size());
  const int size = problem.size();
  const std::vector<Operation> &operations = problem.operations;

  // Costs and bytes as numbers near one.
  double costUnit = std::max<double>(1, double(problem.totalCost())) / 1e4;
  double byteUnit = std::max<double>(1, double(budget)) / 1e3;

  // useful[i] at stage k: something at or after t_k may read value i.
  Program program;
  std::vector<std::vector<int>> x(stages, std::vector<int>(size, none)), r = x, p = x;
  std::vector<double> fixedBytes(stages, 0);
  for (int k = 0; k < stages; ++k) {
    std::vector<char> useful(size, 0);
    for (int i = t[k] - 1; i >= 0; --i) {
      useful[i] |= last[i] >= t[k];
      if (useful[i] && operations[i].recomputable)
        for (int input : operations[i].inputs)
          useful[input] = 1;
    }
    const std::vector<int> &now = operations[t[k]].inputs;
    for (int i = 0; i < t[k]; ++i) {
      if (!useful[i])
        continue;
      if (fixed[i]) {
        fixedBytes[k] += operations[i].bytes;
        continue;
      }
      bool read = std::find(now.begin(), now.end(), i) != now.end();
      // A value that cannot be made again stays while the order wants it.
      bool must = read || (!operations[i].recomputable && last[i] >= t[k]);
      x[k][i] = program.addColumn(0, true, must);
      if (operations[i].recomputable)
        r[k][i] = program.addColumn(double(operations[i].cost) / costUnit, true);
    }
  }

  using Terms = std::vector<Program::Term>;
  auto put = [](Terms &terms, int column, double factor) {
    if (column != none)
      terms.push_back({column, factor});
  };
  auto inBytes = [&](double bytes) { return bytes / byteUnit; };
  for (int k = 0; k < stages; ++k) {
    int end = k + 1 < stages ? t[k + 1] : size;
    double room = double(budget - operations[t[k]].bytes - operations[t[k]].workspace);
    if (auto found = withheld.find(t[k]); found != withheld.end())
      room -= double(found->second);
    Terms memory;
    for (int i = 0; i < t[k]; ++i)
      if (operations[i].bytes > 0)
        put(memory, x[k][i], inBytes(double(operations[i].bytes)));
    room -= fixedBytes[k];
    if (room < 0 && memory.empty())
      return {IlpAnswer::Infeasible, {}, 0, infinity};
    program.addRow(memory, -infinity, inBytes(room));

    std::set<int> needed;
    for (int j = t[k] + 1; j < end; ++j)
      for (int input : operations[j].inputs)
        if (input < t[k] && x[k][input] != none)
          needed.insert(input);
    for (int u : needed) {
      Terms terms;
      put(terms, x[k][u], 1);
      put(terms, r[k][u], 1);
      program.addRow(terms, 1, infinity);
    }
    for (int v = 0; v < t[k]; ++v) {
      if (r[k][v] == none)
        continue;
      for (int u : operations[v].inputs) {
        Terms terms;
        put(terms, r[k][v], 1);
        put(terms, r[k][u], -1);
        put(terms, x[k][u], -1);
        program.addRow(terms, -infinity, 0);
      }
    }
    if (k + 1 == stages)
      break;
    for (int i = 0; i < t[k]; ++i) {
      if (x[k + 1][i] == none)
        continue;
      Terms terms;
      put(terms, x[k + 1][i], 1);
      put(terms, x[k][i], -1);
      put(terms, r[k][i], -1);
      program.addRow(terms, -infinity, 0);
    }
  }

  for (auto [moment, v] : conditions) {
    int k = static_cast<int>(std::lower_bound(t.begin(), t.end(), moment) - t.begin());
    if (k + 1 >= stages || t[k] != moment || t[k + 1] != moment + 1 || r[k][v] == none)
      continue;
    const std::vector<int> &inputs = operations[v].inputs;
    double room = double(budget), own = double(operations[v].bytes + operations[v].workspace);
    Terms during;
    for (int i = 0; i <= moment; ++i) {
      if (i == v)
        continue;
      bool input = std::find(inputs.begin(), inputs.end(), i) != inputs.end();
      if (fixed[i]) {
        if (last[i] > moment)
          room -= double(operations[i].bytes);
        continue;
      }
      if (input) {
        own += double(operations[i].bytes);
        continue;
      }
      if (operations[i].bytes == 0 || i == moment || x[k][i] == none || x[k + 1][i] == none)
        continue;
      if (p[k][i] == none) {
        p[k][i] = program.addColumn(0, false);
        Terms terms;
        put(terms, p[k][i], 1);
        put(terms, x[k][i], -1);
        put(terms, x[k + 1][i], -1);
        put(terms, r[k][i], 1);
        program.addRow(terms, -1, infinity);
      }
      during.push_back({p[k][i], inBytes(double(operations[i].bytes))});
    }
    during.push_back({r[k][v], inBytes(own)});
    program.addRow(during, -infinity, inBytes(room));
  }

  std::unique_ptr<Cbc_Model, decltype(&Cbc_deleteModel)> owner(Cbc_newModel(), &Cbc_deleteModel);
  Cbc_Model *cbc = owner.get();
  auto set = [&](const char *name, double value) {
    char text[40];
    snprintf(text, sizeof text, "%.12g", value);
    Cbc_setParameter(cbc, name, text);
  };
  Cbc_setParameter(cbc, "log", "0");
  Cbc_setParameter(cbc, "slog", "0");
  std::vector<int> starts{0}, index;
  std::vector<double> value;
  for (const auto &column : program.columns) {
    for (auto [row, factor] : column) {
      index.push_back(row);
      value.push_back(factor);
    }
    starts.push_back(static_cast<int>(index.size()));
  }
  const int columns = static_cast<int>(program.cost.size());
  Cbc_loadProblem(cbc, columns, static_cast<int>(program.rowLower.size()), starts.data(),
                  index.data(), value.data(), program.lower.data(), program.upper.data(),
                  program.cost.data(), program.rowLower.data(), program.rowUpper.data());
  for (int column = 0; column < columns; ++column)
    if (program.integer[column])
      Cbc_setInteger(cbc, column);
  Cbc_setParameter(cbc, "timeMode", "elapsed");
  set("sec", std::max(0.01, seconds));
  set("allow", allowedGap / costUnit);
  set("ratio", 0);
  if (!start.empty()) {
    Plan known = readPlan(problem, start, t);
    std::vector<int> which;
    std::vector<double> values;
    for (int k = 0; k < stages; ++k)
      for (int i = 0; i < size; ++i) {
        if (x[k][i] != none) {
          which.push_back(x[k][i]);
          values.push_back(known.resident[k][i]);
        }
        if (r[k][i] != none) {
          which.push_back(r[k][i]);
          values.push_back(known.again[k][i]);
        }
      }
    Cbc_setMIPStartI(cbc, static_cast<int>(which.size()), which.data(), values.data());
  }
  Cbc_solve(cbc);

  IlpAnswer answer;
  bool finished = Cbc_status(cbc) == 0;
  const double *best = Cbc_bestSolution(cbc);
  answer.bound = std::max(0.0, Cbc_getBestPossibleObjValue(cbc) * costUnit);
  if (!best) {
    bool infeasible = Cbc_isProvenInfeasible(cbc);
    answer.kind = infeasible ? IlpAnswer::Infeasible : IlpAnswer::Unknown;
    if (infeasible)
      answer.bound = infinity;
    return answer;
  }
  answer.kind = finished ? IlpAnswer::Optimal : IlpAnswer::Feasible;
  answer.plan.moments = t;
  answer.plan.resident.assign(stages, std::vector<char>(size, 0));
  answer.plan.again = answer.plan.resident;
  for (int k = 0; k < stages; ++k)
    for (int i = 0; i < size; ++i) {
      if (x[k][i] != none)
        answer.plan.resident[k][i] = best[x[k][i]] > 0.5;
      if (r[k][i] != none && best[r[k][i]] > 0.5) {
        answer.plan.again[k][i] = 1;
        answer.objective += double(operations[i].cost);
      }
    }
  answer.bound = std::min(answer.bound, answer.objective);
  return answer;
}

} // namespace autopar::remat
