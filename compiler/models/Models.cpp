// The register of model families, and what they share. See Models.h.
#include "compiler/models/Models.h"

#include "compiler/models/Gpt2.h"
#include "compiler/models/ResNet.h"
#include "dialects/graph/Graph.h"

#include "mlir/IR/Diagnostics.h"
#include "mlir/IR/OperationSupport.h"
#include "llvm/ADT/StringExtras.h"

using namespace mlir;

namespace autopar::models {

static const Family *const families[] = {&resNet, &gpt2};

static InFlightDiagnostic error(MLIRContext &context) {
  return emitError(UnknownLoc::get(&context));
}

std::vector<StringRef> modelNames() {
  std::vector<StringRef> names;
  for (const Family *family : families)
    llvm::append_range(names, family->names);
  return names;
}

OwningOpRef<ModuleOp> buildModel(MLIRContext &context, StringRef name, const Options &options) {
  for (const Family *family : families)
    if (llvm::is_contained(family->names, name))
      return family->build(context, name, options);
  error(context) << "unknown model '" << name << "'; known are "
                 << llvm::join(modelNames(), ", ");
  return nullptr;
}

void printModel(ModuleOp module, llvm::raw_ostream &os) {
  OpPrintingFlags flags;
  flags.enableDebugInfo(/*enable=*/true, /*prettyForm=*/false);
  flags.useLocalScope();
  flags.printNameLocAsPrefix();
  module->print(os, flags);
  os << '\n';
}

Attribute sgd(MLIRContext &context, const Options &options) {
  context.loadDialect<graph::GraphDialect>();
  using graph::Number;
  return graph::SgdAttr::getChecked(
      [&] { return error(context); }, &context, Number(options.learningRate.value_or(0.1)),
      Number(options.momentum), /*dampening=*/Number(0),
      Number(options.weightDecay.value_or(1e-4)), options.nesterov);
}

Attribute adamW(MLIRContext &context, const Options &options) {
  context.loadDialect<graph::GraphDialect>();
  using graph::Number;
  return graph::AdamWAttr::getChecked(
      [&] { return error(context); }, &context, Number(options.learningRate.value_or(3e-4)),
      Number(options.beta1), Number(options.beta2), Number(options.epsilon),
      Number(options.weightDecay.value_or(0.1)), Number(options.clip));
}

LogicalResult requireSize(MLIRContext &context, StringRef what, int64_t value, int64_t most) {
  if (value < 1 || value > most)
    return error(context) << what << " is " << value << "; it must be from 1 to " << most;
  return success();
}

} // namespace autopar::models
