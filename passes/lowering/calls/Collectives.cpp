// Collectives, and local slices, which copy this rank's block.
#include "dialects/dist/Dist.h"
#include "passes/lowering/calls/RuntimeCall.h"

using namespace mlir;
using namespace autopar::dist;

namespace autopar::lowering {

template <typename Op> static Config &axes(Op op, Config &config) {
  return config.integers("axes", SmallVector<int64_t>(op.getAxes()));
}

void addCollectivePatterns(CallPatterns &patterns) {
  addCall<AllReduceOp>(patterns, "AllReduce",
                       [](AllReduceOp op, Config &config) { axes(op, config); });
  addCall<AllGatherOp>(patterns, "AllGather", [](AllGatherOp op, Config &config) {
    axes(op, config).integers("dims", op.getDims());
  });
  addCall<ReduceScatterOp>(patterns, "ReduceScatter", [](ReduceScatterOp op, Config &config) {
    axes(op, config).integers("dims", op.getDims());
  });
  addCall<AllToAllOp>(patterns, "AllToAll", [](AllToAllOp op, Config &config) {
    axes(op, config).integer("split", op.getSplit()).integer("concat", op.getConcat());
  });
  addCall<dist::SliceOp>(patterns, "CopySlice", [](dist::SliceOp op, Config &config) {
    axes(op, config).integer("dim", op.getDim());
  });
}

} // namespace autopar::lowering
