// What the CPU target's conversion patterns share: each turns an operation into one runtime
// call, whose configuration it fills in.
#ifndef AUTOPAR_PASSES_LOWERING_CPU_RUNTIMECALL_H
#define AUTOPAR_PASSES_LOWERING_CPU_RUNTIMECALL_H

#include "dialects/rt/Rt.h"

#include "mlir/Transforms/DialectConversion.h"

namespace autopar::cpu_lowering {

/// A call's configuration, field by field.
class Config {
public:
  explicit Config(mlir::Builder &builder) : builder(builder) {}

  Config &integer(llvm::StringRef field, int64_t value);
  Config &real(llvm::StringRef field, double value);
  Config &flag(llvm::StringRef field, bool value);
  Config &integers(llvm::StringRef field, llvm::ArrayRef<int64_t> values);

  mlir::DictionaryAttr get() const { return builder.getDictionaryAttr(fields); }

private:
  mlir::Builder &builder;
  llvm::SmallVector<mlir::NamedAttribute> fields;
};

/// Puts a call in place of `op`, with results of the same types; fails with the runtime's own
/// words where it refuses the configuration.
llvm::LogicalResult replaceWithCall(mlir::Operation *op, llvm::StringRef callee,
                                    const Config &config, mlir::ValueRange inputs,
                                    mlir::ConversionPatternRewriter &rewriter);

template <typename Op> class CallPattern : public mlir::OpConversionPattern<Op> {
public:
  using Configure = void (*)(Op, Config &);

  CallPattern(mlir::MLIRContext *context, llvm::StringRef callee, Configure configure)
      : mlir::OpConversionPattern<Op>(context), callee(callee), configure(configure) {}

  llvm::LogicalResult
  matchAndRewrite(Op op, typename Op::Adaptor adaptor,
                  mlir::ConversionPatternRewriter &rewriter) const override {
    Config config(rewriter);
    configure(op, config);
    return replaceWithCall(op, callee, config, adaptor.getOperands(), rewriter);
  }

private:
  llvm::StringRef callee;
  Configure configure;
};

/// `Op` becomes a call of `callee` on the same operands; `configure` fills in the rest.
template <typename Op>
void addCall(mlir::RewritePatternSet &patterns, llvm::StringRef callee,
             typename CallPattern<Op>::Configure configure) {
  patterns.add<CallPattern<Op>>(patterns.getContext(), callee, configure);
}

/// The shape of a tensor value.
inline llvm::ArrayRef<int64_t> shapeOf(mlir::Value value) {
  return llvm::cast<mlir::ShapedType>(value.getType()).getShape();
}
inline int64_t elementsOf(mlir::Value value) {
  return llvm::cast<mlir::ShapedType>(value.getType()).getNumElements();
}
/// Rows of an image or a matrix: all but the last dimension.
inline int64_t rowsOf(mlir::Value value) { return elementsOf(value) / shapeOf(value).back(); }

// The families' patterns, a file each.
void addBatchNormPatterns(mlir::RewritePatternSet &patterns);
void addCollectivePatterns(mlir::RewritePatternSet &patterns);
void addConvolutionPatterns(mlir::RewritePatternSet &patterns);
void addElementwisePatterns(mlir::RewritePatternSet &patterns);
void addLinearPatterns(mlir::RewritePatternSet &patterns);
void addLossPatterns(mlir::RewritePatternSet &patterns);
void addPoolPatterns(mlir::RewritePatternSet &patterns);
void addSgdPatterns(mlir::RewritePatternSet &patterns);
void addViewPatterns(mlir::RewritePatternSet &patterns);

} // namespace autopar::cpu_lowering

#endif
