// Operands by their names: which of its table's a call has, and those of a call that is made.
#ifndef AUTOPAR_DIALECTS_RT_OPERANDS_H
#define AUTOPAR_DIALECTS_RT_OPERANDS_H

#include "dialects/rt/Rt.h"

namespace autopar::rt {

/// The inputs, or the outputs, that a call may have.
class Operands {
public:
  /// `isThere` tells of a result, or of a field, whether the call has it: some operands come
  /// with one.
  Operands(llvm::ArrayRef<Operand> ofTable, llvm::function_ref<bool(llvm::StringRef)> isThere);

  bool canBe(unsigned count) const;
  /// Of so many of them, in order.
  llvm::SmallVector<llvm::StringRef> names(unsigned count) const;
  /// `3 or 4: parameter, gradient, lr, [factor]`; in front of them those of `rows` rows.
  std::string describe(unsigned rows = 0, llvm::ArrayRef<llvm::StringRef> ofRow = {}) const;

private:
  unsigned least() const;
  bool has(Operand::Presence presence) const;

  llvm::SmallVector<Operand> operands;
};

Operands outputsOf(const Callee &callee);
/// Those of a call that is configured so and has so many outputs.
Operands inputsOf(const Callee &callee, mlir::DictionaryAttr config, unsigned outputs);

/// The inputs of a call that is to be made, named in any order.
class Inputs {
public:
  using Named = std::pair<llvm::StringRef, mlir::Value>;

  Inputs(std::initializer_list<Named> values = {}) : values(values) {}

  Inputs &add(llvm::StringRef name, mlir::Value value);
  /// Those of `call` by these names, which it has.
  Inputs &addFrom(CallOp call, llvm::ArrayRef<llvm::StringRef> names);

  /// In the order of the table. Ends the program where the callee has no input of a name, or
  /// none is given that it always reads.
  llvm::SmallVector<mlir::Value> inOrderOf(const Callee &callee) const;

private:
  llvm::SmallVector<Named> values;
};

} // namespace autopar::rt

#endif
