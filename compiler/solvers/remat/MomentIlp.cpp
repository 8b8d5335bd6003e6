#include "compiler/solvers/remat/MomentIlp.h"

#include "compiler/solvers/remat/Program.h"

#include <algorithm>
#include <cmath>

namespace autopar::remat {

namespace {

constexpr double infinity = Program::infinity;

Sum one(Variable variable) {
  Sum sum;
  sum.add(variable, 1);
  return sum;
}

Sum always() {
  Sum sum;
  sum.constant = 1;
  return sum;
}

} // namespace

MomentIlp::MomentIlp(const Problem &problem, int64_t budget)
    : problem(problem), budget(budget), last(lastUses(problem)), readers(problem.size()) {
  for (int i = 0; i < problem.size(); ++i)
    for (int input : problem.operations[i].inputs)
      readers[input].push_back(i);
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
      // A value that another is made in place of, and that is made again at once, is let go between
      // two moments only.
      bool isPlaced = !problem.operations[moment].over.empty() && moment + 1 < problem.size();
      if (!near && (addMoment(moment) || (isPlaced && addMoment(moment + 1)))) {
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

IlpAnswer MomentIlp::solve(const Clock &clock, double seconds, double allowedGap,
                           const Sequence &start, const std::vector<char> *free) const {
  const std::vector<int> t(moments.begin(), moments.end());
  const int stages = static_cast<int>(t.size());
  const int size = problem.size();
  const std::vector<Operation> &operations = problem.operations;
  const Plan known = start.empty() ? Plan() : readPlan(problem, start, t);

  // Costs and bytes as numbers near one.
  const double costUnit = std::max<double>(1, double(problem.totalCost())) / 1e4;
  const double byteUnit = std::max<double>(1, double(budget)) / 1e3;
  auto inBytes = [&](double bytes) { return bytes / byteUnit; };

  // Columns, for what something at or after t_k may read. All else is zero.
  Program program;
  std::vector<std::vector<Variable>> x(stages, std::vector<Variable>(size)), r = x;
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
      bool recomputable = operations[i].recomputable;
      bool read = std::find(now.begin(), now.end(), i) != now.end();
      bool decided = free && !(*free)[i];
      // A value that cannot be made again stays while the order wants it.
      if (read || (!recomputable && last[i] >= t[k]))
        x[k][i].value = 1;
      else if (decided)
        x[k][i].value = known.resident[k][i];
      else
        x[k][i] = program.addColumn(0, true);
      if (decided)
        r[k][i].value = known.again[k][i];
      else if (recomputable)
        r[k][i] = program.addColumn(double(operations[i].cost) / costUnit, true);
    }
  }

  for (int k = 0; k < stages; ++k) {
    int end = k + 1 < stages ? t[k + 1] : size;
    Sum memory;
    for (int i = 0; i < t[k]; ++i)
      memory.add(x[k][i], inBytes(double(operations[i].bytes)));

    std::set<int> needed;
    for (int j = t[k] + 1; j < end; ++j)
      for (int input : operations[j].inputs)
        if (input < t[k])
          needed.insert(input);
    // Made in the place of v unless v is wanted later, without being made again.
    Sum places;
    for (int v : operations[t[k]].over) {
      if (!operations[v].recomputable && last[v] > t[k])
        continue;
      Variable inPlace = program.addColumn(0, false);
      auto wantedBy = [&](Sum reader) {
        reader.add(inPlace, 1);
        reader.add(r[k][v], -1);
        program.addRow(reader, -infinity, 1);
      };
      if (needed.count(v))
        wantedBy(always());
      else if (k + 1 < stages)
        wantedBy(one(x[k + 1][v]));
      for (int reader : readers[v])
        if (reader < t[k])
          wantedBy(one(r[k][reader]));
      memory.add(inPlace, -inBytes(double(operations[t[k]].bytes)));
      places.add(inPlace, 1);
    }
    program.addRow(places, 0, 1);
    program.addRow(memory, -infinity,
                   inBytes(double(budget - operations[t[k]].bytes - operations[t[k]].workspace)));

    for (int u : needed) {
      Sum there;
      there.add(x[k][u], 1);
      there.add(r[k][u], 1);
      program.addRow(there, 1, infinity);
    }
    for (int v = 0; v < t[k]; ++v)
      for (int u : operations[v].inputs) {
        Sum source;
        source.add(r[k][v], 1);
        source.add(r[k][u], -1);
        source.add(x[k][u], -1);
        program.addRow(source, -infinity, 0);
      }
    for (int i = 0; k + 1 < stages && i < t[k]; ++i) {
      Sum carry;
      carry.add(x[k + 1][i], 1);
      carry.add(x[k][i], -1);
      carry.add(r[k][i], -1);
      program.addRow(carry, -infinity, 0);
    }
  }

  for (auto [moment, v] : conditions) {
    int k = static_cast<int>(std::lower_bound(t.begin(), t.end(), moment) - t.begin());
    if (k + 1 >= stages || t[k] != moment || t[k + 1] != moment + 1)
      continue;
    const std::vector<int> &inputs = operations[v].inputs;
    double own = double(operations[v].bytes + operations[v].workspace);
    Sum during;
    for (int i = 0; i < moment; ++i) {
      if (i == v || operations[i].bytes == 0)
        continue;
      if (std::find(inputs.begin(), inputs.end(), i) != inputs.end()) {
        own += double(operations[i].bytes);
        continue;
      }
      // Each a reason why i is there: at least this much of it.
      std::vector<Sum> reasons;
      auto reason = [&](std::initializer_list<Variable> together, Variable unless = {}) {
        Sum &sum = reasons.emplace_back();
        for (Variable variable : together)
          sum.add(variable, 1);
        sum.add(unless, -1);
        sum.constant -= double(together.size()) - 1;
      };
      reason({x[k][i], x[k + 1][i]}, i < v ? Variable() : r[k][i]);
      if (i < v)
        reason({r[k][i], x[k + 1][i]});
      for (int reader : readers[i]) {
        if (reader >= moment)
          break;
        if (i < v && v < reader)
          reason({r[k][reader]});
        else if (v < i)
          reason({x[k][i], r[k][reader]}, r[k][i]);
      }
      Variable there;
      for (const Sum &sum : reasons) {
        if (sum.terms.empty())
          there.value = std::max(there.value, sum.constant);
        else if (!there.isColumn())
          there = program.addColumn(0, false);
      }
      if (there.isColumn())
        for (Sum &sum : reasons) {
          sum.add(there, -1);
          program.addRow(sum, -infinity, 0);
        }
      during.add(there, inBytes(double(operations[i].bytes)));
    }
    // The moment's own value, where it is wanted later.
    during.add(x[k + 1][moment], inBytes(double(operations[moment].bytes)));
    during.add(r[k][v], inBytes(own));
    // Made in the place of an input that nothing wants afterwards.
    Sum places;
    for (int u : operations[v].over) {
      Variable inPlace = program.addColumn(0, false);
      auto wantedBy = [&](Sum reader) {
        reader.add(inPlace, 1);
        program.addRow(reader, -infinity, 1);
      };
      wantedBy(one(x[k + 1][u]));
      for (int reader : readers[u])
        if (v < reader && reader < moment)
          wantedBy(one(r[k][reader]));
      during.add(inPlace, -inBytes(double(operations[v].bytes)));
      places.add(inPlace, 1);
    }
    if (!places.terms.empty()) {
      places.add(r[k][v], -1);
      program.addRow(places, -infinity, 0);
    }
    program.addRow(during, -infinity, inBytes(double(budget)));
  }
  if (!program.sound)
    return {IlpAnswer::Infeasible, {}, 0, infinity};

  if (!start.empty())
    for (int k = 0; k < stages; ++k)
      for (int i = 0; i < size; ++i) {
        if (x[k][i].isColumn())
          program.start.emplace_back(x[k][i].column, known.resident[k][i]);
        if (r[k][i].isColumn())
          program.start.emplace_back(r[k][i].column, known.again[k][i]);
      }
  const ProgramAnswer solved = solveByCbc(program, seconds, allowedGap / costUnit);
  clock.pass(solved.seconds);

  IlpAnswer answer;
  answer.fault = solved.fault;
  answer.bound = std::max(0.0, solved.bound * costUnit);
  if (solved.kind != ProgramAnswer::Optimal && solved.kind != ProgramAnswer::Feasible) {
    const bool infeasible = solved.kind == ProgramAnswer::Infeasible;
    answer.kind = infeasible ? IlpAnswer::Infeasible : IlpAnswer::Unknown;
    if (infeasible)
      answer.bound = infinity;
    return answer;
  }
  answer.kind = solved.kind == ProgramAnswer::Optimal ? IlpAnswer::Optimal : IlpAnswer::Feasible;
  answer.plan.moments = t;
  answer.plan.resident.assign(stages, std::vector<char>(size, 0));
  answer.plan.again = answer.plan.resident;
  auto chosen = [&](Variable variable) {
    return (variable.isColumn() ? solved.columns[variable.column] : variable.value) > 0.5;
  };
  for (int k = 0; k < stages; ++k)
    for (int i = 0; i < size; ++i) {
      answer.plan.resident[k][i] = chosen(x[k][i]);
      answer.plan.again[k][i] = chosen(r[k][i]);
      if (answer.plan.again[k][i])
        answer.objective += double(operations[i].cost);
    }
  answer.bound = std::min(answer.bound, answer.objective);
  return answer;
}

} // namespace autopar::remat
