// Brings the model's activations into the element type that the user wished for. Operations say
// themselves what their results are; what is decided here is where values enter that type.
#include "passes/Passes.h"

#include "mlir/IR/TypeUtilities.h"
#include "llvm/ADT/StringSwitch.h"

using namespace mlir;

namespace autopar {
#define GEN_PASS_DEF_SETPRECISION
#include "passes/Passes.h.inc"

namespace {

bool isSingle(Type type) {
  auto tensor = dyn_cast<RankedTensorType>(type);
  return tensor && tensor.getRank() > 0 && tensor.getElementType().isF32();
}

/// Makes the forward function's activations numbers of `element`.
class Narrowing {
public:
  Narrowing(FloatType element, func::FuncOp function)
      : element(element), function(function), builder(function.getContext()) {}

  LogicalResult run() {
    findLossPart();
    builder.setInsertionPointToStart(&function.front());
    for (Value argument : function.getArguments()) {
      ofInputs.insert(argument);
      if (isSingle(argument.getType()))
        narrow(argument);
    }
    for (Operation &op : llvm::make_early_inc_range(function.front().without_terminator()))
      if (llvm::any_of(op.getOperands(), [&](Value v) { return ofInputs.contains(v); }) &&
          failed(follow(&op)))
        return failure();
    return success();
  }

private:
  /// What leads to a computed loss element by element and by sums, and to nothing else, stays f32,
  /// as it does in PyTorch: of a mean of squares two digits would be left.
  void findLossPart() {
    for (Operation &op : llvm::reverse(function.front().without_terminator()))
      if (isa<graph::LossOp>(op) ||
          (passesElements(&op) && llvm::all_of(op.getUsers(), [&](Operation *user) {
             return ofLoss.contains(user);
           })))
        ofLoss.insert(&op);
  }
  static bool passesElements(Operation *op) {
    auto work = dyn_cast<graph::WorkOpInterface>(op);
    return isOfOneElement(op) || isa<graph::SumOp, graph::ExpandOp>(op) ||
           (work && work.isView());
  }

  /// Gives `op`, which follows from the inputs, the types that it now has.
  LogicalResult follow(Operation *op) {
    ofInputs.insert(op->result_begin(), op->result_end());
    if (ofLoss.contains(op)) {
      for (OpOperand &operand : op->getOpOperands())
        if (isNarrow(operand.get().getType()))
          operand.set(widened(operand.get()));
      return success();
    }
    if (llvm::none_of(op->getOperandTypes(), [&](Type type) { return isNarrow(type); })) {
      // A lookup, which finds what parameters hold.
      builder.setInsertionPointAfter(op);
      for (Value result : op->getResults())
        if (isSingle(result.getType()))
          narrow(result);
      return success();
    }
    if (isOfOneElement(op))
      for (OpOperand &operand : op->getOpOperands())
        if (isSingle(operand.get().getType())) {
          builder.setInsertionPoint(op);
          operand.set(cast(operand.get(), element));
        }
    return inferResults(op);
  }

  static bool isOfOneElement(Operation *op) {
    return op->hasTrait<OpTrait::SameOperandsAndResultType>() ||
           op->hasTrait<OpTrait::SameOperandsAndResultElementType>();
  }
  bool isNarrow(Type type) const { return getElementTypeOrSelf(type) == element; }

  LogicalResult inferResults(Operation *op) {
    SmallVector<Type> types;
    if (auto inferring = dyn_cast<InferTypeOpInterface>(op)) {
      if (failed(inferring.inferReturnTypes(op->getContext(), op->getLoc(), op->getOperands(),
                                            op->getAttrDictionary(), op->getPropertiesStorage(),
                                            op->getRegions(), types)))
        return failure();
    } else {
      // Its shape is its own, its elements are the operand's.
      for (Type type : op->getResultTypes())
        types.push_back(isSingle(type) ? llvm::cast<RankedTensorType>(type).clone(element)
                                       : type);
    }
    for (auto [result, type] : llvm::zip_equal(op->getResults(), types))
      result.setType(type);
    return success();
  }

  /// Puts a cast between `value` and all that reads it but the loss.
  void narrow(Value value) {
    if (llvm::all_of(value.getUsers(), [&](Operation *user) { return ofLoss.contains(user); }))
      return;
    Value narrowed = cast(value, element);
    value.replaceUsesWithIf(narrowed, [&](OpOperand &use) {
      return use.getOwner() != narrowed.getDefiningOp() && !ofLoss.contains(use.getOwner());
    });
  }
  /// The value in f32, once for all of the loss that reads it.
  Value widened(Value value) {
    Value &wide = singles[value];
    if (!wide) {
      builder.setInsertionPointAfterValue(value);
      wide = cast(value, builder.getF32Type());
    }
    return wide;
  }
  Value cast(Value value, FloatType to) {
    auto type = llvm::cast<RankedTensorType>(value.getType()).clone(to);
    Location loc = named(value.getLoc(), nameOf(value) + ".cast");
    Value narrowed = graph::CastOp::create(builder, loc, type, value);
    ofInputs.insert(narrowed);
    return narrowed;
  }

  FloatType element;
  func::FuncOp function;
  OpBuilder builder;
  /// Values that follow from the function's arguments: activations, in time.
  llvm::DenseSet<Value> ofInputs;
  llvm::DenseSet<Operation *> ofLoss;
  llvm::DenseMap<Value, Value> singles; ///< what `widened` has made
};

class SetPrecision : public impl::SetPrecisionBase<SetPrecision> {
public:
  using SetPrecisionBase::SetPrecisionBase;

private:
  void runOnOperation() override {
    if (failed(run()))
      signalPassFailure();
  }

  LogicalResult run() {
    ModuleOp module = getOperation();
    MLIRContext *context = &getContext();
    if (precision == "f32")
      return success();
    if (precision == "tf32") {
      module->setAttr(graph::tf32AttrName, UnitAttr::get(context));
      return success();
    }
    auto element = llvm::StringSwitch<FloatType>(precision)
                       .Case("bf16", BFloat16Type::get(context))
                       .Case("fp16", Float16Type::get(context))
                       .Default({});
    if (!element)
      return module.emitError("unknown precision '")
             << precision.getValue() << "'; there are f32, tf32, bf16 and fp16";
    auto model = findProgram(module, modelFunctionName);
    if (!model)
      return module.emitError("has no function @") << modelFunctionName;
    return Narrowing(element, model).run();
  }
};

} // namespace
} // namespace autopar
