// The pass verify-spmd: the barrier behind partitioning. What is left is one rank's program: local
// shapes, and every exchange with other ranks an operation of its own.
#include "passes/Barrier.h"

#include "llvm/ADT/StringMap.h"

using namespace mlir;

namespace autopar {

#define GEN_PASS_DEF_VERIFYSPMD
#include "passes/Passes.h.inc"

namespace {

/// How an input or a variable lies, as the runtime is told.
struct Lying {
  TypeAttr whole;
  dist::ShardingAttr sharding;
  bool operator==(const Lying &) const = default;
};

/// What is wrong with it for a rank's part of type `local`; empty where nothing is.
std::string faultOf(const Lying &lying, Type local, const Mesh &mesh) {
  std::string fault;
  llvm::raw_string_ostream out(fault);
  if (!lying.whole || !lying.sharding) {
    out << "does not say how it lies: it has a " << dist::userShardingAttrName << " and the whole's "
        << dist::globalTypeAttrName << " behind autopar-partition";
    return fault;
  }
  auto whole = cast<RankedTensorType>(lying.whole.getValue());
  std::optional<Spec> spec = lying.sharding.spec(mesh.numAxes());
  std::optional<SmallVector<int64_t>> shape =
      spec && !spec->hasUnreduced() ? spec->localShape(whole.getShape(), mesh) : std::nullopt;
  if (!shape)
    out << "cannot lie as " << lying.sharding << " says: '" << whole << "' over the mesh "
        << mesh.str();
  else if (whole.clone(*shape) != local)
    out << "is '" << local << "' of '" << whole << "'; as " << lying.sharding
        << " over the mesh " << mesh.str() << " it would be '" << whole.clone(*shape) << "'";
  return fault;
}

class SpmdVerifier {
public:
  SpmdVerifier(func::FuncOp function, const Mesh &mesh, llvm::StringMap<Lying> &elsewhere)
      : function(function), mesh(mesh), elsewhere(elsewhere) {}

  LogicalResult verify(BlockArgument argument) {
    const unsigned index = argument.getArgNumber();
    auto refuse = [&](const Twine &what) {
      return function.emitError("argument ") << index << " of @" << function.getName() << " "
                                             << what;
    };
    if (function.getArgAttr(index, dist::planAttrName))
      return refuse("still has a plan; run autopar-partition");
    const Lying lying = {
        function.getArgAttrOfType<TypeAttr>(index, dist::globalTypeAttrName),
        function.getArgAttrOfType<dist::ShardingAttr>(index, dist::userShardingAttrName)};
    std::string fault = faultOf(lying, argument.getType(), mesh);
    return fault.empty() ? success() : LogicalResult(refuse(fault));
  }

  LogicalResult verify(Operation *op) {
    if (op->hasAttr(dist::planAttrName))
      return op->emitOpError("still has a plan; run autopar-partition");
    const bool isCollective = isa<dist::CollectiveOpInterface>(op);
    if (!isCollective && !isa<graph::ShardableOpInterface>(op) &&
        !op->hasTrait<OpTrait::IsTerminator>())
      return op->emitOpError("is neither a part of the network nor a collective; one rank's "
                             "program has nothing else");
    if (auto variable = dyn_cast<graph::VariableOp>(op))
      return verifyVariable(variable);
    if (auto assign = dyn_cast<graph::AssignOp>(op))
      return verifyAssign(assign);
    return verifyPart(op);
  }

private:
  LogicalResult verifyVariable(graph::VariableOp variable) {
    const Lying lying = {
        variable->getAttrOfType<TypeAttr>(dist::globalTypeAttrName),
        variable->getAttrOfType<dist::ShardingAttr>(dist::userShardingAttrName)};
    if (std::string fault = faultOf(lying, variable.getType(), mesh); !fault.empty())
      return variable.emitError("variable \"") << variable.getName() << "\" " << fault;
    types[variable.getName()] = variable.getType();
    auto [other, isNew] = elsewhere.try_emplace(variable.getName(), lying);
    if (other->second == lying)
      return success();
    return variable.emitError("variable \"")
           << variable.getName() << "\" is " << lying.whole << " as " << lying.sharding
           << " in @" << function.getName() << ", and " << other->second.whole << " as "
           << other->second.sharding << " in another function";
  }

  LogicalResult verifyAssign(graph::AssignOp assign) {
    Type type = types.lookup(assign.getName());
    if (type == assign.getValue().getType())
      return success();
    InFlightDiagnostic error = assign.emitError("\"")
                               << assign.getName() << "\" is assigned "
                               << assign.getValue().getType();
    if (type)
      error << ", and is " << type;
    else
      error << ", and no variable above it in @" << function.getName() << " has that name";
    return error;
  }

  /// What an operation is told to be a part of has to be one of its tensors.
  LogicalResult verifyPart(Operation *op) {
    std::optional<Attribute> inherent = op->getInherentAttr("part");
    auto part = dyn_cast_if_present<dist::PartAttr>(inherent.value_or(Attribute()));
    if (!part)
      return success();
    std::optional<SmallVector<int64_t>> shape = part.localShape(mesh);
    auto isIt = [&](Value value) { return shape && graph::shapeOf(value) == ArrayRef(*shape); };
    if (llvm::any_of(op->getOperands(), isIt) || llvm::any_of(op->getResults(), isIt))
      return success();
    return op->emitOpError("is of ") << part << ", which is no operand or result of it over the "
                                     << "mesh " << mesh.str();
  }

  func::FuncOp function;
  const Mesh &mesh;
  llvm::StringMap<Lying> &elsewhere; ///< variables, as the functions before lay them
  llvm::StringMap<Type> types;
};

class VerifySpmd : public impl::VerifySpmdBase<VerifySpmd> {
  void runOnOperation() override {
    if (failed(run()))
      signalPassFailure();
  }

  LogicalResult run() {
    std::optional<Mesh> mesh = dist::meshOf(getOperation());
    if (!mesh)
      return getOperation().emitError("has no ") << dist::meshAttrName;
    llvm::StringMap<Lying> variables;
    return verifyPrograms<SpmdVerifier>(getOperation(), *mesh, variables);
  }
};

} // namespace
} // namespace autopar
