// Reads what torch.export wrote as MLIR, ready for autopar-compile:
//
//   autopar-import model.pt2 -o model.mlir --weights init.safetensors --optimizer "sgd lr=0.1"
//
// Values carry the names of the module's own parts. Exit code 1, with nothing written, for a
// file that is no export and for a module with operations that have no equivalent, all of which
// it names.
#include "compiler/driver/TextOption.h"
#include "compiler/files/Files.h"
#include "compiler/import/Import.h"
#include "compiler/import/Operations.h"
#include "compiler/models/Models.h"

#include "mlir/IR/MLIRContext.h"
#include "llvm/Support/CommandLine.h"
#include "llvm/Support/InitLLVM.h"
#include "llvm/Support/WithColor.h"

using namespace autopar;
namespace cl = llvm::cl;

static constexpr llvm::StringLiteral tool = "autopar-import";

namespace {

struct CommandLine {
  cl::OptionCategory category{"Import options"};

  TextOption model{cl::Positional, cl::desc("<model.pt2>"), cl::cat(category)};
  TextOption output{"o", cl::desc("File to write (standard output)"), cl::value_desc("file"),
                    cl::init("-"), cl::cat(category)};
  TextOption weights{"weights",
                     cl::desc("Write the module's parameters and statistics there, for --init"),
                     cl::value_desc("file"), cl::cat(category)};
  TextOption optimizer{
      "optimizer",
      cl::desc("\"sgd lr= momentum= dampening= weight_decay= nesterov=\" or \"adamw lr= beta1= "
               "beta2= eps= weight_decay= clip=\", with torch.optim's defaults"),
      cl::value_desc("text"), cl::init("sgd lr=0.1 momentum=0.9 weight_decay=1e-4"),
      cl::cat(category)};
  TextOption wrapper{"wrapper",
                     cl::desc("The exported module's attribute whose names count, where it is "
                              "a wrapper other than export-torch.py's"),
                     cl::value_desc("name"), cl::cat(category)};
  cl::opt<bool> listOps{"list-ops", cl::desc("List the operations that are read"),
                        cl::cat(category)};
};

} // namespace

static void listOperations() {
  llvm::outs() << "operations:\n";
  for (const pt2::OperationForm *form : pt2::allOperations())
    llvm::outs() << "  " << form->target << '\n';
  llvm::outs() << "operations on constants, which are computed at once:\n";
  for (const pt2::FoldForm *form : pt2::allFolds())
    llvm::outs() << "  " << form->target << '\n';
}

static llvm::Error run(const CommandLine &line) {
  if (llvm::Error fault = checkOutputs({{"-o", line.output}, {"--weights", line.weights}},
                                       {{"the model", line.model}}))
    return fault;
  mlir::MLIRContext context(mlir::MLIRContext::Threading::DISABLED);
  auto model = pt2::importModel(context, line.model, {line.optimizer, line.wrapper});
  if (!model)
    return model.takeError();
  if (!line.weights.empty())
    if (llvm::Error fault = pt2::writeWeights(**model, line.weights))
      return fault;
  return writeFile(line.output,
                   [&](llvm::raw_ostream &out) { models::printModel(*(*model)->module, out); });
}

int main(int argc, char **argv) {
  llvm::InitLLVM init(argc, argv);
  CommandLine line;
  cl::HideUnrelatedOptions(line.category);
  cl::ParseCommandLineOptions(argc, argv, "reads what torch.export wrote as MLIR\n");
  if (line.listOps) {
    listOperations();
    return 0;
  }
  llvm::Error fault =
      line.model.empty()
          ? llvm::createStringError("no model is given: autopar-import model.pt2")
          : run(line);
  if (!fault)
    return 0;
  llvm::WithColor::error(llvm::errs(), tool) << llvm::toString(std::move(fault)) << '\n';
  return 1;
}
