// Calls collectives together that only updates wait for: PyTorch DDP's buckets, on the step's
// program instead of at run time.
#include "passes/Passes.h"
#include "passes/sharding/Strategies.h"

#include "mlir/IR/TypeUtilities.h"
#include "llvm/ADT/SetVector.h"

using namespace mlir;

namespace autopar {
#define GEN_PASS_DEF_BUCKETCOLLECTIVES
#include "passes/Passes.h.inc"

namespace {

/// What waits for `op` and nothing else does: its users up to assignments. Nothing where another
/// part of the step, or the step's result, waits too.
std::optional<llvm::SetVector<Operation *>> updatesAfter(Operation *op) {
  llvm::SetVector<Operation *> chain;
  SmallVector<Operation *> open{op};
  while (!open.empty()) {
    for (Operation *user : open.pop_back_val()->getUsers()) {
      if (isa<graph::AssignOp>(user)) {
        chain.insert(user);
        continue;
      }
      // Gradients feed updates, updates feed collectives and assignments.
      bool isUpdate =
          isa<graph::UpdateOpInterface>(user) || user->getDialect()->getNamespace() == "dist";
      if (!isUpdate)
        return std::nullopt;
      if (chain.insert(user))
        open.push_back(user);
    }
  }
  return chain;
}

template <typename Op> class Bucketer {
public:
  Bucketer(func::FuncOp function, int64_t capacity) : function(function), capacity(capacity) {}

  void run() {
    SmallVector<Op> candidates;
    for (auto op : function.getOps<Op>())
      if (op.getInputs().size() == 1 && updatesAfter(op))
        candidates.push_back(op);
    for (Op op : candidates) {
      if (!bucket.empty() && (!sameGroup(bucket.front(), op) || waiting.contains(op)))
        close();
      bucket.push_back(op);
      waiting.insert_range(*updatesAfter(op));
      for (Value input : op.getInputs())
        bytes += cast<ShapedType>(input.getType()).getNumElements() *
                 elementBytes(input.getType());
      if (bytes >= capacity)
        close();
    }
    close();
  }

private:
  static bool sameGroup(Op a, Op b) {
    auto elementType = [](Op op) { return getElementTypeOrSelf(op.getInputs()[0].getType()); };
    return a.getAxes() == b.getAxes() && elementType(a) == elementType(b);
  }

  /// One call where the last of them stood; the updates follow it.
  void close() {
    if (bucket.size() > 1) {
      Op last = bucket.back();
      OpBuilder builder(last);
      Op together = create(builder);
      Operation *after = together;
      for (auto [op, result] : llvm::zip_equal(bucket, together.getResults())) {
        auto chain = *updatesAfter(op);
        op.getResults()[0].replaceAllUsesWith(result);
        SmallVector<Operation *> inOrder = chain.takeVector();
        llvm::sort(inOrder, [](Operation *a, Operation *b) { return a->isBeforeInBlock(b); });
        for (Operation *user : inOrder) {
          // Some already stand behind: two members' chains may meet.
          if (user->isBeforeInBlock(after)) {
            user->moveAfter(after);
            after = user;
          }
        }
      }
      for (Op op : bucket)
        op.erase();
    }
    bucket.clear();
    waiting.clear();
    bytes = 0;
  }

  Op create(OpBuilder &builder) {
    SmallVector<Value> inputs;
    SmallVector<Type> types;
    SmallVector<Location> locs;
    for (Op op : bucket) {
      inputs.push_back(op.getInputs()[0]);
      types.push_back(op.getResults()[0].getType());
    }
    Location loc = named(bucket.back().getLoc(), nameOf(bucket.back()) + ".bucket");
    if constexpr (std::is_same_v<Op, dist::AllReduceOp>) {
      return Op::create(builder, loc, types, inputs, bucket[0].getAxes());
    } else {
      SmallVector<int64_t> dims;
      for (Op op : bucket)
        dims.push_back(op.getDims()[0]);
      return Op::create(builder, loc, types, inputs, bucket[0].getAxes(), dims);
    }
  }

  func::FuncOp function;
  int64_t capacity;
  SmallVector<Op> bucket;
  /// What waits for the bucket and so cannot be in it: the gather of an update's result waits for
  /// the gather of its gradient.
  llvm::DenseSet<Operation *> waiting;
  int64_t bytes = 0;
};

class BucketCollectives : public impl::BucketCollectivesBase<BucketCollectives> {
public:
  using BucketCollectivesBase::BucketCollectivesBase;

private:
  void runOnOperation() override {
    for (auto function : programsOf(getOperation())) {
      Bucketer<dist::AllReduceOp>(function, bucketBytes).run();
      Bucketer<dist::ReduceScatterOp>(function, bucketBytes).run();
      // Sharded updates stand together now; so do the gathers of what they made.
      Bucketer<dist::AllGatherOp>(function, bucketBytes).run();
    }
  }
};

} // namespace
} // namespace autopar
