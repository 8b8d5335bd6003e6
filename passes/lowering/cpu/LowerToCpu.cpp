// The pass lower-to-cpu: what the patterns of this folder make of each operation, until none of
// the network's own is left.
#include "passes/lowering/cpu/RuntimeCall.h"
#include "passes/lowering/cpu/RuntimeTensor.h"
#include "passes/lowering/cpu/Workspace.h"

#include "passes/Passes.h"

#include "mlir/IR/BuiltinDialect.h"

#include <thread>

using namespace mlir;

namespace autopar {

#define GEN_PASS_DEF_LOWERTOCPU
#include "passes/Passes.h.inc"

namespace {

/// What the dialect conversion has no words for: what the runtime's collectives cannot do.
LogicalResult verifyCollectives(ModuleOp module) {
  WalkResult result = module.walk([&](Operation *op) {
    if (!isa<dist::DistDialect>(op->getDialect()))
      return WalkResult::advance();
    std::optional<DataType> type = dataTypeOf(op->getOperandTypes()[0]);
    for (Type operand : op->getOperandTypes())
      if (!type || dataTypeOf(operand) != type) {
        op->emitOpError("moves ")
            << op->getOperandTypes()[0] << " and " << operand
            << " in one call; a call moves one element type, of f32, f64, "
               "i32 and i8";
        return WalkResult::interrupt();
      }
    bool sums = isa<dist::AllReduceOp, dist::ReduceScatterOp>(op);
    if (sums && type != DataType::F32 && type != DataType::F64) {
      op->emitOpError("adds ") << op->getOperandTypes()[0] << "; the runtime adds f32 and f64";
      return WalkResult::interrupt();
    }
    return WalkResult::advance();
  });
  return failure(result.wasInterrupted());
}

class LowerToCpu : public impl::LowerToCpuBase<LowerToCpu> {
public:
  using LowerToCpuBase::LowerToCpuBase;

  void runOnOperation() override {
    ModuleOp module = getOperation();
    if (failed(verifyCollectives(module)))
      return signalPassFailure();
    Builder builder(module);
    int64_t rankThreads = threadsOfARank(module);
    cpu_lowering::planForThreads(rankThreads);
    module->setAttr(rt::targetAttrName, builder.getStringAttr("cpu"));
    module->setAttr(rt::threadsAttrName, builder.getI64IntegerAttr(rankThreads));

    ConversionTarget target(getContext());
    target.addLegalDialect<rt::RtDialect, func::FuncDialect, BuiltinDialect>();
    target.addLegalOp<graph::VariableOp, graph::AssignOp>();
    if (failed(applyFullConversion(module, target, patterns())))
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

  FrozenRewritePatternSet patterns() {
    RewritePatternSet patterns(&getContext());
    cpu_lowering::addBatchNormPatterns(patterns);
    cpu_lowering::addCollectivePatterns(patterns);
    cpu_lowering::addConvolutionPatterns(patterns);
    cpu_lowering::addElementwisePatterns(patterns);
    cpu_lowering::addLinearPatterns(patterns);
    cpu_lowering::addLossPatterns(patterns);
    cpu_lowering::addPoolPatterns(patterns);
    cpu_lowering::addSgdPatterns(patterns);
    cpu_lowering::addViewPatterns(patterns);
    return patterns;
  }
};

} // namespace
} // namespace autopar
