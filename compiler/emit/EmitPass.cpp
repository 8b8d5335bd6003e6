// The emitter as a pass, so that autopar-opt can show its text.
#include "compiler/emit/Emit.h"
#include "dialects/rt/Rt.h"

#include "mlir/Pass/Pass.h"
#include "mlir/Pass/PassRegistry.h"
#include "llvm/Support/raw_ostream.h"

using namespace mlir;

namespace autopar {

namespace {

struct EmitPass : PassWrapper<EmitPass, OperationPass<ModuleOp>> {
  MLIR_DEFINE_EXPLICIT_INTERNAL_INLINE_TYPE_ID(EmitPass)

  EmitPass() = default;
  EmitPass(const EmitPass &other) : PassWrapper(other) {}

  StringRef getArgument() const override { return "autopar-emit"; }
  StringRef getDescription() const override {
    return "prints the program of one rank, or writes its folder";
  }

  void runOnOperation() override {
    EmitOptions options;
    options.command = "autopar-opt";
    llvm::Error error = llvm::Error::success();
    if (!directory.empty()) {
      error = emitProgram(getOperation(), directory, options);
    } else if (llvm::Expected<std::string> text = programText(getOperation(), options)) {
      llvm::outs() << *text;
    } else {
      error = text.takeError();
    }
    if (!error && !binary.empty())
      error = buildProgram(directory, binary, rt::targetOf(getOperation())->name);
    if (error) {
      getOperation()->emitError() << llvm::toString(std::move(error));
      signalPassFailure();
    }
  }

  Option<std::string> directory{*this, "directory",
                                llvm::cl::desc("folder to write; standard output where empty")};
  Option<std::string> binary{
      *this, "binary", llvm::cl::desc("binary to build from the folder; none where empty")};
};

} // namespace

void registerEmitPass() { PassRegistration<EmitPass>(); }

} // namespace autopar
