// What a target's runtime can be called for: one table a target, from which calls are verified,
// their memory is planned and their source is written. A table mirrors the headers of
// runtime/TARGET; to add a call is to add its line.
#ifndef AUTOPAR_DIALECTS_RT_TARGET_H
#define AUTOPAR_DIALECTS_RT_TARGET_H

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/ADT/StringRef.h"

#include <limits>
#include <optional>

namespace autopar::rt {

/// A field of a call's configuration.
struct Field {
  enum Type { Integer, Real, Flag, Integers };
  llvm::StringRef name;
  Type type = Integer;
  /// What the runtime takes where the field is not given; none where it must be.
  std::optional<double> otherwise = std::nullopt;
};

/// How the call's object is made, and so what its configuration means.
enum class CallForm {
  Fields,     ///< an aggregate: `Relu{.count = 8}`
  Shape,      ///< made from a shape: `Conv2dForward{{.batch = 8, …}}`
  Block,      ///< a copy of this rank's block, made from the axes that count the blocks
  Collective, ///< made from a group of ranks and the tensors' shapes
};

/// Output `output` may be written over input `input`.
struct Tie {
  unsigned output, input;
};

struct Callee {
  static constexpr unsigned any = std::numeric_limits<unsigned>::max();
  struct Count {
    unsigned least = 0, most = 0;
    bool contains(unsigned n) const { return n >= least && n <= most; }
  };

  llvm::StringRef name;
  CallForm form = CallForm::Fields;
  /// What declares it, below the runtime's folder.
  llvm::StringRef header;
  /// In the order of the C++ declaration, which designated initialisers must keep.
  llvm::SmallVector<Field> fields = {};
  Count inputs = {}, outputs = {};
  bool hasWorkspace = false;
  llvm::SmallVector<Tie> ties = {};
  /// Outputs are inputs, overwritten: output i always stands in input i's buffer.
  bool inPlace = false;
  /// Moves or adds its inputs, and computes nothing else.
  bool movesOnly = false;
  /// The input that is a parameter's gradient, for an optimizer's update.
  std::optional<unsigned> gradientInput = std::nullopt;

  const Field *findField(llvm::StringRef name) const;
};

struct Target {
  llvm::StringRef name;
  /// The C++ namespace of its compute calls.
  llvm::StringRef nameSpace;
  llvm::ArrayRef<Callee> callees;

  const Callee *findCallee(llvm::StringRef name) const;
};

/// The target of this name, or null. `targetNames()` lists those there are.
const Target *findTarget(llvm::StringRef name);
llvm::SmallVector<llvm::StringRef> targetNames();

} // namespace autopar::rt

#endif
