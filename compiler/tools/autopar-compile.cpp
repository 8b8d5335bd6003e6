// The compiler: a network as MLIR, a mesh and a budget in; a training program out.
//
//   autopar-compile resnet50.mlir --mesh 2x2 --mem-budget 8GB --target cpu
//   mpirun -n 4 ./train_rank
//
// Exit code 1, with nothing written, for whatever cannot be compiled.
#include "compiler/driver/BudgetLine.h"
#include "compiler/driver/ByteSize.h"
#include "compiler/driver/Compile.h"
#include "compiler/driver/Front.h"
#include "compiler/driver/Pipeline.h"
#include "compiler/driver/Report.h"
#include "compiler/driver/TextOption.h"
#include "compiler/emit/Emit.h"
#include "compiler/files/Files.h"
#include "compiler/report/Roofline.h"
#include "compiler/report/SaveReport.h"

#include "llvm/ADT/ScopeExit.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/CommandLine.h"
#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/InitLLVM.h"
#include "llvm/Support/WithColor.h"

#include <cmath>

using namespace autopar;
namespace cl = llvm::cl;

/// Of the solver's time limit, what may be spent on what a report adds to the answer.
static constexpr double shareForMemoryWorth = 0.25;

static constexpr llvm::StringLiteral tool = "autopar-compile";

namespace {

struct CommandLine {
  cl::OptionCategory category{"Compiler options"};

