// See RuntimeCall.h.
#include "passes/lowering/calls/RuntimeCall.h"

#include "dialects/graph/AnyOrder.h"
#include "dialects/graph/Graph.h"
#include "dialects/rt/Operands.h"

#include "mlir/IR/TypeUtilities.h"

using namespace mlir;

namespace autopar::lowering {

Config &Config::integer(StringRef field, int64_t value) {
  fields.push_back(builder.getNamedAttr(field, builder.getI64IntegerAttr(value)));
  return *this;
}
Config &Config::real(StringRef field, double value) {
  fields.push_back(builder.getNamedAttr(field, builder.getF64FloatAttr(value)));
  return *this;
}
Config &Config::flag(StringRef field, bool value) {
  fields.push_back(builder.getNamedAttr(field, builder.getBoolAttr(value)));
  return *this;
}
Config &Config::integers(StringRef field, ArrayRef<int64_t> values) {
  fields.push_back(builder.getNamedAttr(field, builder.getDenseI64ArrayAttr(values)));
  return *this;
}
Config &Config::part(StringRef field, dist::PartAttr part) {
  fields.push_back(builder.getNamedAttr(field, part));
  return *this;
}

/// The configuration with the fields that follow from the types of operands, where they differ
/// from f32, from what the module allows of products of f32, and from what is asked of all of
/// the target's calls.
static DictionaryAttr completed(const Config &config, const rt::Callee &entry, Operation *op,
                                TypeRange inputs, const CallTarget &target) {
  Builder builder(op->getContext());
  NamedAttrList fields(config.get());
  bool isSingle = true;
  const SmallVector<StringRef> names =
      rt::inputsOf(entry, config.get(), op->getNumResults()).names(inputs.size());
  for (const rt::Field &field : entry.fields) {
    if (field.type != rt::Field::Element)
      continue;
    Type type = getElementTypeOrSelf(
        field.ofInput.empty()
            ? op->getResultTypes().front()
            : inputs[std::distance(names.begin(), llvm::find(names, field.ofInput))]);
    if (type.isF32())
      continue;
    isSingle = false;
    fields.set(field.name, TypeAttr::get(type));
  }
  bool roundsFactors =
      op->getParentOfType<ModuleOp>()->hasAttr(graph::tf32AttrName) && isSingle;
  if (roundsFactors && entry.findField("tf32"))
    fields.set("tf32", builder.getBoolAttr(true));
  const bool isRepeated = op->hasAttr(graph::repeatedAttrName);
  if ((target.sameBits == SameBits::Everywhere ||
       (target.sameBits == SameBits::WhereRepeated && isRepeated)) &&
      entry.findField("deterministic"))
    fields.set("deterministic", builder.getBoolAttr(true));
  return fields.getDictionary(op->getContext());
}

LogicalResult replaceWithCall(Operation *op, StringRef callee, const Config &config,
                              ValueRange inputs, const CallTarget &target,
                              ConversionPatternRewriter &rewriter) {
  IntegerAttr workspace;
  const rt::Callee *entry = target.table.findCallee(callee);
  if (!entry)
    return op->emitOpError("has no call in the ")
           << target.table.name << " target's runtime, which lacks " << callee;
  DictionaryAttr fields = completed(config, *entry, op, inputs.getTypes(), target);
  if (entry->hasWorkspace) {
    llvm::Expected<int64_t> bytes =
        target.workspaceBytes(op, callee, fields, inputs.getTypes());
    if (!bytes)
      return op->emitOpError("is refused by the runtime: ")
             << llvm::toString(bytes.takeError());
    workspace = rewriter.getI64IntegerAttr(*bytes);
  }
  auto call = rt::CallOp::create(rewriter, op->getLoc(), op->getResultTypes(),
                                 rewriter.getStringAttr(callee), fields, inputs,
                                 /*outs=*/ValueRange(), /*scratch=*/Value(), workspace);
  rewriter.replaceOp(op, call);
  return success();
}

} // namespace autopar::lowering
