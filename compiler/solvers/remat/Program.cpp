#include "compiler/solvers/remat/Program.h"

#include <coin/Cbc_C_Interface.h>

#include <algorithm>
#include <memory>

namespace autopar::remat {

namespace {

/// Of a small program CBC may have preprocessed; some never end without it. But where its time
/// runs out inside preprocessing it crashes in postProcess, so then it gets time enough to be
/// beyond that.
bool isSmall(const Program &program) { return program.cost.size() <= 500; }

double secondsFor(const Program &program, double wanted) {
  constexpr double preprocessing = 2; // many times what it takes
  return std::max(isSmall(program) ? preprocessing : 0.01, wanted);
}

ProgramAnswer runCbc(const Program &program, double seconds, double allowedGap) {
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
  if (!isSmall(program))
    Cbc_setParameter(cbc, "preprocess", "off");
  Cbc_setParameter(cbc, "timeMode", "cpu"); // of this process, which does nothing else
  set("sec", seconds);
  set("allow", allowedGap);
  set("ratio", 0);
  if (!program.start.empty()) {
    std::vector<int> which;
    std::vector<double> values;
    for (auto [column, known] : program.start) {
      which.push_back(column);
      values.push_back(known);
    }
    Cbc_setMIPStartI(cbc, static_cast<int>(which.size()), which.data(), values.data());
  }
  Cbc_solve(cbc);

  ProgramAnswer answer;
  answer.bound = Cbc_getBestPossibleObjValue(cbc);
  if (const double *best = Cbc_bestSolution(cbc)) {
    answer.kind = Cbc_status(cbc) == 0 ? ProgramAnswer::Optimal : ProgramAnswer::Feasible;
    answer.columns.assign(best, best + columns);
  } else if (Cbc_isProvenInfeasible(cbc)) {
    answer.kind = ProgramAnswer::Infeasible;
  }
  return answer;
}

} // namespace

ProgramAnswer solveByCbc(const Program &program, double seconds, double allowedGap) {
  const double limit = secondsFor(program, seconds);
  ProgramAnswer answer;
  const Apart::End end =
      Apart{.work =
                [&](const Apart::Tell &tell) {
                  const ProgramAnswer found = runCbc(program, limit, allowedGap);
                  tell(Message().put(found.kind).put(found.bound).put(found.columns));
                },
            .hear =
                [&](Message &message) {
                  answer.kind = message.take<ProgramAnswer::Kind>();
                  answer.bound = message.take<double>();
                  answer.columns = message.takeList<double>();
                },
            .mayGoOn = [&](double used) { return used < 1 + 1.1 * limit; }}
          .run();
  answer.seconds = end.seconds;
  if (end.kind == Apart::End::Crashed)
    answer.fault = end.fault;
  return answer;
}

} // namespace autopar::remat
