// How the tables of calls are written: a line a call, read from left to right.
#ifndef AUTOPAR_DIALECTS_RT_CALLLINE_H
#define AUTOPAR_DIALECTS_RT_CALLLINE_H

#include "dialects/rt/Target.h"

namespace autopar::rt {

using FieldList = llvm::SmallVector<Field>;

// Configurations that calls of both tables have.
FieldList matmul();
FieldList convolution();
FieldList batchNorm();

/// A callee, with what it has beside its configuration.
class Line {
public:
  Line(llvm::StringRef name, CallForm form, llvm::StringRef header, FieldList fields) {
    callee.name = name;
    callee.form = form;
    callee.header = header;
    callee.fields = std::move(fields);
  }
  operator Callee() const { return callee; }

  Line &reads(unsigned least, std::optional<unsigned> most = std::nullopt) {
    callee.inputs = {least, most.value_or(least)};
    return *this;
  }
  Line &writes(unsigned least, std::optional<unsigned> most = std::nullopt) {
    callee.outputs = {least, most.value_or(least)};
    return *this;
  }
  Line &workspace() {
    callee.hasWorkspace = true;
    return *this;
  }
  /// Pairs of an output and an input that it may overwrite, the preferred one first.
  Line &over(std::initializer_list<Tie> ties) {
    callee.ties = ties;
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
  Line &rows(unsigned inputs, unsigned outputs) {
    callee.row = {inputs, outputs};
    return *this;
  }
  /// Makes `result` of `elements`, and of `others` that are read as a whole.
  Line &elementwise(llvm::ArrayRef<llvm::StringRef> elements, llvm::StringRef result,
                    llvm::ArrayRef<llvm::StringRef> others = {}) {
    llvm::SmallVector<llvm::StringRef> inputs(elements);
    inputs.append(others.begin(), others.end());
    callee.elementwise = {inputs, result, static_cast<unsigned>(elements.size())};
    return *this;
  }
  Line &movesOnly() {
    callee.movesOnly = true;
    return *this;
  }
  Line &gradientIs(unsigned input) {
    callee.gradientInput = input;
    return *this;
  }

private:
  Callee callee;
};

} // namespace autopar::rt

#endif
