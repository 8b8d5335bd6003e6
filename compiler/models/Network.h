// A module in the making: its inputs, its variables, its names. Layers.h puts layers into it, a
// family (ResNet.cpp) puts layers together.
#ifndef AUTOPAR_COMPILER_MODELS_NETWORK_H
#define AUTOPAR_COMPILER_MODELS_NETWORK_H

#include "dialects/graph/Graph.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/OwningOpRef.h"
#include "llvm/ADT/StringMap.h"

namespace autopar::models {

/// One of the function's arguments, under the name that the runtime fills it by.
struct Input {
  llvm::StringRef name;
  mlir::RankedTensorType type;
};

/// A module with a mesh-free forward function:
///
///   module @NAME attributes {graph.optimizer = OPTIMIZER} {
///     func.func @model(INPUTS) -> (tensor<f32> {graph.output = "loss"})
///   }
class Network {
public:
  Network(mlir::MLIRContext &context, llvm::StringRef name, mlir::Attribute optimizer,
          llvm::ArrayRef<Input> inputs);

  mlir::Value input(unsigned index) { return function.getArgument(index); }

  /// A variable that starts as `init` says. Its name is the key of PyTorch's state_dict, which
  /// has it in the shape `stored` where that is given.
  mlir::Value variable(graph::VariableKind kind, const llvm::Twine &name,
                       llvm::ArrayRef<int64_t> shape, mlir::Attribute init,
                       llvm::ArrayRef<int64_t> stored = {});
  /// What starts as `value` everywhere.
  mlir::Attribute constant(double value);

  /// The location, and so the name, of a module's output. As in torch.fx, the second use of one
  /// module is `layer1.0.relu_1`, the third `layer1.0.relu_2`.
  mlir::Location use(const llvm::Twine &module);

  /// Returns `loss` and checks the whole; null, with diagnostics, if it is not sound: beside
  /// MLIR's own rules, a name may stand for one value only and a tensor's bytes must fit 63
  /// bits.
  mlir::OwningOpRef<mlir::ModuleOp> finish(mlir::Value loss);

  mlir::OpBuilder builder;

private:
  mlir::OwningOpRef<mlir::ModuleOp> module;
  mlir::func::FuncOp function;
  llvm::StringMap<unsigned> uses;
};

} // namespace autopar::models

#endif
