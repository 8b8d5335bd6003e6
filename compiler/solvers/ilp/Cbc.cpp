// Handing a formulation to CBC or Clp, and reading the answer back. Their C++
// interfaces are used because only these take event handlers, without which
// neither can be stopped inside a relaxation.

#include "compiler/solvers/ilp/Cbc.h"

#include <CbcEventHandler.hpp>
#include <CbcHeuristic.hpp>
#include <CbcHeuristicDiveCoefficient.hpp>
#include <CbcHeuristicFPump.hpp>
#include <CbcHeuristicRINS.hpp>
#include <CbcModel.hpp>
#include <CglClique.hpp>
#include <CglGomory.hpp>
#include <CglKnapsackCover.hpp>
#include <CglMixedIntegerRounding2.hpp>
#include <CglProbing.hpp>
#include <CglTwomir.hpp>
#include <ClpEventHandler.hpp>
#include <ClpSimplex.hpp>
#include <CoinPackedMatrix.hpp>
#include <OsiClpSolverInterface.hpp>

#include <limits>

namespace autopar::ilp {

namespace {

constexpr double noBound = -std::numeric_limits<double>::infinity();

/// What the handlers of one run share; COIN copies handlers at will.
struct Watch {
  Clock &clock;
  Work iteration;               // of one iteration
  bool stopped = false;         // a relaxation was ended: what CBC infers from it is void
  double bound = noBound; // the last from before
};

/// Ends a simplex run at the first iteration past the end of the time.
class StopSimplex : public ClpEventHandler {
public:
  explicit StopSimplex(Watch &watch) : watch(&watch) {}
  int event(Event event) override {
    watch->stopped |= watch->clock.expired(event == endOfIteration ? watch->iteration : 0);
    return watch->stopped ? 0 : -1;
  }
  ClpEventHandler *clone() const override { return new StopSimplex(*this); }

private:
  Watch *watch;
};

/// Ends the search at the next node, keeps the bound known until then, and tells of solutions.
class StopSearch : public CbcEventHandler {
public:
  StopSearch(Watch &watch, const CbcOptions &options, int columns)
      : watch(&watch), options(&options), columns(columns) {}
  CbcAction event(CbcEvent event) override {
    if (options->onSolution && !model_->parentModel() && model_->bestSolution() &&
        model_->getNumCols() == columns && (event == solution || event == heuristicSolution))
      options->onSolution({model_->bestSolution(), static_cast<size_t>(columns)});
    if (!watch->stopped && !model_->parentModel() && (event == node || event == treeStatus))
      watch->bound = std::max(watch->bound, model_->getBestPossibleObjValue());
    watch->stopped |= watch->clock.expired();
    if (!watch->stopped)
      return noAction;
    model_->setMaximumSeconds(0); // which its heuristics and cuts heed too
    return stop;
  }
  CbcEventHandler *clone() const override { return new StopSearch(*this); }

private:
  Watch *watch;
  const CbcOptions *options;
  int columns;
};

CoinPackedMatrix pack(const Formulation &formulation) {
  Formulation::Columns matrix = formulation.assemble();
  return CoinPackedMatrix(true, formulation.rows(), formulation.columns(),
                          static_cast<CoinBigIndex>(matrix.index.size()), matrix.value.data(),
                          matrix.index.data(), matrix.start.data(), nullptr);
}

Work workOf(const Formulation &formulation) {
  return formulation.rows() + formulation.columns();
}

/// Cuts and heuristics much as CBC's own program has them. That program itself is
/// not used: it parses its parameters, and its zero-half cuts keep a score, in
/// variables that all threads would share.
void equip(CbcModel &cbc, uint32_t seed) {
  CglProbing probing;
  probing.setUsingObjective(1);
  probing.setMaxPass(1);
  probing.setMaxPassRoot(1);
  probing.setMaxProbeRoot(50);
  probing.setMaxLookRoot(50);
  probing.setMaxLook(10);
  probing.setRowCuts(3);
  CglGomory gomory;
  gomory.setLimitAtRoot(1000);
  gomory.setLimit(50);
  CglKnapsackCover knapsack;
  CglClique clique;
  clique.setStarCliqueReport(false);
  clique.setRowCliqueReport(false);
  CglMixedIntegerRounding2 rounding(1, true, 1);
  CglTwomir twomir;
  constexpr int whereUseful = -98, atRoot = -99;
  cbc.addCutGenerator(&probing, whereUseful, "probing");
  cbc.addCutGenerator(&gomory, whereUseful, "gomory");
  cbc.addCutGenerator(&knapsack, whereUseful, "knapsack");
  cbc.addCutGenerator(&clique, whereUseful, "clique");
  cbc.addCutGenerator(&rounding, whereUseful, "rounding");
  cbc.addCutGenerator(&twomir, atRoot, "twomir");

  CbcHeuristicFPump pump(cbc);
  pump.setMaximumPasses(20);
  pump.setSeed(static_cast<int>(seed));
  CbcRounding simple(cbc);
  CbcHeuristicDiveCoefficient dive(cbc);
  CbcHeuristicRINS neighborhood(cbc);
  cbc.addHeuristic(&pump, "pump");
  cbc.addHeuristic(&simple, "rounding");
  cbc.addHeuristic(&dive, "dive");
  cbc.addHeuristic(&neighborhood, "RINS");
}

} // namespace

CbcOutcome solveWithCbc(const Formulation &formulation, const CbcOptions &options) {
  Watch watch{*options.clock, workOf(formulation)};
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
  StopSearch stopSearch(watch, options, formulation.columns());
  cbc.passInEventHandler(&stopSearch);
  cbc.setLogLevel(options.verbose);
  cbc.messageHandler()->setLogLevel(options.verbose);
  cbc.setUseElapsedTime(false); // processor time, of a process that does nothing else
  double seconds = options.clock->secondsLeft();
  cbc.setMaximumSeconds(options.clock->countsWork() ? 1e9 : std::max(0.01, seconds));
  // Costs are whole: what is less than one better is not better.
  double better = 0.99 / formulation.costUnit;
  cbc.setAllowableGap(better);
  cbc.setCutoffIncrement(better);
  cbc.setAllowableFractionGap(options.relativeGap);
  cbc.setRandomSeed(static_cast<int>(options.seed));
  cbc.setNumberStrong(5);
  cbc.setNumberBeforeTrust(10);
  cbc.setMaximumCutPassesAtRoot(20);
  cbc.setMaximumCutPasses(2);
  equip(cbc, options.seed);
  cbc.initialSolve();
  if (options.cutoff)
    cbc.setCutoff(*options.cutoff);
  if (!watch.stopped)
    cbc.branchAndBound();

  CbcOutcome outcome;
  bool finished = cbc.status() == 0 && !watch.stopped && !cbc.isInitialSolveAbandoned();
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

Relaxation::Kind Relaxation::solve(Clock &clock) {
  Watch watch{clock, workOf(formulation)};
  StopSimplex stop(watch);
  clp->model.passInEventHandler(&stop);
  bool first = true;
  while (!clock.expired()) {
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
