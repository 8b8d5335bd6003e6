// Handing a formulation to CBC or Clp through their C interfaces, and reading
// the answer back.

#include "compiler/ilp/Cbc.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <coin/Cbc_C_Interface.h>
#include <coin/Clp_C_Interface.h>
#include <memory>

namespace autopar::ilp {

CbcOutcome solveWithCbc(const Formulation &formulation, const CbcOptions &options) {
  std::unique_ptr<Cbc_Model, decltype(&Cbc_deleteModel)> owner(Cbc_newModel(), &Cbc_deleteModel);
  Cbc_Model *cbc = owner.get();
  auto set = [&](const char *name, const std::string &value) {
    Cbc_setParameter(cbc, name, value.c_str());
  };
  auto number = [](double value) {
    char text[40];
    snprintf(text, sizeof text, "%.17g", value);
    return std::string(text);
  };
  set("log", options.verbose ? "1" : "0");
  set("slog", options.verbose ? "1" : "0");
  Formulation::Columns matrix = formulation.assemble();
  std::vector<double> lower(formulation.columns(), 0);
  Cbc_loadProblem(cbc, formulation.columns(), formulation.rows(), matrix.start.data(),
                  matrix.index.data(), matrix.value.data(), lower.data(),
                  formulation.columnUpper.data(), formulation.cost.data(),
                  formulation.rowLower.data(), formulation.rowUpper.data());
  for (int column = 0; column < formulation.binaries; ++column)
    Cbc_setInteger(cbc, column);
  // CBC 2.10.8 crashes in postProcess where the time runs out inside its preprocessing.
  set("preprocess", "off");
  set("sec", number(std::max(0.01, options.seconds)));
  set("timeMode", "elapsed");
  set("ratio", number(options.relativeGap));
  // Costs are whole: what is less than one better is not better.
  set("allow", number(0.99 / formulation.costUnit));
  set("increment", number(0.99 / formulation.costUnit));
  set("randomCbcSeed", std::to_string(options.seed));
  set("randomSeed", std::to_string(options.seed));
  if (options.cutoff)
    set("cutoff", number(*options.cutoff));
  if (!options.start.empty()) {
    std::vector<int> columns(formulation.binaries);
    for (int column = 0; column < formulation.binaries; ++column)
      columns[column] = column;
    Cbc_setMIPStartI(cbc, formulation.binaries, columns.data(), options.start.data());
  }
  Cbc_solve(cbc);

  CbcOutcome outcome;
  const double *best = Cbc_bestSolution(cbc);
  outcome.bound = Cbc_getBestPossibleObjValue(cbc);
  bool finished = Cbc_status(cbc) == 0;
  if (best) {
    outcome.columns.assign(best, best + formulation.columns());
    outcome.objective = 0;
    for (int column = 0; column < formulation.columns(); ++column)
      outcome.objective += best[column] * formulation.cost[column];
    outcome.kind = finished ? CbcOutcome::Optimal : CbcOutcome::Feasible;
  } else if (finished || Cbc_isProvenInfeasible(cbc)) {
    outcome.kind = CbcOutcome::Infeasible;
  }
  return outcome;
}

struct Relaxation::Implementation {
  Clp_Simplex *model = Clp_newModel();
  ~Implementation() { Clp_deleteModel(model); }
};

Relaxation::Relaxation(Formulation &formulation)
    : formulation(formulation), clp(new Implementation) {
  Clp_setLogLevel(clp->model, 0);
  Formulation::Columns matrix = formulation.assemble();
  std::vector<double> lower(formulation.columns(), 0);
  Clp_loadProblem(clp->model, formulation.columns(), formulation.rows(), matrix.start.data(),
                  matrix.index.data(), matrix.value.data(), lower.data(),
                  formulation.columnUpper.data(), formulation.cost.data(),
                  formulation.rowLower.data(), formulation.rowUpper.data());
  rowsLoaded = formulation.rows();
}

Relaxation::~Relaxation() { delete clp; }

void Relaxation::addNewRows() {
  int count = formulation.rows() - rowsLoaded;
  Formulation::Columns matrix = formulation.assemble(); // column-wise: gather the new rows
  std::vector<std::vector<std::pair<int, double>>> rows(count);
  for (int column = 0; column < formulation.columns(); ++column)
    for (int k = matrix.start[column]; k < matrix.start[column + 1]; ++k)
      if (matrix.index[k] >= rowsLoaded)
        rows[matrix.index[k] - rowsLoaded].push_back({column, matrix.value[k]});
  std::vector<int> start{0}, index;
  std::vector<double> value;
  for (const auto &row : rows) {
    for (auto [column, coefficient] : row) {
      index.push_back(column);
      value.push_back(coefficient);
    }
    start.push_back(static_cast<int>(index.size()));
  }
  Clp_addRows(clp->model, count, formulation.rowLower.data() + rowsLoaded,
              formulation.rowUpper.data() + rowsLoaded, start.data(), index.data(),
              value.data());
  rowsLoaded = formulation.rows();
}

Relaxation::Kind Relaxation::solve(double seconds) {
  auto begin = std::chrono::steady_clock::now();
  bool first = true;
  while (true) {
    std::chrono::duration<double> elapsed = std::chrono::steady_clock::now() - begin;
    if (elapsed.count() >= seconds)
      return OutOfTime;
    Clp_setMaximumSeconds(clp->model, seconds - elapsed.count());
    if (first)
      Clp_initialDualSolve(clp->model); // with Clp's own presolve
    else
      Clp_dual(clp->model, 0);
    first = false;
    int status = Clp_status(clp->model);
    if (status == 1)
      return Infeasible;
    if (status != 0)
      return OutOfTime;
    const Model &model = formulation.model;
    if (!model.limited)
      return Solved;
    double limit = static_cast<double>(model.limit) * (1 + 1e-9);
    if (!formulation.addViolated(formulation.usage(columns()), limit, 64))
      return Solved;
    addNewRows();
  }
}

double Relaxation::objective() const { return Clp_objectiveValue(clp->model); }

std::span<const double> Relaxation::columns() const {
  return {Clp_getColSolution(clp->model), static_cast<size_t>(formulation.columns())};
}

std::span<const double> Relaxation::duals() const {
  return {Clp_dualRowSolution(clp->model), static_cast<size_t>(formulation.rows())};
}

} // namespace autopar::ilp