  TextOption model{cl::Positional, cl::Required, cl::desc("<model.mlir>"),
                   cl::cat(category)};
  TextOption mesh{"mesh", cl::desc("Ranks along one to three axes, as in 4 or 2x4"),
                  cl::init("1"), cl::cat(category)};
  BudgetLine budget{category, "the device's memory"};
  TextOption target{"target", cl::desc("cpu or cuda"), cl::init("cuda"),
                    cl::cat(category)};
  TextOption device{"device",
                    cl::desc("Device model to plan for: a preset or a JSON file"),
                    cl::value_desc("name or file"), cl::cat(category)};
  TextOption gpu{
      "gpu", cl::desc("GPU that cuDNN plans for: a100, h100, or a JSON file of its properties"),
      cl::value_desc("name or file"), cl::init(CompileOptions().gpu), cl::cat(category)};
  TextOption precision{
      "precision",
      cl::desc("Of activations: f32, tf32, bf16 or fp16; parameters are f32 always"),
      cl::init(CompileOptions().precision), cl::cat(category)};
  cl::opt<double> lossScale{
      "loss-scale",
      cl::desc("What gradients are multiplied by on their way, to begin with; it follows what "
               "they bear (65536 with fp16, else 0: without)"),
      cl::value_desc("number"), cl::cat(category)};
  cl::opt<bool> deterministic{
      "deterministic",
      cl::desc("Keep to GPU kernels that add up in the same order each time, at the cost of "
               "time, and for attention's gradient in 16 bits of memory"),
      cl::cat(category)};
  TextOption output{
      "o", cl::desc("Folder for the program (MODEL.autopar, and the binary as ./train_rank)"),
      cl::value_desc("folder"), cl::cat(category)};
  cl::opt<bool> noBuild{"no-build", cl::desc("Emit the sources only"), cl::cat(category)};
  cl::opt<bool> planOnly{"plan-only", cl::desc("Plan and report; emit nothing"),
                         cl::cat(category)};
  TextOption planIn{"plan-in", cl::desc("Plan to keep to, by value name"),
                    cl::value_desc("file"), cl::cat(category)};
  TextOption planOut{"plan-out", cl::desc("Save the plan"), cl::value_desc("file"),
                     cl::cat(category)};
  TextOption dumpProblem{
      "dump-problem", cl::desc("Save the sharding problem (contest JSON), solvable or not"),
      cl::value_desc("file"), cl::cat(category)};
  TextOption report{
      "report",
      cl::desc("Save the whole report: FOLDER/index.html, a page to look at, and "
               "FOLDER/plan.json; or that JSON alone as FILE.json"),
      cl::value_desc("folder"), cl::cat(category)};
  cl::opt<bool> roofline{
      "roofline",
      cl::desc("Also print every launch of a step with its bytes, FLOPs and time at the device "
               "model's limits, and their sum (target cuda)"),
      cl::cat(category)};
  TextOption why{
      "why", cl::desc("Also print what each other strategy of a value would cost"),
      cl::value_desc("value"), cl::cat(category)};
  TextOption diffPlan{
      "diff-plan", cl::desc("Also print what a saved plan did differently, and at what cost"),
      cl::value_desc("file"), cl::cat(category)};
  cl::opt<double> timeLimit{"time-limit",
                            cl::desc("Seconds of processor time for a solver, each time it is "
                                     "asked; with 0 there is a plan too, but a rough one"),
                            cl::init(CompileOptions().timeLimit), cl::cat(category)};
  TextOption bucket{"bucket", cl::desc("Gradients reduced in one call, as in 25MB"),
                    cl::value_desc("size"), cl::init("25MB"), cl::cat(category)};
  // An option keeps a reference to its description.
  const std::string steps = "Print the program after a step: " + llvm::join(stepNames(), ", ");
  cl::opt<int64_t> microBatches{
      "micro-batches",
      cl::desc("Batches of the model's size whose gradients are added up in one step"),
      cl::value_desc("number"), cl::init(1), cl::cat(category)};
  TextOption printAfter{"print-after", cl::desc(steps), cl::value_desc("step"),
                        cl::cat(category)};
  cl::opt<bool> quiet{"quiet", cl::desc("No report on the terminal"), cl::cat(category)};
  cl::opt<bool> verbose{"verbose", cl::desc("Report every value and move"), cl::cat(category)};
};

int fail(llvm::Error error) {
  llvm::logAllUnhandledErrors(std::move(error), llvm::WithColor::error(llvm::errs(), tool), "");
  return 1;
}

llvm::Error inOption(llvm::StringRef option, llvm::Error error) {
  return llvm::createStringError(option + ": " + llvm::toString(std::move(error)));
}

llvm::Expected<CompileOptions> readOptions(const CommandLine &line, int argc, char **argv) {
  CompileOptions options;
  options.mesh = line.mesh;
  options.target = line.target;
  options.device = line.device;
  options.gpu = line.gpu;
  options.deterministic = line.deterministic;
  options.precision = line.precision;
  if (line.lossScale.getNumOccurrences())
    options.lossScale = line.lossScale;
  options.microBatches = line.microBatches;
  options.timeLimit = line.timeLimit;
  options.planIn = line.planIn;
  options.problemOut = line.dumpProblem;
  options.printAfter = line.printAfter;
  options.commandLine = tool.str();
  for (int i = 1; i < argc; ++i)
    options.commandLine += std::string(" ") + argv[i];
  if (llvm::Error error = line.budget.read(options))
    return error;
  llvm::Expected<int64_t> bucket = parseByteSize(line.bucket);
  if (!bucket)
    return inOption("--bucket", bucket.takeError());
  options.bucketBytes = *bucket;
  if (!line.printAfter.empty() && !llvm::is_contained(stepNames(), line.printAfter))
    return llvm::createStringError("--print-after: no step '" + line.printAfter +
                                   "'; there are " + llvm::join(stepNames(), ", "));
  if (line.microBatches < 1 || line.microBatches > limits::microBatches)
    return llvm::createStringError(
        llvm::formatv("--micro-batches: {0} is no number of batches from 1, which is without, "
                      "to {1}",
                      line.microBatches.getValue(), limits::microBatches));
  if (!(line.timeLimit >= 0) || !std::isfinite(line.timeLimit))
    return llvm::createStringError(
        llvm::formatv("--time-limit: {0} is no number of seconds from 0 on, such as 60",
                      line.timeLimit.getValue()));
  if (line.roofline && line.target != "cuda")
    return llvm::createStringError("--roofline: counts launches of a GPU, and target '" +
                                   line.target + "' has none; give --target cuda");
  // Checked here as well, so that bad syntax is reported before anything is read.
  llvm::Expected<Mesh> mesh = Mesh::parse(line.mesh);
  if (!mesh)
    return mesh.takeError();
  return options;
}

/// What does not depend on the model, so that no plan is made in vain.
llvm::Error checkPlaces(const CommandLine &line, llvm::StringRef folder,
                        llvm::StringRef binary) {
  if (llvm::Error error = checkReport(line.report))
    return error;
  std::vector<NamedFile> outputs = {{"--plan-out", line.planOut, /*mayReplace=*/"--plan-in"},
                                    {"--dump-problem", line.dumpProblem}};
  for (const std::string &file : reportFiles(line.report))
    outputs.push_back({"--report", file});
  if (llvm::Error error = checkOutputs(outputs, {{"the model", line.model},
                                                 {"--plan-in", line.planIn},
                                                 {"--diff-plan", line.diffPlan},
                                                 {"--device", line.device},
                                                 {"--gpu", line.gpu}}))
    return error;
  if (line.planOnly)
    return llvm::Error::success();
  return checkPlace(folder, line.noBuild ? llvm::StringRef() : binary);
}

/// The folder for a program whose model has this name, where none is given.
llvm::Expected<std::string> folderFor(llvm::StringRef model) {
  constexpr size_t longest = 200; // of the 255 that a file's name may have
  const bool isPlain = !model.empty() && model.size() <= longest &&
                       !llvm::StringRef(".-").contains(model.front()) &&
                       llvm::none_of(model, [](char c) {
                         return c == '/' || (llvm::isASCII(c) && !llvm::isPrint(c));
                       });
  if (isPlain)
    return (model + ".autopar").str();
  std::string shown;
  llvm::raw_string_ostream out(shown);
  llvm::printEscapedString(model.take_front(longest), out);
  return llvm::createStringError("the model's name '" + shown +
                                 "' is none for a folder; give one with -o");
}

/// What the options ask for beside the program, once all else is done.
int writeFiles(const CommandLine &line, const Compilation &compiled, const ReportNames &names) {
  if (!line.report.empty())
    if (llvm::Error error = saveReport(compiled, names, line.report))
      return fail(std::move(error));
  if (!line.planOut.empty())
    if (llvm::Error error = planOf(compiled).write(line.planOut))
      return fail(std::move(error));
  return 0;
}

/// What is asked about the answer, for standard output.
llvm::Error answer(const CommandLine &line, const CompileOptions &options,
                   const Compilation &compiled) {
  const FunctionSharding &sharding = compiled.program.shardings.front();
  if (line.roofline) {
    llvm::Expected<CostModel> costs = CostModel::load(compiled.mesh, deviceOf(options));
    if (!costs)
      return costs.takeError();
    printRoofline(rooflineOf(*compiled.program.module, *costs), *costs, llvm::outs());
  }
  if (!line.diffPlan.empty())
    if (llvm::Error error =
            printDifference(sharding, line.diffPlan, compiled.mesh.str(), line.timeLimit,
                            llvm::outs()))
      return error;
  if (!line.why.empty())
    return printWhy(sharding, line.why, line.timeLimit, llvm::outs());
  return llvm::Error::success();
}

} // namespace

