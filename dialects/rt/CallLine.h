// How the tables of calls are written: a line a call, read from left to right.
#ifndef AUTOPAR_DIALECTS_RT_CALLLINE_H
#define AUTOPAR_DIALECTS_RT_CALLLINE_H

#include "dialects/rt/Target.h"

namespace autopar::rt {

using FieldList = llvm::SmallVector<Field>;

// Configurations that calls of both tables have.
FieldList matmul();
/// `typed`: the input of whose type the images are.
FieldList convolution(llvm::StringRef typed = "x");
FieldList batchNorm();

/// An operand that a call may be given, as the caller likes.
inline Operand maybe(llvm::StringRef name) { return {name, Operand::Maybe}; }
/// One that is there where the call makes these results and has these fields other than 0.
inline Operand with(std::initializer_list<llvm::StringRef> these, llvm::StringRef name) {
  return {name, Operand::With, these};
}
/// One or more.
inline Operand many(llvm::StringRef name) { return {name, Operand::Many}; }

/// A callee, with what it has beside its configuration.
class Line {
public:
  Line(llvm::StringRef name, CallForm form, llvm::StringRef header, FieldList fields) {
    callee.name = name;
    callee.form = form;
    callee.header = header;
    callee.fields = std::move(fields);
  }
  /// \returns the callee, unless it names an operand that it does not have: the table is wrong
  /// then, and the program ends.
  operator Callee() const;

  Line &reads(std::initializer_list<Operand> inputs) {
    callee.inputs = inputs;
    return *this;
  }
  Line &writes(std::initializer_list<Operand> outputs) {
    callee.outputs = outputs;
    return *this;
  }
  Line &workspace() {
    callee.hasWorkspace = true;
    return *this;
  }
  /// `output` may be written over each of `inputs`, the preferred one first.
  Line &over(llvm::StringRef output, std::initializer_list<llvm::StringRef> inputs) {
    for (llvm::StringRef input : inputs)
      callee.ties.push_back({output, input});
    return *this;
  }
  Line &inPlace() {
    callee.inPlace = true;
    return *this;
  }
  /// Takes its inputs as one list.
  Line &list() {
    callee.takesList = true;
    return *this;
  }
  /// Works on a table; `reads` and `writes` say what its rows share.
  Line &rows(std::initializer_list<llvm::StringRef> inputs,
             std::initializer_list<llvm::StringRef> outputs) {
    callee.row = {inputs, outputs};
    return *this;
  }
  /// Makes each element of its result of those there of its first inputs, which are these.
  Line &elementwise(std::initializer_list<llvm::StringRef> inputs) {
    elements = inputs;
    callee.elements = inputs.size();
    return *this;
  }
  Line &movesOnly() {
    callee.movesOnly = true;
    return *this;
  }
  /// Updates `parameter` by its `gradient`.
  Line &updates(llvm::StringRef parameter, llvm::StringRef gradient) {
    callee.update = {parameter, gradient};
    return *this;
  }

private:
  Callee callee;
  llvm::SmallVector<llvm::StringRef> elements;
};

} // namespace autopar::rt

#endif
