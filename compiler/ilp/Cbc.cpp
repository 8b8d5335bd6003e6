// Handing a formulation to CBC or Clp, and reading the answer back. Their C++
// interfaces are used because only these take event handlers, without which
// neither can be stopped inside a relaxation.

#include "compiler/ilp/Cbc.h"

#include <CbcEventHandler.hpp>
#include <CbcModel.hpp>
#include <CbcSolver.hpp>
#include <ClpEventHandler.hpp>
#include <ClpSimplex.hpp>
#include <CoinPackedMatrix.hpp>
#include <OsiClpSolverInterface.hpp>

#include <limits>

namespace autopar::ilp {

namespace {

constexpr double minusInfinity = -std::numeric_limits<double>::infinity();

/// What the handlers of one run share; COIN copies handlers at will.
struct Watch {
  const Expired &expired;
  bool stopped = false;         // a relaxation was ended: what CBC infers from it is void
  double bound = minusInfinity; // the last from before
};

/// Ends a simplex run at the first iteration past the end of the time.
class StopSimplex : public ClpEventHandler {
public:
  explicit StopSimplex(Watch &watch) : watch(&watch) {}
  int event(Event) override {
    watch->stopped |= watch->expired();
    return watch->stopped ? 0 : -1;
  }
  ClpEventHandler *clone() const override { return new StopSimplex(*this); }

private:
  Watch *watch;
};

/// Ends the search at the next node, and keeps the bound known until then.
class StopSearch : public CbcEventHandler {
public:
  explicit StopSearch(Watch &watch) : watch(&watch) {}
  CbcAction event(CbcEvent event) override {
    if (!watch->stopped && !model_->parentModel() && (event == node || event == treeStatus))
      watch->bound = std::max(watch->bound, model_->getBestPossibleObjValue());
    watch->stopped |= watch->expired();
    if (!watch->stopped)
      return noAction;
    model_->setMaximumSeconds(0); // which its heuristics and cuts heed too
    return stop;
  }
  CbcEventHandler *clone() const override { return new StopSearch(*this); }

private:
  Watch *watch;
};

CoinPackedMatrix pack(const Formulation &formulation) {
  Formulation::Columns matrix = formulation.assemble();
  return CoinPackedMatrix(true, formulation.rows(), formulation.columns(),
                          static_cast<CoinBigIndex>(matrix.index.size()), matrix.value.data(),
                          matrix.index.data(), matrix.start.data(), nullptr);
}

/// CBC's parameters, as its command line takes them.
std::vector<std::string> parameters(const Formulation &formulation, const CbcOptions &options) {
  auto number = [](double value) {
    char text[40];
    snprintf(text, sizeof text, "%.17g", value);
    return std::string(text);
  };
  std::string log = options.verbose ? "1" : "0";
  std::string better = number(0.99 / formulation.costUnit);
  std::vector<std::string> list{
      "autopar", "-log", log, "-slog", log,
      // CBC 2.10.8 crashes in postProcess where the time runs out inside its preprocessing.
      "-preprocess", "off", "-sec", number(std::max(0.01, options.seconds)), "-timeMode",
      "elapsed", "-ratio", number(options.relativeGap),
      // Costs are whole: what is less than one better is not better.
      "-allow", better, "-increment", better, "-randomCbcSeed", std::to_string(options.seed),
      "-randomSeed", std::to_string(options.seed)};
  if (options.cutoff)
    list.insert(list.end(), {"-cutoff", number(*options.cutoff)});
  list.insert(list.end(), {"-solve", "-quit"});
  return list;
}

} // namespace

CbcOutcome solveWithCbc(const Formulation &formulation, const CbcOptions &options) {
  Watch watch{options.expired};
  OsiClpSolverInterface relaxation;
  relaxation.setHintParam(OsiDoReducePrint, !options.verbose);
  relaxation.messageHandler()->setLogLevel(0);
  std::vector<double> lower(formulation.columns(), 0);
  relaxation.loadProblem(pack(formulation), lower.data(), formulation.columnUpper.data(),
                         formulation.cost.data(), formulation.rowLower.data(),
                         formulation.rowUpper.data());
  for (int column = 0; column < formulation.binaries; ++column)
    relaxation.setInteger(column);
  StopSimplex stopSimplex(watch);
  relaxation.getModelPtr()->passInEventHandler(&stopSimplex);

  CbcModel cbc(relaxation);
  StopSearch stopSearch(watch);
  cbc.passInEventHandler(&stopSearch);
  CbcSolverUsefulData data;
  data.noPrinting_ = !options.verbose;
  data.useSignalHandler_ = false;
  cbc.setLogLevel(options.verbose);
  CbcMain0(cbc, data);
  std::vector<std::string> list = parameters(formulation, options);
  std::vector<const char *> arguments;
  for (const std::string &parameter : list)
    arguments.push_back(parameter.c_str());
  CbcMain1(
      static_cast<int>(arguments.size()), arguments.data(), cbc,
      [](CbcModel *, int) { return 0; }, data);

  CbcOutcome outcome;
  bool finished = cbc.status() == 0 && !watch.stopped;
  outcome.bound = watch.stopped ? watch.bound : cbc.getBestPossibleObjValue();
  if (const double *best = cbc.bestSolution()) {
    outcome.columns.assign(best, best + formulation.columns());
    outcome.objective = 0;
    for (int column = 0; column < formulation.columns(); ++column)
      outcome.objective += best[column] * formulation.cost[column];
    outcome.kind = finished ? CbcOutcome::Optimal : CbcOutcome::Feasible;
  } else if (finished) {
    outcome.kind = CbcOutcome::Infeasible;
  }
  return outcome;
}

struct Relaxation::Implementation {
  ClpSimplex model;
};

Relaxation::Relaxation(Formulation &formulation)
    : formulation(formulation), clp(new Implementation) {
  clp->model.setLogLevel(0);
  std::vector<double> lower(formulation.columns(), 0);
  clp->model.loadProblem(pack(formulation), lower.data(), formulation.columnUpper.data(),
                         formulation.cost.data(), formulation.rowLower.data(),
                         formulation.rowUpper.data());
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
  clp->model.addRows(count, formulation.rowLower.data() + rowsLoaded,
                     formulation.rowUpper.data() + rowsLoaded, start.data(), index.data(),
                     value.data());
  rowsLoaded = formulation.rows();
}

Relaxation::Kind Relaxation::solve(const Expired &expired) {
  Watch watch{expired};
  StopSimplex stop(watch);
  clp->model.passInEventHandler(&stop);
  bool first = true;
  while (!expired()) {
    if (first)
      clp->model.initialDualSolve(); // with Clp's own presolve
    else
      clp->model.dual();
    first = false;
    if (watch.stopped)
      return OutOfTime;
    int status = clp->model.status();
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
  return OutOfTime;
}

double Relaxation::objective() const { return clp->model.objectiveValue(); }

std::span<const double> Relaxation::columns() const {
  return {clp->model.primalColumnSolution(), static_cast<size_t>(formulation.columns())};
}

std::span<const double> Relaxation::duals() const {
  return {clp->model.dualRowSolution(), static_cast<size_t>(formulation.rows())};
}

} // namespace autopar::ilp
