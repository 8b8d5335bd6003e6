// See MemoryReport.h.
#include "passes/memory/MemoryReport.h"

#include "dialects/graph/Names.h"
#include "dialects/rt/NextInput.h"
#include "passes/Passes.h"

#include "llvm/ADT/StringMap.h"
#include "llvm/Support/MathExtras.h"

using namespace mlir;

namespace autopar {

/// One slice for each variable of the module, and those of the next step's batch; they live
/// throughout, whatever a function reads.
static std::vector<rt::SliceOp> alwaysAlive(ModuleOp module) {
  std::vector<rt::SliceOp> slices;
  llvm::StringMap<bool> seen;
  module.walk([&](rt::SliceOp slice) {
    if (rt::isNextInput(slice) || (slice.isVariable() && !slice.getUpdates() &&
                                   seen.try_emplace(slice.getName(), true).second))
      slices.push_back(slice);
  });
  return slices;
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
  const std::vector<rt::SliceOp> always = alwaysAlive(module);
  std::vector<rt::SliceOp> alive;

  int64_t most = -1;
  for (func::FuncOp function : programsOf(module)) {
    std::vector<rt::SliceOp> temporaries;
    for (rt::SliceOp slice : function.getOps<rt::SliceOp>())
      if (!slice.isVariable() && !rt::isNextInput(slice))
        temporaries.push_back(slice);
    auto [call, bytes] = fullestCall(temporaries);
    if (bytes <= most)
      continue;
    most = bytes;
    report.function = function.getName();
    report.callIndex = call;
    report.call = nameOfCall(function, call);
    alive = always;
    for (rt::SliceOp slice : temporaries)
      if (int64_t(slice.getBegin()) <= call && call < int64_t(slice.getEnd()))
        alive.push_back(slice);
  }

  for (rt::SliceOp slice : alive) {
    report.largestLiveSet += slice.getRoundedBytes();
    report.byKind[slice.getKind()] += slice.getRoundedBytes();
    if (rt::isNextInput(slice))
      report.nextInputs += slice.getRoundedBytes();
    report.buffers.push_back({slice.getName().str(), slice.getKind(), slice.getRoundedBytes()});
  }
  llvm::stable_sort(report.buffers,
                    [](const auto &a, const auto &b) { return a.bytes > b.bytes; });
  return report;
}

} // namespace autopar
