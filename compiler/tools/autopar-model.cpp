// Writes a common network as MLIR, ready for autopar-compile:
//
//   autopar-model resnet50 --batch 256 --image 224 --classes 1000 -o resnet50.mlir
//   autopar-model gpt2 --batch 8 --seq 1024 -o gpt2.mlir
//
// Values carry the names that torchvision and Hugging Face give to modules and parameters. Exit
// code 1, with nothing written, for an unknown model or numbers that make none.
#include "compiler/driver/TextOption.h"
#include "compiler/files/Files.h"
#include "compiler/models/Models.h"

#include "mlir/IR/Diagnostics.h"
#include "mlir/IR/MLIRContext.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/CommandLine.h"
#include "llvm/Support/InitLLVM.h"
#include "llvm/Support/WithColor.h"

using namespace autopar;
namespace cl = llvm::cl;

static constexpr llvm::StringLiteral tool = "autopar-model";

namespace {

/// The command line; defaults are those of models::Options.
struct CommandLine {
  models::Options defaults;
  cl::OptionCategory category{"Model options"};

  TextOption model{cl::Positional, cl::Required, cl::desc("<model>"),
                   cl::cat(category)};
  cl::opt<int64_t> batch{
      "batch", cl::desc("Samples in one step, over all ranks (256 images, 8 sequences)"),
      cl::cat(category)};
  cl::opt<int64_t> image{"image", cl::desc("Image height and width (224; with --cifar 32)"),
                         cl::cat(category)};
  cl::opt<int64_t> classes{"classes", cl::desc("Number of classes (1000; with --cifar 10)"),
                           cl::cat(category)};
  cl::opt<bool> cifar{"cifar", cl::desc("Stem for small images: 3x3, stride 1, no max pool"),
                      cl::cat(category)};
  cl::opt<double> labelSmoothing{"label-smoothing",
                                 cl::desc("Share of the target spread over all classes"),
                                 cl::init(defaults.labelSmoothing), cl::cat(category)};
  cl::opt<int64_t> sequence{"seq", cl::desc("Tokens in one sample"),
                            cl::init(defaults.sequence), cl::cat(category)};
  cl::opt<int64_t> positions{"positions", cl::desc("Rows of the position table"),
                             cl::init(defaults.positions), cl::cat(category)};
  cl::opt<int64_t> vocabulary{"vocab", cl::desc("Tokens in the vocabulary"),
                              cl::init(defaults.vocabulary), cl::cat(category)};
  cl::opt<int64_t> paddedVocabulary{
      "padded-vocab", cl::desc("Pad the vocabulary to a multiple of this (1: not at all)"),
      cl::value_desc("multiple"), cl::init(defaults.paddedVocabulary), cl::cat(category)};
  cl::opt<int64_t> layers{"layers", cl::desc("Transformer blocks (the model's own)"),
                          cl::cat(category)};
  cl::opt<int64_t> width{"width", cl::desc("Channels of the embeddings (the model's own)"),
                         cl::cat(category)};
  cl::opt<int64_t> heads{"heads", cl::desc("Attention heads (the model's own)"),
                         cl::cat(category)};
  cl::opt<double> dropout{"dropout", cl::desc("Rate of dropout"), cl::init(defaults.dropout),
                          cl::cat(category)};
  cl::opt<double> learningRate{"learning-rate",
                               cl::desc("Learning rate to begin with (SGD 0.1, AdamW 3e-4)"),
                               cl::cat(category)};
  cl::opt<double> momentum{"momentum", cl::desc("Momentum of SGD"), cl::init(defaults.momentum),
                           cl::cat(category)};
  cl::opt<double> weightDecay{"weight-decay",
                              cl::desc("L2 penalty of SGD (1e-4), decay of AdamW (0.1)"),
                              cl::cat(category)};
  cl::opt<bool> nesterov{"nesterov", cl::desc("Nesterov's form of momentum"),
                         cl::cat(category)};
  cl::opt<double> beta1{"beta1", cl::desc("Decay of AdamW's first moment"),
                        cl::init(defaults.beta1), cl::cat(category)};
  cl::opt<double> beta2{"beta2", cl::desc("Decay of AdamW's second moment"),
                        cl::init(defaults.beta2), cl::cat(category)};
  cl::opt<double> epsilon{"epsilon", cl::desc("What AdamW adds to the deviation"),
                          cl::init(defaults.epsilon), cl::cat(category)};
  cl::opt<double> clip{"clip", cl::desc("Largest norm of AdamW's gradients (0: any)"),
                       cl::init(defaults.clip), cl::cat(category)};
  TextOption output{"o", cl::desc("File to write (standard output)"),
                    cl::value_desc("file"), cl::init("-"), cl::cat(category)};

  models::Options options() const {
    auto given = [](const auto &option) {
      return option.getNumOccurrences() ? std::optional(option.getValue()) : std::nullopt;
    };
    return {.batch = given(batch),
            .image = given(image),
            .classes = given(classes),
            .cifar = cifar,
            .labelSmoothing = labelSmoothing,
            .sequence = sequence,
            .positions = positions,
            .vocabulary = vocabulary,
            .paddedVocabulary = paddedVocabulary,
            .layers = given(layers),
            .width = given(width),
            .heads = given(heads),
            .dropout = dropout,
            .learningRate = given(learningRate),
            .weightDecay = given(weightDecay),
            .momentum = momentum,
            .nesterov = nesterov,
            .beta1 = beta1,
            .beta2 = beta2,
            .epsilon = epsilon,
            .clip = clip};
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

  if (llvm::Error error = writeFile(
          line.output, [&](llvm::raw_ostream &out) { models::printModel(*module, out); })) {
    llvm::WithColor::error(llvm::errs(), tool) << llvm::toString(std::move(error)) << '\n';
    return 1;
  }
  return 0;
}
