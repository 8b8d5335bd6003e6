// See RuntimeCall.h.
#include "passes/lowering/calls/RuntimeCall.h"

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

LogicalResult replaceWithCall(Operation *op, StringRef callee, const Config &config,
                              ValueRange inputs, const CallTarget &target,
                              ConversionPatternRewriter &rewriter) {
  IntegerAttr workspace;
  const rt::Callee *entry = target.table.findCallee(callee);
  if (!entry)
    return op->emitOpError("has no call in the ")
           << target.table.name << " target's runtime, which lacks " << callee;
  if (entry->hasWorkspace) {
    llvm::Expected<int64_t> bytes =
        target.workspaceBytes(op, callee, config.get(), inputs.getTypes());
    if (!bytes)
      return op->emitOpError("is refused by the runtime: ")
             << llvm::toString(bytes.takeError());
    workspace = rewriter.getI64IntegerAttr(*bytes);
  }
  auto call = rt::CallOp::create(rewriter, op->getLoc(), op->getResultTypes(),
                                 rewriter.getStringAttr(callee), config.get(), inputs,
                                 /*outs=*/ValueRange(), /*scratch=*/Value(), workspace);
  rewriter.replaceOp(op, call);
  return success();
}

} // namespace autopar::lowering
