// The running sum of gradients while `differentiate` walks a function backwards: what an
// operation's buildGradient() reads and adds to.
#ifndef AUTOPAR_DIALECTS_GRAPH_GRADIENTS_H
#define AUTOPAR_DIALECTS_GRAPH_GRADIENTS_H

#include "mlir/IR/Builders.h"
#include "mlir/IR/Value.h"
#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/DenseSet.h"

namespace autopar::graph {

class Gradients {
public:
  /// `wanted`: the values that lead back to a parameter.
  Gradients(mlir::OpBuilder &builder, llvm::DenseSet<mlir::Value> wanted)
      : builder(builder), wanted(std::move(wanted)) {}

  /// The gradient of `value` summed so far, or null. Of a loss at the end of a model it is the
  /// loss scale, and null stands for one.
  mlir::Value of(mlir::Value value) const { return sums.lookup(value); }
  bool wants(mlir::Value value) const { return wanted.contains(value); }
  /// Adds `gradient` to what `value` has; emits a graph.add where there is something already.
  void add(mlir::Value value, mlir::Value gradient);
  /// The location, and so the name, of `value`'s gradient: `conv1.weight` ->
  /// `conv1.weight.grad`.
  mlir::Location nameFor(mlir::Value value) const;

  mlir::OpBuilder &builder;

private:
  llvm::DenseSet<mlir::Value> wanted;
  llvm::DenseMap<mlir::Value, mlir::Value> sums;
};

} // namespace autopar::graph

#endif
