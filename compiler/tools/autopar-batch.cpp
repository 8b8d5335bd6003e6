// Which batch size is best in the memory there is:
//
//   autopar-batch resnet152 --batches 512,1024,2048 --device h100-sxm
//   batch_size: 512, peak memory: 73314.392 MB, through put: 254.286 images/s
//
// Exit code 1 for what cannot be compiled, and where no batch fits.
#include "compiler/driver/BudgetLine.h"
#include "compiler/driver/Front.h"
#include "compiler/experiments/BatchTest.h"
#include "compiler/experiments/CommandLine.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/InitLLVM.h"

using namespace autopar;
namespace cl = llvm::cl;

static constexpr llvm::StringLiteral tool = "autopar-batch";

namespace {

struct CommandLine : ExperimentLine {
  models::Options defaults;

  TextOption model{cl::Positional, cl::Required, cl::desc("<model>"), cl::cat(category)};
  BudgetLine budget{category, "95 % of the device's memory"};
  TextOption batches{"batches",
                     cl::desc("Samples of a step over all ranks (512,1024,2048)"),
                     cl::init("512,1024,2048"), cl::cat(category)};
  cl::opt<int64_t> image{"image", cl::desc("Image height and width"), cl::cat(category)};
  cl::opt<int64_t> classes{"classes", cl::desc("Number of classes"), cl::cat(category)};
  cl::opt<bool> cifar{"cifar", cl::desc("Stem for small images"), cl::cat(category)};
  cl::opt<int64_t> sequence{"sequence", cl::desc("Tokens of a sample"),
                            cl::init(defaults.sequence), cl::cat(category)};
  MeasureLine measuring{category};
};

llvm::Expected<BatchOptions> readOptions(const CommandLine &line) {
  BatchOptions options;
  llvm::StringRef model = line.model.getValue();
  if (model.ends_with(".mlir") || model.contains('/'))
    return llvm::createStringError(
        model +
        ": the batch is written all through a file and cannot be changed there; name a "
        "model that can be generated: " +
        llvm::join(models::modelNames(), ", "));
  options.model = model.str();
  llvm::Expected<std::vector<int64_t>> batches = parseBatches(line.batches);
  if (!batches)
    return inOption("--batches", batches.takeError());
  options.batches = std::move(*batches);
  options.seconds = line.time;
  if (line.image.getNumOccurrences())
    options.modelOptions.image = line.image;
  if (line.classes.getNumOccurrences())
    options.modelOptions.classes = line.classes;
  options.modelOptions.cifar = line.cifar;
  options.modelOptions.sequence = line.sequence;
  return options;
}

} // namespace

int main(int argc, char **argv) {
  llvm::InitLLVM init(argc, argv);
  cl::ResetCommandLineParser();
  CommandLine line;
  cl::HideUnrelatedOptions(line.category);
  cl::ParseCommandLineOptions(argc, argv,
                              "finds the batch size that trains fastest\n\nModels: " +
                                  llvm::join(models::modelNames(), ", ") + "\n");
  Front front(tool);
  llvm::Expected<CompileOptions> compile = line.compileOptions(argc, argv);
  if (!compile)
    return front.fail(compile.takeError());
  if (llvm::Error error = line.budget.read(*compile))
    return front.fail(std::move(error));
  llvm::Expected<BatchOptions> options = readOptions(line);
  if (!options)
    return front.fail(options.takeError());
  if (llvm::Error error = line.measuring.check(line))
    return front.fail(std::move(error));

  mlir::FailureOr<BatchTest> test = testBatches(front.context, *options, *compile);
  if (failed(test))
    return 1;
  if (line.measuring.measure)
    if (llvm::Error error =
            measureBatches(*test, *compile, line.output, line.measuring.runOptions()))
      return front.fail(std::move(error));
  if (!line.output.empty())
    if (llvm::Error error = writeBatches(*test, line.output))
      return front.fail(std::move(error));
  printBatches(*test, llvm::outs());
  return test->best() ? 0 : 1;
}
