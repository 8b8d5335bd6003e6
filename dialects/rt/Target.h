// What a target's runtime can be called for: a table from which calls are verified, their
// memory is planned and their source is written. It mirrors the headers of runtime/TARGET; to
// add a call is to add its line to Calls.cpp.
#ifndef AUTOPAR_DIALECTS_RT_TARGET_H
#define AUTOPAR_DIALECTS_RT_TARGET_H

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/ADT/StringRef.h"

#include <optional>

namespace autopar::rt {

/// A field of a call's configuration.
struct Field {
  enum Type { Integer, Real, Flag, Integers, Reals, Part, Element, Steps };
  llvm::StringRef name;
  Type type = Integer;
  /// What the runtime takes where the field is not given; none where it must be. An Element is
  /// f32 then.
  std::optional<double> otherwise = std::nullopt;
  /// The input whose element type an Element is; none: the first output's.
  llvm::StringRef ofInput = {};
};

/// What a call reads or makes, by the name that its header in the runtime has for it.
struct Operand {
  enum Presence {
    Always,
    Maybe, ///< As it is given. Of a call's inputs one at most is so, and of its outputs.
    With,  ///< Where the call makes what `with` names, and has such fields other than 0.
    Many,  ///< One or more of them, which are the last.
  };
  llvm::StringRef name;
  Presence presence = Always;
  llvm::SmallVector<llvm::StringRef, 2> with = {};

  Operand(const char *name) : name(name) {}
  Operand(llvm::StringRef name, Presence presence,
          llvm::ArrayRef<llvm::StringRef> with = {})
      : name(name), presence(presence), with(with) {}
};

/// How the call's object is made, and so what its configuration means.
enum class CallForm {
  Fields,     ///< an aggregate: `Relu{.count = 8}`
  Shape,      ///< made from a shape: `Conv2dForward{{.batch = 8, …}}`
  Block,      ///< a copy of this rank's block, made from the axes that count the blocks
  Collective, ///< made from a group of ranks and the tensors' shapes
  Table,      ///< an aggregate that ends in a table of the tensors it works on
  Chain,      ///< an aggregate of the program's own kernels, a pass over memory for many steps
};

/// Output `output` may be written over input `input`.
struct Tie {
  llvm::StringRef output, input;
};

struct Callee {
  llvm::StringRef name;
  CallForm form = CallForm::Fields;
  /// What declares it, in the target's folder of the runtime or in that of its collectives; of
  /// a chain, in the program's own.
  llvm::StringRef header;
  /// In the order of the C++ declaration, which designated initialisers must keep.
  llvm::SmallVector<Field> fields = {};
  /// Of a table: what all its rows share, which stands behind them.
  llvm::SmallVector<Operand> inputs = {}, outputs = {};
  /// Of a table: what each row has. Fields that hold arrays are its columns, an element a row.
  struct Row {
    llvm::SmallVector<llvm::StringRef> inputs, outputs;
  } row = {};
  bool hasWorkspace = false;
  /// Of a table: in each row.
  llvm::SmallVector<Tie> ties = {};
  /// Outputs are inputs, overwritten: output i always stands in input i's buffer.
  bool inPlace = false;
  /// Its inputs are given as one list, as a collective's bucket is.
  bool takesList = false;
  /// Of a call that makes each element of its result of the elements there of some of its
  /// inputs, and so can be a step of a chain: how many it reads so. They are the first, and
  /// the others are read as a whole. None for other calls.
  std::optional<unsigned> elements;
  /// Moves or adds its inputs, and computes nothing else.
  bool movesOnly = false;
  /// Of an optimizer's update: the inputs that are a parameter and its gradient, of a table in
  /// each row.
  struct Update {
    llvm::StringRef parameter, gradient;
  };
  std::optional<Update> update = std::nullopt;

  const Field *findField(llvm::StringRef name) const;
  const Operand *findInput(llvm::StringRef name) const;
  const Operand *findOutput(llvm::StringRef name) const;
};

struct Target {
  /// Part of the runtime: a folder of sources, the C++ namespace of what it declares, and what
  /// its calls are given before their operands, if anything.
  struct Room {
    llvm::StringRef folder, nameSpace, context;
  };

  llvm::StringRef name;
  Room computation, collectives;
  /// What makes groups of ranks, of which collectives are made: "rank".
  llvm::StringRef groups;
  /// Offsets in the arena are multiples of so many bytes.
  int64_t alignment;
  /// Whether collectives run on a stream of their own, beside computation.
  bool communicatesBeside;
  /// Whether its calls take activations of 16 bits, and round factors of products to TF32.
  bool hasNarrowTypes;
  llvm::ArrayRef<Callee> callees;

  const Callee *findCallee(llvm::StringRef name) const;
  const Room &roomOf(const Callee &callee) const {
    return callee.form == CallForm::Collective ? collectives : computation;
  }
};

/// oneDNN and own kernels; MPI.
const Target &cpuTarget();
/// cuDNN, cuBLASLt and own kernels; NCCL.
const Target &cudaTarget();

/// The target of this name, or null. `targetNames()` lists those there are.
const Target *findTarget(llvm::StringRef name);
llvm::SmallVector<llvm::StringRef> targetNames();

} // namespace autopar::rt

#endif
