// The pass lower-to-cpu: calls of oneDNN, own kernels and MPI.
#include "passes/Passes.h"
#include "passes/lowering/calls/RuntimeCall.h"
#include "passes/lowering/cpu/Workspace.h"

#include <thread>

using namespace mlir;

namespace autopar {

#define GEN_PASS_DEF_LOWERTOCPU
#include "passes/Passes.h.inc"

namespace {

class LowerToCpu : public impl::LowerToCpuBase<LowerToCpu> {
public:
  using LowerToCpuBase::LowerToCpuBase;

  void runOnOperation() override {
    ModuleOp module = getOperation();
    int64_t rankThreads = threadsOfARank(module);
    cpu_lowering::planForThreads(rankThreads);
    module->setAttr(rt::threadsAttrName, Builder(module).getI64IntegerAttr(rankThreads));
    if (failed(lowering::lowerToCalls(module, {rt::cpuTarget(), cpu_lowering::workspaceBytes})))
      signalPassFailure();
  }

private:
  int64_t threadsOfARank(ModuleOp module) const {
    if (threads > 0)
      return threads;
    std::optional<Mesh> mesh = dist::meshOf(module);
    int64_t cores = std::thread::hardware_concurrency();
    return std::max<int64_t>(1, cores / (mesh ? mesh->numRanks() : 1));
  }
};

} // namespace
} // namespace autopar
