// From a module of one rank to calls of a target's runtime: all families' patterns, and what
// the runtime's collectives cannot do.
#include "passes/lowering/calls/InPlace.h"
#include "passes/lowering/calls/RuntimeCall.h"
#include "passes/lowering/calls/RuntimeTensor.h"

#include "dialects/dist/Dist.h"
#include "dialects/graph/Graph.h"
#include "dialects/rt/Operands.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/IR/BuiltinDialect.h"
#include "mlir/IR/TypeUtilities.h"

using namespace mlir;

namespace autopar::lowering {

/// What the dialect conversion has no words for: what the runtime's collectives cannot do.
static LogicalResult verifyCollectives(ModuleOp module) {
  WalkResult result = module.walk([&](Operation *op) {
    auto collective = dyn_cast<dist::CollectiveOpInterface>(op);
    if (!collective)
      return WalkResult::advance();
    std::optional<DataType> type = dataTypeOf(op->getOperandTypes()[0]);
    for (Type operand : op->getOperandTypes())
      if (!type || dataTypeOf(operand) != type) {
        op->emitOpError("moves ")
            << op->getOperandTypes()[0] << " and " << operand
            << " in one call; a call moves one element type, of f32, f64, "
               "bf16, f16, i32 and i8";
        return WalkResult::interrupt();
      }
    if (collective.addsUp() &&
        !isa<FloatType>(getElementTypeOrSelf(op->getOperandTypes()[0]))) {
      op->emitOpError("adds ") << op->getOperandTypes()[0]
                               << "; the runtime adds f32, f64, bf16 and f16";
      return WalkResult::interrupt();
    }
    return WalkResult::advance();
  });
  return failure(result.wasInterrupted());
}

/// What a target without narrow types cannot compute.
static LogicalResult verifyTypes(ModuleOp module, const rt::Target &target) {
  constexpr StringRef wayOut = "; compile for --target cuda, or with --precision f32";
  if (target.hasNarrowTypes)
    return success();
  if (module->hasAttr(graph::tf32AttrName))
    return module.emitError("rounds products to TF32, which the ")
           << target.name << " target does not" << wayOut;
  WalkResult result = module.walk([&](Operation *op) {
    for (Type type : llvm::concat<const Type>(op->getOperandTypes(), op->getResultTypes()))
      if (Type element = getElementTypeOrSelf(type); element.isBF16() || element.isF16()) {
        op->emitOpError("computes on ")
            << type << ", and the " << target.name << " target in f32" << wayOut;
        return WalkResult::interrupt();
      }
    return WalkResult::advance();
  });
  return failure(result.wasInterrupted());
}

static CallPatterns patternsFor(MLIRContext *context, const CallTarget &target) {
  CallPatterns patterns{RewritePatternSet(context), target};
  addAdamWPatterns(patterns);
  addAttentionPatterns(patterns);
  addBatchNormPatterns(patterns);
  addCollectivePatterns(patterns);
  addConvolutionPatterns(patterns);
  addDropoutPatterns(patterns);
  addEinsumPatterns(patterns);
  addElementwisePatterns(patterns);
  addEmbeddingPatterns(patterns);
  addLanguageLossPatterns(patterns);
  addLayerNormPatterns(patterns);
  addLinearPatterns(patterns);
  addLossPatterns(patterns);
  addPoolPatterns(patterns);
  addReductionPatterns(patterns);
  addSgdPatterns(patterns);
  addShapePatterns(patterns);
  addViewPatterns(patterns);
  return patterns;
}

static StringRef calleeOf(Operation *op) {
  static const llvm::StringMap<StringRef> callees = [&] {
    const CallTarget target{rt::cpuTarget(), nullptr}; // All name them alike.
    return patternsFor(op->getContext(), target).callees;
  }();
  return callees.lookup(op->getName().getStringRef());
}

bool worksInPlace(Operation *op, unsigned operand) {
  if (auto work = dyn_cast<graph::WorkOpInterface>(op); work && work.isView())
    return true;
  const rt::Callee *callee = rt::cpuTarget().findCallee(calleeOf(op));
  if (!callee || callee->inPlace || callee->ties.empty())
    return callee && callee->inPlace;
  const SmallVector<StringRef> names =
      rt::inputsOf(*callee, op->getAttrDictionary(), op->getNumResults())
          .names(op->getNumOperands());
  return llvm::any_of(callee->ties,
                      [&](const rt::Tie &tie) { return tie.input == names[operand]; });
}

LogicalResult lowerToCalls(ModuleOp module, const CallTarget &target) {
  if (failed(verifyTypes(module, target.table)) || failed(verifyCollectives(module)))
    return failure();
  module->setAttr(rt::targetAttrName, StringAttr::get(module.getContext(), target.table.name));
  ConversionTarget legal(*module.getContext());
  legal.addLegalDialect<rt::RtDialect, func::FuncDialect, BuiltinDialect>();
  legal.addLegalOp<graph::VariableOp, graph::AssignOp>();
  return applyFullConversion(module, legal, patternsFor(module.getContext(), target).set);
}

} // namespace autopar::lowering
