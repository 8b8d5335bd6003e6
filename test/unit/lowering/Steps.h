// Steps of training, and an evaluation, from a random start: what a program is held against the
// training step that it was made of by.
#ifndef AUTOPAR_TEST_UNIT_LOWERING_STEPS_H
#define AUTOPAR_TEST_UNIT_LOWERING_STEPS_H

#include "test/unit/programs/Interpreter.h"
#include "test/unit/programs/Programs.h"

#include "mlir/Pass/PassManager.h"

#include <functional>

namespace autopar {

class Steps {
public:
  /// `whole`: a module with a training step, as it is before the passes in question.
  /// Where it `skips`, a loss is scaled by so much that no step changes a parameter.
  Steps(mlir::ModuleOp whole, int classes, std::mt19937 &random, bool skips = false);

  /// Fails the test, saying `when`, where a loss, or a variable after the last step, is not
  /// what `whole` comes to.
  void expectSame(mlir::ModuleOp program, llvm::StringRef when) const;

private:
  static constexpr int first = 4, number = 2;

  Outcome run(mlir::ModuleOp module) const;

  NamedTensors start;
  std::vector<NamedTensors>
      inputs; ///< Of each micro-batch of each step, and of the evaluation.
  Outcome expected;
};

/// Calls `check(module, pass's name)` after each pass that `manager` runs on a module.
void checkAfterEachPass(mlir::PassManager &manager,
                        std::function<void(mlir::ModuleOp, llvm::StringRef)> check);

} // namespace autopar

#endif
