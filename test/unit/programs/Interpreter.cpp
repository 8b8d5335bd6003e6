// Ranks in lockstep. See Interpreter.h.
#include "test/unit/programs/Interpreter.h"

#include "dialects/dist/Dist.h"
#include "dialects/graph/Graph.h"
#include "test/unit/programs/CallKernels.h"
#include "test/unit/programs/Kernels.h"

#include "gtest/gtest.h"

using namespace mlir;

namespace autopar {

std::vector<Tensors> Interpreter::run(func::FuncOp function,
                                      const std::vector<Tensors> &arguments) {
  values.clear();
  assigned = variables;
  for (BlockArgument argument : function.getArguments()) {
    OnRanks held;
    for (const Tensors &ofRank : arguments)
      held.push_back(ofRank[argument.getArgNumber()]);
    set(argument, std::move(held));
  }
  for (Operation &op : function.front().without_terminator())
    execute(&op);

  std::vector<Tensors> results(mesh.numRanks());
  for (Value value : function.front().getTerminator()->getOperands())
    for (auto [ofRank, tensor] : llvm::zip_equal(results, values.at(value)))
      ofRank.push_back(tensor);
  variables = std::move(assigned);
  return results;
}

void Interpreter::set(Value value, OnRanks held) {
  for (const Tensor &tensor : held)
    EXPECT_EQ(ArrayRef<int64_t>(tensor.shape), graph::shapeOf(value)) << nameOf(value);
  values[value] = std::move(held);
}

void Interpreter::execute(Operation *op) {
  if (auto variable = dyn_cast<graph::VariableOp>(op)) {
    OnRanks held;
    for (const NamedTensors &ofRank : variables)
      held.push_back(ofRank.at(variable.getName().str()));
    return set(variable, std::move(held));
  }
  if (auto assign = dyn_cast<graph::AssignOp>(op)) {
    for (auto [ofRank, tensor] : llvm::zip_equal(assigned, values.at(assign.getValue())))
      ofRank[assign.getName().str()] = tensor;
    return;
  }
  if (std::optional<Collective> collective = collectiveOf(op)) {
    for (auto [i, operand, result] : llvm::enumerate(op->getOperands(), op->getResults()))
      set(result, communicate(*collective, values.at(operand), i));
    return;
  }
  std::vector<OnRanks> results(op->getNumResults());
  for (int64_t rank = 0; rank < mesh.numRanks(); ++rank)
    for (auto [result, tensor] : llvm::zip_equal(results, executeOn(rank, op)))
      result.push_back(tensor);
  for (auto [value, held] : llvm::zip_equal(op->getResults(), results))
    set(value, held);
}

/// In the shape of `value`, of which it has as many elements; as it is where it has not.
static Tensor shaped(Value value, Tensor tensor) {
  ArrayRef<int64_t> shape = graph::shapeOf(value);
  if (tensor.size() == ShapedType::getNumElements(shape))
    tensor.shape = SmallVector<int64_t>(shape);
  return tensor;
}

Tensors Interpreter::executeOn(int64_t rank, Operation *op) {
  SmallVector<const Tensor *> operands;
  for (Value operand : op->getOperands())
    operands.push_back(&values.at(operand)[rank]);
  if (isa<rt::ViewOp>(op))
    return {shaped(op->getResult(0), *operands[0])};
  auto call = dyn_cast<rt::CallOp>(op);
  if (!call)
    return compute(op, operands, {mesh, rank});

  Tensors results;
  if (CallKernel kernel = callKernels().lookup(call.getCallee()))
    results = kernel(GivenCall(call, operands, {mesh, rank}));
  else
    ADD_FAILURE() << "the interpreter has no call " << call.getCallee().str()
                  << "; add it to test/unit/programs/calls";
  results.resize(call.getNumResults());
  for (auto [value, result] : llvm::zip_equal(call.getResults(), results))
    result = shaped(value, std::move(result));
  return results;
}

/// Tensor `index` of the collective's bucket.
Interpreter::OnRanks Interpreter::communicate(const Collective &collective,
                                              const OnRanks &before, int64_t index) {
  OnRanks after;
  for (int64_t rank = 0; rank < mesh.numRanks(); ++rank) {
    SmallVector<int64_t> group = mesh.group(rank, collective.axes);
    Tensors held;
    for (int64_t member : group)
      held.push_back(before[member]);
    after.push_back(collective.run(index, held, llvm::find(group, rank) - group.begin()));
  }
  return after;
}

static Spec specIn(dist::ShardingAttr attr, const Mesh &mesh) {
  return attr ? *attr.spec(mesh.numAxes()) : Spec::replicated(mesh.numAxes());
}

Outcome execute(func::FuncOp function, const NamedTensors &inputs,
                const NamedTensors &variables, bool partitioned) {
  Interpreter interpreter(partitioned ? *dist::meshOf(function) : Mesh({1}));
  const Mesh &mesh = interpreter.mesh;

  std::vector<Tensors> arguments(mesh.numRanks());
  for (unsigned i = 0; i < function.getNumArguments(); ++i) {
    auto name = function.getArgAttrOfType<StringAttr>(i, graph::inputAttrName);
    Spec spec = specIn(
        function.getArgAttrOfType<dist::ShardingAttr>(i, dist::userShardingAttrName), mesh);
    for (auto [rank, ofRank] : llvm::enumerate(arguments))
      ofRank.push_back(block(inputs.at(name.str()), spec, mesh, rank));
  }
  std::map<std::string, Spec> specs;
  for (auto variable : function.getOps<graph::VariableOp>()) {
    std::string name = variable.getName().str();
    specs[name] =
        specIn(variable->getAttrOfType<dist::ShardingAttr>(dist::userShardingAttrName), mesh);
    for (auto [rank, ofRank] : llvm::enumerate(interpreter.variables))
      ofRank[name] = block(variables.at(name), specs[name], mesh, rank);
  }

  std::vector<Tensors> results = interpreter.run(function, arguments);

  Outcome outcome{results.front(), {}};
  for (const Tensors &ofRank : results)
    for (auto [one, other] : llvm::zip_equal(ofRank, outcome.results))
      EXPECT_LT(difference(one, other), 1e-12) << "a result differs between ranks";
  for (const auto &[name, spec] : specs) {
    Tensors parts;
    for (const NamedTensors &ofRank : interpreter.variables)
      parts.push_back(ofRank.at(name));
    Tensor whole = assemble(parts, spec, mesh);
    for (auto [rank, held] : llvm::enumerate(parts))
      EXPECT_LT(difference(held, block(whole, spec, mesh, rank)), 1e-12)
          << name << " differs between ranks that hold the same";
    outcome.variables[name] = whole;
  }
  return outcome;
}

} // namespace autopar
