// See Front.h.
#include "compiler/driver/Front.h"

#include "compiler/driver/ModelText.h"

#include "dialects/dist/Dist.h"
#include "dialects/graph/Graph.h"
#include "dialects/graph/NameFault.h"
#include "dialects/graph/Names.h"
#include "dialects/rt/Rt.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Parser/Parser.h"
#include "llvm/Support/JSON.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/WithColor.h"

using namespace mlir;
using llvm::WithColor;

namespace autopar {

static DialectRegistry ourDialects() {
  DialectRegistry registry;
  registry.insert<func::FuncDialect, graph::GraphDialect, dist::DistDialect, rt::RtDialect>();
  return registry;
}

Front::Front(llvm::StringRef tool)
    : context(ourDialects(), MLIRContext::Threading::DISABLED), tool(tool) {
  context.printOpOnDiagnostic(false);
  handler = std::make_unique<SourceMgrDiagnosticHandler>(sources, &context);
  context.getDiagEngine().registerHandler(
      [this](Diagnostic &diagnostic) { return printWithoutPlace(diagnostic); });
}

Front::~Front() = default;

OwningOpRef<ModuleOp> Front::parse(llvm::StringRef path) {
  llvm::Expected<std::unique_ptr<llvm::MemoryBuffer>> text = readModelText(path);
  if (!text) {
    fail(text.takeError());
    return nullptr;
  }
  sources.AddNewSourceBuffer(std::move(*text), llvm::SMLoc());
  return parseSourceFile<ModuleOp>(sources, &context);
}

std::string Front::modelName(ModuleOp model, llvm::StringRef path) {
  // A file's name is any bytes; where the name goes, into checkpoints and reports, is UTF-8.
  return llvm::json::fixUTF8(model.getName().value_or(llvm::sys::path::stem(path)));
}

int Front::fail(llvm::Error error) const {
  llvm::logAllUnhandledErrors(std::move(error), WithColor::error(llvm::errs(), tool), "");
  return 1;
}

LogicalResult Front::printWithoutPlace(Diagnostic &diagnostic) const {
  if (diagnostic.getLocation()->findInstanceOf<FileLineColLoc>())
    return failure();
  // A message that names its operation is not told again whose it is.
  auto print = [](const Diagnostic &said, llvm::raw_ostream &kind) {
    const std::string name = printable(nameOf(said.getLocation())), text = printable(said.str());
    const bool isNamed = name.empty() || llvm::StringRef(text).contains("\"" + name + "\"");
    kind << (isNamed ? "" : name + ": ") << text << "\n";
  };
  switch (diagnostic.getSeverity()) {
  case DiagnosticSeverity::Error:
    print(diagnostic, WithColor::error(llvm::errs(), tool));
    break;
  case DiagnosticSeverity::Note: // on what was said before
    print(diagnostic, WithColor::note());
    break;
  default:
    print(diagnostic, WithColor::warning(llvm::errs(), tool));
  }
  for (const Diagnostic &note : diagnostic.getNotes())
    print(note, WithColor::note());
  return success();
}

} // namespace autopar
