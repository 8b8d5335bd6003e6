// Runs any pass alone on any step of the road: mlir-opt with autopar's dialects and passes.
#include "compiler/emit/Emit.h"
#include "dialects/rt/Rt.h"
#include "passes/Passes.h"

#include "mlir/Dialect/EmitC/IR/EmitC.h"
#include "mlir/Tools/mlir-opt/MlirOptMain.h"
#include "mlir/Transforms/Passes.h"

int main(int argc, char **argv) {
  mlir::DialectRegistry registry;
  registry.insert<mlir::func::FuncDialect, mlir::emitc::EmitCDialect,
                  autopar::graph::GraphDialect, autopar::dist::DistDialect,
                  autopar::rt::RtDialect>();
  autopar::registerAutoparPasses();
  autopar::registerEmitPass();
  mlir::registerTransformsPasses();
  return mlir::asMainReturnCode(
      mlir::MlirOptMain(argc, argv, "autopar's optimizer driver\n", registry));
}
