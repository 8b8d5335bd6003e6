// Runs a program of operations, or of the calls that they become, on as many simulated ranks as
// its mesh has, in lockstep and in double precision: one on every rank, then the next.
// Collectives see what their group holds.
#ifndef AUTOPAR_TEST_UNIT_PROGRAMS_INTERPRETER_H
#define AUTOPAR_TEST_UNIT_PROGRAMS_INTERPRETER_H

#include "test/unit/programs/Collective.h"
#include "test/unit/programs/Tensor.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "llvm/ADT/DenseMap.h"

namespace autopar {

class Interpreter {
public:
  explicit Interpreter(Mesh mesh) : mesh(std::move(mesh)), variables(this->mesh.numRanks()) {}

  /// Runs `function` once. `arguments`: of each rank, one a function argument. Returns each
  /// rank's results. Assignments show in `variables` when the function has ended. A value that
  /// is not of its type's shape fails the test.
  std::vector<Tensors> run(mlir::func::FuncOp function, const std::vector<Tensors> &arguments);

  const Mesh mesh;
  /// Of each rank, by name.
  std::vector<NamedTensors> variables;

private:
  /// Of each rank.
  using OnRanks = std::vector<Tensor>;

  void execute(mlir::Operation *op);
  Tensors executeOn(int64_t rank, mlir::Operation *op);
  OnRanks communicate(const Collective &collective, const OnRanks &before, int64_t index);
  void set(mlir::Value value, OnRanks held);

  llvm::DenseMap<mlir::Value, OnRanks> values;
  std::vector<NamedTensors> assigned;
};

/// A whole program's inputs and variables, in and out.
struct Outcome {
  Tensors results;
  NamedTensors variables;
};

/// Lays inputs and variables out as the function says (dist.sharding; whole where it says
/// nothing), runs it on the module's mesh (on one rank where `partitioned` is false) and puts
/// the variables together again. Copies that differ between ranks fail the test.
Outcome execute(mlir::func::FuncOp function, const NamedTensors &inputs,
                const NamedTensors &variables, bool partitioned);

} // namespace autopar

#endif
