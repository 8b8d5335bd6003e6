// Building a module and checking it. See Network.h.
#include "compiler/models/Network.h"

#include "mlir/IR/Verifier.h"
#include "llvm/ADT/StringSet.h"

using namespace mlir;

namespace autopar::models {

static Location nameLoc(MLIRContext *context, const Twine &name) {
  return NameLoc::get(StringAttr::get(context, name));
}

Network::Network(MLIRContext &context, StringRef name, Attribute optimizer,
                 ArrayRef<Input> inputs)
    : builder(&context) {
  context.loadDialect<func::FuncDialect, graph::GraphDialect>();
  module = ModuleOp::create(builder.getUnknownLoc(), name);
  (*module)->setAttr(graph::optimizerAttrName, optimizer);

  SmallVector<Type> types;
  for (const Input &input : inputs)
    types.push_back(input.type);
  Type loss = RankedTensorType::get({}, builder.getF32Type());
  builder.setInsertionPointToEnd(module->getBody());
  function = func::FuncOp::create(builder, builder.getUnknownLoc(), "model",
                                  builder.getFunctionType(types, loss));
  Block *body = builder.createBlock(&function.getBody());
  for (auto [index, input] : llvm::enumerate(inputs)) {
    body->addArgument(input.type, nameLoc(&context, input.name));
    function.setArgAttr(index, graph::inputAttrName, builder.getStringAttr(input.name));
  }
  function.setResultAttr(0, graph::outputAttrName, builder.getStringAttr("loss"));
}

Value Network::variable(graph::VariableKind kind, const Twine &name, ArrayRef<int64_t> shape,
                        Attribute init, ArrayRef<int64_t> stored) {
  bool isAsStored = stored.empty() || stored == shape;
  return graph::VariableOp::create(builder, nameLoc(builder.getContext(), name),
                                   RankedTensorType::get(shape, builder.getF32Type()), kind,
                                   builder.getStringAttr(name), init,
                                   isAsStored ? nullptr : builder.getDenseI64ArrayAttr(stored));
}

Attribute Network::constant(double value) {
  return graph::ConstantInitAttr::get(builder.getContext(), value);
}

Location Network::use(const Twine &module) {
  std::string name = module.str();
  if (unsigned before = uses[name]++)
    name += "_" + std::to_string(before);
  return nameLoc(builder.getContext(), name);
}

/// Names are how reports, plans and checkpoints speak of values: each has to be one value's.
static LogicalResult verifyNames(func::FuncOp function) {
  llvm::StringSet<> names;
  auto claim = [&](Location loc) -> LogicalResult {
    StringRef name = nameOf(loc);
    if (name.empty())
      return emitError(loc, "a value has no name");
    if (!names.insert(name).second)
      return emitError(loc) << "two values are named '" << name << "'";
    return success();
  };
  for (BlockArgument argument : function.getArguments())
    if (failed(claim(argument.getLoc())))
      return failure();
  for (Operation &op : function.getBody().front().without_terminator())
    if (failed(claim(op.getLoc())))
      return failure();
  return success();
}

OwningOpRef<ModuleOp> Network::finish(Value loss) {
  func::ReturnOp::create(builder, builder.getUnknownLoc(), loss);
  if (failed(verifyNames(function)) || failed(verify(*module)))
    return nullptr;
  return std::move(module);
}

} // namespace autopar::models
