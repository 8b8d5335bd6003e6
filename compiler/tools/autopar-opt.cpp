// Runs any pass alone on any step of the road: mlir-opt with autopar's dialects and passes.
#include "compiler/driver/ModelText.h"
#include "compiler/emit/Emit.h"
#include "dialects/rt/Rt.h"
#include "passes/Passes.h"

#include "mlir/Support/FileUtilities.h"
#include "mlir/Tools/mlir-opt/MlirOptMain.h"
#include "mlir/Transforms/Passes.h"
#include "llvm/Support/InitLLVM.h"
#include "llvm/Support/ToolOutputFile.h"
#include "llvm/Support/WithColor.h"

static int fail(const std::string &message) {
  llvm::WithColor::error(llvm::errs(), "autopar-opt") << message << "\n";
  return 1;
}

int main(int argc, char **argv) {
  mlir::DialectRegistry registry;
  registry.insert<mlir::func::FuncDialect, autopar::graph::GraphDialect,
                  autopar::dist::DistDialect, autopar::rt::RtDialect>();
  autopar::registerAutoparPasses();
  autopar::registerEmitPass();
  mlir::registerTransformsPasses();
  llvm::InitLLVM init(argc, argv);
  auto [input, output] =
      mlir::registerAndParseCLIOptions(argc, argv, "autopar's optimizer driver\n", registry);
  auto text = autopar::readModelText(input);
  if (!text)
    return fail(llvm::toString(text.takeError()));
  std::string error;
  std::unique_ptr<llvm::ToolOutputFile> file = mlir::openOutputFile(output, &error);
  if (!file)
    return fail(error);
  auto config = mlir::MlirOptMainConfig::createFromCLOptions();
  if (failed(mlir::MlirOptMain(file->os(), std::move(*text), registry, config)))
    return 1;
  file->keep();
  return 0;
}
