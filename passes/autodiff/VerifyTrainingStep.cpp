// The pass verify-training-step: the barrier behind differentiation. Sharding and all that follows
// works on functions in which this holds.
#include "passes/Barrier.h"
#include "passes/autodiff/Sizes.h"
#include "passes/autodiff/Variables.h"

#include "llvm/ADT/StringMap.h"

using namespace mlir;

namespace autopar {

#define GEN_PASS_DEF_VERIFYTRAININGSTEP
#include "passes/Passes.h.inc"

namespace {

/// A number that the runtime reads.
bool isScalar(Type type) {
  auto tensor = dyn_cast<RankedTensorType>(type);
  return tensor && tensor.getRank() == 0;
}

class StepVerifier {
public:
  explicit StepVerifier(func::FuncOp function) : function(function) {}

  LogicalResult verify(BlockArgument argument) {
    const StringRef name = nameOf(argument.getLoc());
    auto input =
        function.getArgAttrOfType<StringAttr>(argument.getArgNumber(), graph::inputAttrName);
    if (!input || input.getValue() != name)
      return function.emitError("argument ")
             << argument.getArgNumber() << " of @" << function.getName() << " is called \""
             << name << "\", not what its " << graph::inputAttrName
             << " says; run autopar-name-values";
    return take(name, function);
  }

  LogicalResult verify(Operation *op) {
    if (op->hasTrait<OpTrait::IsTerminator>())
      return verifyReturn(op);
    if (!isa<graph::ShardableOpInterface>(op))
      return op->emitOpError("is left in @")
             << function.getName() << "; behind differentiation only operations that have a "
             << "sharding rule are";
    if (auto assign = dyn_cast<graph::AssignOp>(op))
      if (failed(verifyAssign(assign)))
        return failure();
    if (auto variable = dyn_cast<graph::VariableOp>(op))
      variables[variable.getName()] = variable;
    return take(nameOf(op->getLoc()), op);
  }

private:
  LogicalResult verifyReturn(Operation *op) {
    for (auto [index, type] : llvm::enumerate(op->getOperandTypes()))
      if (!isScalar(type))
        return op->emitOpError("returns ")
               << type << " as result " << index << " of @" << function.getName()
               << "; what the runtime reads of a program is a number";
    return success();
  }

  LogicalResult verifyAssign(graph::AssignOp assign) {
    graph::VariableOp variable = variables.lookup(assign.getName());
    if (!variable)
      return assign.emitError("\"") << assign.getName() << "\" is assigned, and no variable above "
                                    << "it in @" << function.getName() << " has that name";
    if (variable.getType() != assign.getValue().getType())
      return assign.emitError("\"") << assign.getName() << "\" is assigned "
                                    << assign.getValue().getType() << ", and is "
                                    << variable.getType();
    if (Operation *&first = assigned[assign.getName()]) {
      InFlightDiagnostic error = assign.emitError("\"")
                                 << assign.getName() << "\" is assigned twice in @"
                                 << function.getName();
      error.attachNote(first->getLoc()) << "the first time";
      return error;
    } else {
      first = assign;
    }
    return success();
  }

  /// Plans, reports and emitted code tell values apart by their names.
  LogicalResult take(StringRef name, Operation *where) {
    if (!name.empty() && names.try_emplace(name).second)
      return success();
    return where->emitError("@") << function.getName() << " has "
                                 << (name.empty() ? Twine("a value without a name")
                                                  : "two values called \"" + name + "\"")
                                 << "; run autopar-name-values";
  }

  func::FuncOp function;
  llvm::StringMap<char> names;
  llvm::StringMap<graph::VariableOp> variables;
  llvm::StringMap<Operation *> assigned;
};

class VerifyTrainingStep : public impl::VerifyTrainingStepBase<VerifyTrainingStep> {
  void runOnOperation() override {
    if (failed(run()))
      signalPassFailure();
  }

  LogicalResult run() {
    ModuleOp module = getOperation();
    if (findProgram(module, modelFunctionName) || !findProgram(module, stepFunctionName))
      return module.emitError("has @")
             << modelFunctionName << " and no @" << stepFunctionName
             << "; run autopar-differentiate, which makes the one the other";
    if (failed(autodiff::checkSizes(module)) || failed(autodiff::checkVariables(module)))
      return failure();
    return verifyPrograms<StepVerifier>(module);
  }
};

} // namespace
} // namespace autopar
