// See MemoryReport.h.
#include "passes/memory/MemoryReport.h"

#include "dialects/graph/Names.h"
#include "passes/Passes.h"

#include "llvm/ADT/StringMap.h"
#include "llvm/Support/MathExtras.h"

using namespace mlir;

namespace autopar {

/// One slice for each variable of the module; it lives throughout, whatever a function reads.
static std::vector<rt::SliceOp> variablesOf(ModuleOp module) {
  std::vector<rt::SliceOp> variables;
  llvm::StringMap<bool> seen;
  module.walk([&](rt::SliceOp slice) {
    if (slice.isVariable() && !slice.getUpdates() &&
        seen.try_emplace(slice.getName(), true).second)
      variables.push_back(slice);
  });
  return variables;
}

/// Where a function's temporaries are most: the call, and their bytes.
static std::pair<int64_t, int64_t> fullestCall(ArrayRef<rt::SliceOp> temporaries) {
  std::map<int64_t, int64_t> changes;
  for (rt::SliceOp slice : temporaries) {
    changes[slice.getBegin()] += slice.getRoundedBytes();
    changes[slice.getEnd()] -= slice.getRoundedBytes();
  }
  std::pair<int64_t, int64_t> fullest = {0, 0};
  int64_t bytes = 0;
  for (auto [call, change] : changes) {
    bytes += change;
    if (bytes > fullest.second)
      fullest = {call, bytes};
  }
  return fullest;
}

/// Calls are numbered from 1; before them is the start, behind them the return.
static std::string nameOfCall(func::FuncOp function, int64_t index) {
  if (index == 0)
    return "start";
  for (rt::CallOp call : function.getOps<rt::CallOp>())
    if (--index == 0)
      return nameOf(call.getOperation());
  return "return";
}

MemoryReport reportMemory(ModuleOp module) {
  MemoryReport report;
  report.arenaBytes = module->getAttrOfType<IntegerAttr>(rt::arenaAttrName).getInt();
  std::vector<rt::SliceOp> variables = variablesOf(module), alive;

  int64_t most = -1;
  for (func::FuncOp function : programsOf(module)) {
    std::vector<rt::SliceOp> temporaries;
    for (rt::SliceOp slice : function.getOps<rt::SliceOp>())
      if (!slice.isVariable())
        temporaries.push_back(slice);
    auto [call, bytes] = fullestCall(temporaries);
    if (bytes <= most)
      continue;
    most = bytes;
    report.function = function.getName();
    report.callIndex = call;
    report.call = nameOfCall(function, call);
    alive = variables;
    for (rt::SliceOp slice : temporaries)
      if (int64_t(slice.getBegin()) <= call && call < int64_t(slice.getEnd()))
        alive.push_back(slice);
  }

  for (rt::SliceOp slice : alive) {
    report.largestLiveSet += slice.getRoundedBytes();
    report.byKind[slice.getKind()] += slice.getRoundedBytes();
    report.buffers.push_back({slice.getName().str(), slice.getKind(), slice.getRoundedBytes()});
  }
  llvm::stable_sort(report.buffers,
                    [](const auto &a, const auto &b) { return a.bytes > b.bytes; });
  return report;
}

} // namespace autopar
