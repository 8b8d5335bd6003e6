// What all targets' conversion patterns share: each turns an operation into one runtime call,
// whose configuration it fills in. Calls are named alike in every target.
#ifndef AUTOPAR_PASSES_LOWERING_CALLS_RUNTIMECALL_H
#define AUTOPAR_PASSES_LOWERING_CALLS_RUNTIMECALL_H

#include "dialects/dist/Dist.h"
#include "dialects/rt/Rt.h"

#include "autopar/core/Part.h"

#include "mlir/Transforms/DialectConversion.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/Support/Error.h"

#include <functional>

namespace autopar::lowering {

/// A call's configuration, field by field.
class Config {
public:
  explicit Config(mlir::Builder &builder) : builder(builder) {}

  Config &integer(llvm::StringRef field, int64_t value);
  Config &real(llvm::StringRef field, double value);
  Config &flag(llvm::StringRef field, bool value);
  Config &integers(llvm::StringRef field, llvm::ArrayRef<int64_t> values);
  Config &part(llvm::StringRef field, dist::PartAttr part);
  /// All fields of a shape of the runtime's (core/shapes) but parts.
  template <typename Shape> Config &shape(const Shape &shape) {
    Shape::forEachField(shape, [&](const char *name, const auto &value, auto...) {
      set(name, value);
    });
    return *this;
  }

  mlir::DictionaryAttr get() const { return builder.getDictionaryAttr(fields); }

private:
  void set(llvm::StringRef field, int64_t value) { integer(field, value); }
  void set(llvm::StringRef field, double value) { real(field, value); }
  void set(llvm::StringRef field, bool value) { flag(field, value); }
  void set(llvm::StringRef, const Part &) {}

  mlir::Builder &builder;
  llvm::SmallVector<mlir::NamedAttribute> fields;
};

/// Of which calls the same bits are asked each time, where they can be asked.
enum class SameBits {
  Given,         ///< there is no asking: a target's calls have them anyway
  WhereRepeated, ///< where other ranks compute the same
  Everywhere,
};

/// A target, as the patterns see it.
struct CallTarget {
  const rt::Target &table;
  /// Bytes of workspace of the call that the operation becomes, on inputs of these types; what
  /// the runtime says against the configuration where it refuses it.
  std::function<llvm::Expected<int64_t>(mlir::Operation *, llvm::StringRef callee,
                                        mlir::DictionaryAttr config, mlir::TypeRange inputs)>
      workspaceBytes;
  SameBits sameBits = SameBits::Given;
};

/// Patterns for one target.
struct CallPatterns {
  mlir::RewritePatternSet set;
  const CallTarget &target;
  /// The callee of each operation that becomes a call on its own operands.
  llvm::StringMap<llvm::StringRef> callees = {};
};

/// Puts a call in place of `op`, with results of the same types; fails with the runtime's own
/// words where it refuses the configuration, to which the operands' types are added.
llvm::LogicalResult replaceWithCall(mlir::Operation *op, llvm::StringRef callee,
                                    const Config &config, mlir::ValueRange inputs,
                                    const CallTarget &target,
                                    mlir::ConversionPatternRewriter &rewriter);

template <typename Op> class CallPattern : public mlir::OpConversionPattern<Op> {
public:
  using Configure = void (*)(Op, Config &);

  CallPattern(mlir::MLIRContext *context, const CallTarget &target, llvm::StringRef callee,
              Configure configure)
      : mlir::OpConversionPattern<Op>(context), target(target), callee(callee),
        configure(configure) {}

  llvm::LogicalResult
  matchAndRewrite(Op op, typename Op::Adaptor adaptor,
                  mlir::ConversionPatternRewriter &rewriter) const override {
    Config config(rewriter);
    configure(op, config);
    return replaceWithCall(op, callee, config, adaptor.getOperands(), target, rewriter);
  }

private:
  const CallTarget &target;
  llvm::StringRef callee;
  Configure configure;
};

/// `Op` becomes a call of `callee` on the same operands; `configure` fills in the rest.
template <typename Op>
void addCall(CallPatterns &patterns, llvm::StringRef callee,
             typename CallPattern<Op>::Configure configure) {
  patterns.set.add<CallPattern<Op>>(patterns.set.getContext(), patterns.target, callee,
                                    configure);
  patterns.callees[Op::getOperationName()] = callee;
}

/// Every operation of the module's functions but variables and assignments becomes a call of
/// `target`'s runtime, or a view.
llvm::LogicalResult lowerToCalls(mlir::ModuleOp module, const CallTarget &target);

/// The shape of a tensor value.
inline llvm::ArrayRef<int64_t> shapeOf(mlir::Value value) {
  return llvm::cast<mlir::ShapedType>(value.getType()).getShape();
}
inline int64_t elementsOf(mlir::Value value) {
  return llvm::cast<mlir::ShapedType>(value.getType()).getNumElements();
}
/// Rows of an image or a matrix: all but the last dimension.
inline int64_t rowsOf(mlir::Value value) { return elementsOf(value) / shapeOf(value).back(); }

/// The fields of calls that go row by row, or channel by channel.
inline Config &rowsAndChannels(mlir::Value value, Config &config) {
  return config.integer("rows", rowsOf(value)).integer("channels", shapeOf(value).back());
}

// The families' patterns, a file each.
void addAdamWPatterns(CallPatterns &patterns);
void addAttentionPatterns(CallPatterns &patterns);
void addBatchNormPatterns(CallPatterns &patterns);
void addCollectivePatterns(CallPatterns &patterns);
void addConvolutionPatterns(CallPatterns &patterns);
void addDropoutPatterns(CallPatterns &patterns);
void addEinsumPatterns(CallPatterns &patterns);
void addElementwisePatterns(CallPatterns &patterns);
void addEmbeddingPatterns(CallPatterns &patterns);
void addLanguageLossPatterns(CallPatterns &patterns);
void addLayerNormPatterns(CallPatterns &patterns);
void addLinearPatterns(CallPatterns &patterns);
void addLossPatterns(CallPatterns &patterns);
void addPoolPatterns(CallPatterns &patterns);
void addReductionPatterns(CallPatterns &patterns);
void addSgdPatterns(CallPatterns &patterns);
void addShapePatterns(CallPatterns &patterns);
void addViewPatterns(CallPatterns &patterns);

} // namespace autopar::lowering

#endif
