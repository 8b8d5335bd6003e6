// Calls collectives together that only updates wait for: PyTorch DDP's buckets, on the step's
// program instead of at run time.
#include "passes/Passes.h"
#include "passes/sharding/Strategies.h"

#include "mlir/IR/TypeUtilities.h"
#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/DenseSet.h"

using namespace mlir;

namespace autopar {
#define GEN_PASS_DEF_BUCKETCOLLECTIVES
#include "passes/Passes.h.inc"

namespace {

/// Gradients feed updates, updates feed collectives and assignments.
bool isUpdate(Operation *op) {
  return isa<graph::AssignOp, graph::UpdateOpInterface, dist::CollectiveOpInterface>(op);
}

/// Whether only updates wait for an operation, and no other part of the step, nor its result.
class UpdatesAfter {
public:
  bool areAll(Operation *op) {
    if (auto answer = known.find(op); answer != known.end())
      return answer->second;
    const bool all = llvm::all_of(op->getUsers(), [&](Operation *user) {
      return isUpdate(user) && (isa<graph::AssignOp>(user) || areAll(user));
    });
    known[op] = all;
    return all;
  }

private:
  llvm::DenseMap<Operation *, bool> known; // each is asked once, whoever leads there
};

template <typename Op> class Bucketer {
public:
  Bucketer(func::FuncOp function, int64_t capacity) : function(function), capacity(capacity) {}

  void run() {
    SmallVector<Op> candidates;
    UpdatesAfter updates;
    for (auto op : function.getOps<Op>())
      if (op.getInputs().size() == 1 && updates.areAll(op))
        candidates.push_back(op);
    for (Op op : candidates) {
      if (!bucket.empty() && (!sameGroup(bucket.front(), op) || waiting.contains(op)))
        close();
      bucket.push_back(op);
      addWaiting(op);
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

  /// All that waits for `op`; behind what waits already there is nothing new.
  void addWaiting(Operation *op) {
    SmallVector<Operation *> open{op};
    while (!open.empty())
      for (Operation *user : open.pop_back_val()->getUsers())
        if (waiting.insert(user).second && !isa<graph::AssignOp>(user))
          open.push_back(user);
  }

  /// One call where the last of them stood; the updates that stood before it follow it.
  void close() {
    if (bucket.size() > 1) {
      OpBuilder builder(bucket.back());
      Op together = create(builder);
      auto isBefore = [](Operation *a, Operation *b) { return a->isBeforeInBlock(b); };
      SmallVector<Operation *> early;
      for (Operation *op : waiting)
        if (isBefore(op, together))
          early.push_back(op);
      llvm::sort(early, isBefore);
      for (auto [op, result] : llvm::zip_equal(bucket, together.getResults()))
        op.getResults()[0].replaceAllUsesWith(result);
      Operation *after = together;
      for (Operation *op : early) { // without a look at their order, which each move unsettles
        op->moveAfter(after);
        after = op;
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
