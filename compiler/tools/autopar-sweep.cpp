// One model under many budgets for its arena, planned in seconds and, with --measure, run:
//
//   autopar-sweep resnet50.mlir --mesh 2x2 --budgets 15 --out sweep
//   autopar-sweep --reference resnet50 --device h100-sxm --out sweep
//
// Exit code 1 for what cannot be compiled, and where a peak is over its budget.
#include "compiler/driver/Front.h"
#include "compiler/experiments/CommandLine.h"
#include "compiler/experiments/Reference.h"
#include "compiler/experiments/SweepFiles.h"

#include "llvm/Support/InitLLVM.h"
#include "llvm/Support/WithColor.h"

using namespace autopar;
namespace cl = llvm::cl;

static constexpr llvm::StringLiteral tool = "autopar-sweep";

namespace {

struct CommandLine : ExperimentLine {
  TextOption model{cl::Positional, cl::desc("<model.mlir>"), cl::cat(category)};
  TextOption budgets{
      "budgets",
      cl::desc("Of a rank's arena. How many, from the least feasible to what needs no "
               "recomputation (15); a list, as in 2GB,4GB; or a range, as in 2GB:8GB:7"),
      cl::cat(category)};
  cl::opt<bool> activations{
      "activations", cl::desc("Budgets are for activations: what stays in memory comes on top"),
      cl::cat(category)};
  TextOption reference{
      "reference", cl::desc("Repeat a published experiment: resnet50 or gpt2-medium"),
      cl::value_desc("name"), cl::cat(category)};
  MeasureLine measuring{category};
};

/// What is to be swept, from a file or as the reference has it.
struct Task {
  std::string name;
  mlir::OwningOpRef<mlir::ModuleOp> model;
  SweepOptions options;
};

llvm::Expected<Task> readTask(const CommandLine &line, Front &front) {
  Task task;
  if (line.model.empty() == line.reference.empty())
    return llvm::createStringError("give either a model's file or --reference");
  if (!line.budgets.empty()) {
    llvm::Expected<Budgets> budgets = Budgets::parse(line.budgets);
    if (!budgets)
      return inOption("--budgets", budgets.takeError());
    task.options.budgets = std::move(*budgets);
  }
  task.options.activationsApart = line.activations;
  if (!line.reference.empty()) {
    llvm::Expected<Reference> reference =
        Reference::find(line.reference, task.options.budgets.count);
    if (!reference)
      return inOption("--reference", reference.takeError());
    if (!task.options.budgets.bytes.empty())
      return llvm::createStringError("--budgets: --reference brings its own; give their number "
                                     "alone, or the model's file");
    task.name = reference->model;
    task.options = reference->sweep;
    task.model = models::buildModel(front.context, reference->model, reference->options);
  } else {
    task.model = front.parse(line.model);
    if (task.model)
      task.name = Front::modelName(*task.model, line.model);
  }
  task.options.seconds = line.time;
  return task;
}

} // namespace

int main(int argc, char **argv) {
  llvm::InitLLVM init(argc, argv);
  cl::ResetCommandLineParser();
  CommandLine line;
  cl::HideUnrelatedOptions(line.category);
  cl::ParseCommandLineOptions(argc, argv, "sweeps a model over memory budgets\n");
  Front front(tool);
  llvm::Expected<CompileOptions> options = line.compileOptions(argc, argv);
  if (!options)
    return front.fail(options.takeError());
  if (llvm::Error error = line.measuring.check(line))
    return front.fail(std::move(error));
  llvm::Expected<Task> task = readTask(line, front);
  if (!task)
    return front.fail(task.takeError());
  if (!task->model)
    return 1;

  std::unique_ptr<Compiler> compiler = Compiler::create(std::move(task->model), *options);
  if (!compiler)
    return 1;
  mlir::FailureOr<Sweep> sweep = sweepBudgets(*compiler, task->options);
  if (failed(sweep))
    return 1;
  const std::string &folder = line.output;
  if (line.measuring.measure)
    if (llvm::Error error = measureSweep(*sweep, compiler->options(), task->name, folder,
                                         line.measuring.runOptions()))
      return front.fail(std::move(error));

  printSweep(*sweep, llvm::outs());
  if (!folder.empty()) {
    if (llvm::Error error = writeSweep(*sweep, task->name, folder))
      return front.fail(std::move(error));
    if (llvm::Error error = plotSweep(*sweep, task->name, folder))
      return front.fail(std::move(error));
    llvm::outs() << "written: " << folder
                 << "/sweep.{csv,json}, peak.{svg,png}, time.{svg,png}\n";
  }
  for (const SweepRow *row : sweep->rowsOverBudget())
    llvm::WithColor::error(llvm::errs(), tool)
        << "the plan for " << row->budget << " bytes has a peak of " << row->peak() << " bytes"
        << (row->measured ? ", its process, measured, of " +
                                std::to_string(row->measured->processBytes) + " where " +
                                std::to_string(row->plan->reserve) + " are reserved"
                          : "")
        << "\n";
  return sweep->rowsOverBudget().empty() ? 0 : 1;
}
