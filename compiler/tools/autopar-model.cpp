// Writes a common network as MLIR, ready for autopar-compile:
//
//   autopar-model resnet50 --batch 256 --image 224 --classes 1000 -o resnet50.mlir
//
// Values carry the names that torchvision gives to modules and parameters. Exit code 1, with
// nothing written, for an unknown model or numbers that make none.
#include "compiler/models/Models.h"

#include "mlir/IR/Diagnostics.h"
#include "mlir/IR/MLIRContext.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/CommandLine.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/InitLLVM.h"
#include "llvm/Support/ToolOutputFile.h"
#include "llvm/Support/WithColor.h"

using namespace autopar;
namespace cl = llvm::cl;

static constexpr llvm::StringLiteral tool = "autopar-model";

namespace {

/// The command line; defaults are those of models::Options.
struct CommandLine {
  models::Options defaults;
  cl::OptionCategory category{"Model options"};

  cl::opt<std::string> model{cl::Positional, cl::Required, cl::desc("<model>"),
                             cl::cat(category)};
  cl::opt<int64_t> batch{"batch", cl::desc("Samples in one step, over all ranks"),
                         cl::init(defaults.batch), cl::cat(category)};
  cl::opt<int64_t> image{"image", cl::desc("Image height and width (224; with --cifar 32)"),
                         cl::cat(category)};
  cl::opt<int64_t> classes{"classes", cl::desc("Number of classes (1000; with --cifar 10)"),
                           cl::cat(category)};
  cl::opt<bool> cifar{"cifar", cl::desc("Stem for small images: 3x3, stride 1, no max pool"),
                      cl::cat(category)};
  cl::opt<double> labelSmoothing{"label-smoothing",
                                 cl::desc("Share of the target spread over all classes"),
                                 cl::init(defaults.labelSmoothing), cl::cat(category)};
  cl::opt<double> learningRate{"learning-rate", cl::desc("Learning rate to begin with"),
                               cl::init(defaults.learningRate), cl::cat(category)};
  cl::opt<double> momentum{"momentum", cl::desc("Momentum of SGD"), cl::init(defaults.momentum),
                           cl::cat(category)};
  cl::opt<double> weightDecay{"weight-decay", cl::desc("L2 penalty of SGD"),
                              cl::init(defaults.weightDecay), cl::cat(category)};
  cl::opt<bool> nesterov{"nesterov", cl::desc("Nesterov's form of momentum"),
                         cl::cat(category)};
  cl::opt<std::string> output{"o", cl::desc("File to write (standard output)"),
                              cl::value_desc("file"), cl::init("-"), cl::cat(category)};

  models::Options options() const {
    auto given = [](const cl::opt<int64_t> &option) {
      return option.getNumOccurrences() ? std::optional<int64_t>(option) : std::nullopt;
    };
    return {.batch = batch,
            .image = given(image),
            .classes = given(classes),
            .cifar = cifar,
            .labelSmoothing = labelSmoothing,
            .learningRate = learningRate,
            .momentum = momentum,
            .weightDecay = weightDecay,
            .nesterov = nesterov};
  }
};

} // namespace

int main(int argc, char **argv) {
  llvm::InitLLVM init(argc, argv);
  CommandLine line;
  cl::HideUnrelatedOptions(line.category);
  cl::ParseCommandLineOptions(
      argc, argv,
      "writes a network as MLIR\n\nModels: " + llvm::join(models::modelNames(), ", ") + "\n");

  mlir::MLIRContext context(mlir::MLIRContext::Threading::DISABLED);
  context.getDiagEngine().registerHandler([](mlir::Diagnostic &diagnostic) {
    llvm::WithColor::error(llvm::errs(), tool) << diagnostic << '\n';
  });
  mlir::OwningOpRef<mlir::ModuleOp> module =
      models::buildModel(context, line.model, line.options());
  if (!module)
    return 1;

  std::error_code error;
  llvm::ToolOutputFile file(line.output, error, llvm::sys::fs::OF_Text);
  if (error) {
    llvm::WithColor::error(llvm::errs(), tool)
        << "cannot write '" << line.output << "': " << error.message() << '\n';
    return 1;
  }
  models::printModel(*module, file.os());
  file.os().flush();
  if (file.os().has_error()) {
    llvm::WithColor::error(llvm::errs(), tool)
        << "cannot write '" << line.output << "': " << file.os().error().message() << '\n';
    file.os().clear_error();
    return 1;
  }
  file.keep();
  return 0;
}