int main(int argc, char **argv) {
  llvm::InitLLVM init(argc, argv);
  cl::ResetCommandLineParser(); // libLLVM brings options of its own, a --print-after among them
  CommandLine line;
  cl::HideUnrelatedOptions(line.category);
  cl::ParseCommandLineOptions(argc, argv, "autopar: shards, plans and emits a training step\n");
  llvm::Expected<CompileOptions> options = readOptions(line, argc, argv);
  if (!options)
    return fail(options.takeError());

  Front front(tool);
  mlir::OwningOpRef<mlir::ModuleOp> model = front.parse(line.model);
  if (!model)
    return 1;

  std::string name = Front::modelName(*model, line.model);
  std::string folder = line.output, binary = folder + "/train_rank";
  if (folder.empty() && !line.planOnly) {
    llvm::Expected<std::string> named = folderFor(name);
    if (!named)
      return fail(named.takeError());
    folder = *named;
    binary = "train_rank";
  }
  if (llvm::Error error = checkPlaces(line, folder, binary))
    return fail(std::move(error));

  mlir::FailureOr<Compilation> compiled = compile(std::move(model), *options);
  if (failed(compiled))
    return 1;
  if (!line.quiet || !line.report.empty())
    compiled->memoryWorth =
        worthOfMemory(compiled->program.shardings.front(), compiled->budget,
                      options->timeLimit * shareForMemoryWorth);
  if (!line.quiet)
    printReport(*compiled, line.verbose, llvm::outs());
  if (llvm::Error error = answer(line, *options, *compiled))
    return fail(std::move(error));
  if (line.planOnly)
    return writeFiles(line, *compiled, {name, options->commandLine});

  if (llvm::Error error = emitProgram(
          *compiled->program.module, folder,
          {.model = name,
           .command = options->commandLine,
           .computeSeconds = compiled->program.prediction.computeSeconds,
           .communicationSeconds = compiled->program.prediction.communicationSeconds,
           .hiddenSeconds = compiled->program.prediction.hiddenSeconds,
           .budgetBytes = compiled->processBudget(),
           .reserveBytes = compiled->reserve}))
    return fail(std::move(error));
  if (line.noBuild)
    return writeFiles(line, *compiled, {name, options->commandLine});
  if (llvm::Error error = buildProgram(folder, binary, options->target))
    return fail(std::move(error));
  if (!line.quiet)
    llvm::outs() << "program: " << folder << "/train_rank.cpp, built as " << binary << "\n";
  return writeFiles(line, *compiled, {name, options->commandLine});
}
