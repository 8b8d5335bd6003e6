// See Header.h.
#include "compiler/emit/Header.h"

#include "compiler/emit/Lines.h"
#include "compiler/emit/Tables.h"
#include "dialects/dist/Dist.h"
#include "passes/memory/MemoryReport.h"

#include "llvm/Support/Format.h"
#include "llvm/Support/raw_ostream.h"

using namespace mlir;

namespace autopar::emit {

static std::string megabytes(int64_t bytes) {
  std::string text;
  llvm::raw_string_ostream(text) << llvm::format("%9.2f MB", bytes / 1e6);
  return text;
}

std::vector<std::string> headerComment(ModuleOp module, const EmitOptions &options) {
  MemoryReport memory = reportMemory(module);
  std::vector<std::string> lines;
  auto line = [&](const Twine &text) { lines.push_back(("//" + text).str()); };
  Mesh mesh = dist::meshOf(module).value_or(Mesh({1}));

  line(" The training program of " + oneLine(modelName(module, options)) + ", one rank of " +
       Twine(mesh.numRanks()) + ", written by autopar. Build and run it with");
  line("");
  line("   cmake -S . -B build && cmake --build build -j");
  line("   mpirun -n " + Twine(mesh.numRanks()) + " build/train_rank --help");
  line("");
  if (!options.command.empty())
    line(" command  " + oneLine(options.command));
  std::string threads;
  if (auto attr = module->getAttrOfType<IntegerAttr>(rt::threadsAttrName))
    threads = ", " + std::to_string(attr.getInt()) + " threads a rank";
  line(" mesh     " + mesh.str() + threads);
  if (double seconds =
          options.computeSeconds + options.communicationSeconds - options.hiddenSeconds) {
    std::string text;
    llvm::raw_string_ostream out(text);
    out << llvm::format("%.3g s a step predicted", seconds);
    if (options.communicationSeconds > 0)
      out << llvm::format(": %.3g s compute, %.3g s communication", options.computeSeconds,
                          options.communicationSeconds);
    if (options.hiddenSeconds > 0)
      out << llvm::format(", %.3g s of it beside computation", options.hiddenSeconds);
    line(" time     " + text);
  }
  if (options.budgetBytes)
    line(" budget   " + Twine(options.budgetBytes) + " bytes a rank, " +
         Twine(options.reserveBytes) + " of them reserved for what is beside the arena");
  line(" memory   " + Twine(memory.arenaBytes) + " bytes in one arena; most is in use in " +
       memory.function + "() at " + oneLine(memory.call) + ":");
  for (auto [kind, bytes] : memory.byKind)
    line("          " + megabytes(bytes) + "  " + stringifyBufferKind(kind));
  return lines;
}

} // namespace autopar::emit
