// The graph in the making: what each name of the export stands for in it. PyTorch's dimensions
// and the graph's may stand in other orders, as images are channels-last there, so a value is
// held with its order; operations that only rearrange dimensions then change nothing but that.
#ifndef AUTOPAR_COMPILER_IMPORT_IMPORTER_H
#define AUTOPAR_COMPILER_IMPORT_IMPORTER_H

#include "compiler/import/Arguments.h"
#include "compiler/import/Constant.h"
#include "compiler/import/ModulePaths.h"
#include "compiler/import/Tensors.h"
#include "compiler/models/Network.h"

#include "llvm/ADT/StringSet.h"

namespace autopar::pt2 {

class Importer;

/// What a name stands for.
struct Held {
  /// What is to be done yet to the value, by the operation that reads it.
  enum class Pending { Nothing, LogSoftmax, CausalMask };

  /// The graph's value; null for constants and for variables that nothing has read yet. Of
  /// integers it is the program's input.
  mlir::Value value;
  std::vector<int64_t> shape;   ///< as PyTorch has it
  llvm::SmallVector<int> order; ///< of each dimension its place in the value; absent: size 1
  std::shared_ptr<const Constant> constant;
  const Input *variable = nullptr; ///< what it was read from
  Pending pending = Pending::Nothing;
  /// Does it for operations that cannot; null where none may read the value so.
  Held (*finish)(Importer &importer, const Held &held) = nullptr;
  /// Computed of variables alone: it stays f32 in any precision.
  bool isOfVariables = false;
  unsigned memory = 0;  ///< the same where one is a view of the other
  bool isStale = false; ///< another view was written to
};
inline constexpr int absent = -1;

int64_t elementsOf(llvm::ArrayRef<int64_t> shape);

/// A variable of the program and where its first numbers lie.
struct ImportedVariable {
  std::string name;
  const StoredTensor *stored;
};

class Importer {
public:
  Importer(models::Network &network, const Archive &archive, const Program &program,
           const Tensors &tensors, const ModulePaths &paths);

  mlir::OpBuilder &builder() { return network.builder; }

  /// The program's input for a tensor that the module is given, under the runtime's name for
  /// it.
  void bindInput(const Input &input, mlir::Value argument);
  /// The end of the program: what the node that has begun computes, as its loss. Null after
  /// fail().
  mlir::Value loss(const Held &scalar);

  /// From here on, errors, names and results are this node's.
  void begin(const Node &node);
  /// Why the node has no equivalent; always a failure.
  llvm::LogicalResult fail(const llvm::Twine &reason);
  const std::string &reason() const { return why; }
  /// What is wrong with the numbers of a tensor that was read; empty where nothing is. No
  /// operation's fault.
  const std::string &damage() const { return damaged; }
  /// Whether every tensor that a node reads has something to stand for it.
  bool hasAll(const Node &node) const;

  // Arguments. Null, after fail(), where a name stands for another kind of thing.

  const Held *held(llvm::StringRef name) const;
  /// What the export says of a tensor.
  llvm::ArrayRef<int64_t> shapeOf(llvm::StringRef name) const { return program.find(name)->sizes; }
  ScalarType typeOf(llvm::StringRef name) const { return program.find(name)->type; }
  /// A real tensor with its value, nothing pending. Reads the variable that it may be.
  const Held *real(llvm::StringRef name);
  /// The same with something pending.
  const Held *unfinished(llvm::StringRef name);
  /// Tokens or labels, in the shape of the value; `shape` may be another.
  const Held *integers(llvm::StringRef name);
  /// Known numbers; null without a failure where it has none. Of more than `mostFolded`, all of
  /// whose dimensions that repeat are of size 1.
  std::shared_ptr<const Constant> constant(llvm::StringRef name);
  /// The same, of any size, with dimensions that may be of size 1 where they repeat.
  std::shared_ptr<const Constant> least(llvm::StringRef name);
  /// The number that an argument is: written there, or a constant of one number everywhere.
  std::optional<double> numberOf(const Arguments &arguments, llvm::StringRef name);
  /// What is computed of variables alone, mostly one itself, in PyTorch's order.
  mlir::Value variable(llvm::StringRef name);
  /// Known numbers as a value of the graph, in PyTorch's order.
  mlir::Value given(const Constant &constant, bool isReal = true);
  /// The same of one number, everywhere.
  mlir::Value given(llvm::ArrayRef<int64_t> shape, double number);

  // Constants that are written to in place.

  /// Whether it is a constant that the graph makes, and no buffer.
  bool isMade(llvm::StringRef name) const;
  void rewrite(llvm::StringRef name, Constant constant);
  void rewrite(llvm::StringRef name, Held held);
  /// All that names stand for, to be put back after a trial.
  std::map<std::string, Held, std::less<>> known() const { return names; }
  void restore(std::map<std::string, Held, std::less<>> known) { names = std::move(known); }
  /// Of what is known under other names to be the same memory nothing is known any more.
  void staleViews(llvm::StringRef name);

  // Values in the making. Each is null where an operand is, or, after fail(), where the
  // operation does not take its operands.

  /// The operation's first result, of `shape`; `others` are the types of those behind it.
  template <typename Op>
  mlir::Value make(const llvm::Twine &suffix, llvm::ArrayRef<int64_t> shape,
                   mlir::ValueRange operands,
                   llvm::ArrayRef<mlir::NamedAttribute> attributes = {},
                   llvm::ArrayRef<mlir::Type> others = {}) {
    return make(Op::getOperationName(), suffix, builder().getF32Type(), shape, operands,
                attributes, others);
  }
  /// The same of an operation that moves elements of whatever type.
  template <typename Op>
  mlir::Value makeMoved(const llvm::Twine &suffix, llvm::ArrayRef<int64_t> shape,
                        mlir::ValueRange operands,
                        llvm::ArrayRef<mlir::NamedAttribute> attributes = {}) {
    mlir::Value first = operands.front();
    return first ? make(Op::getOperationName(), suffix, graph::typeOf(first).getElementType(),
                        shape, operands, attributes, {})
                 : mlir::Value();
  }
  /// One operation of x that leaves its shape and order; without a value where x has none.
  template <typename Op>
  Held apply(const Held &x, llvm::ArrayRef<mlir::NamedAttribute> attributes = {},
             const llvm::Twine &suffix = "") {
    Held result = x;
    if (x.value)
      result = likewise(make<Op>(suffix, graph::shapeOf(x.value), x.value, attributes), x);
    result.isOfVariables = x.isOfVariables;
    return result;
  }
  mlir::NamedAttribute attribute(llvm::StringRef name, mlir::Attribute value);
  mlir::NamedAttribute attribute(llvm::StringRef name, llvm::ArrayRef<int64_t> numbers);
  mlir::NamedAttribute attribute(llvm::StringRef name, int64_t number);
  mlir::NamedAttribute attribute(llvm::StringRef name, double number);
  mlir::NamedAttribute attribute(llvm::StringRef name, llvm::StringRef text);

  /// The value with PyTorch's dimensions `dims` in their order; one of size 1 may be left out.
  mlir::Value arranged(const Held &x, llvm::ArrayRef<int> dims);
  /// In PyTorch's own order.
  mlir::Value plain(const Held &x);
  /// Of PyTorch's [N, C, H, W] the value [N, H, W, C].
  mlir::Value image(const Held &x);
  /// In the order that another value of the same shape has.
  mlir::Value arrangedAs(const Held &x, const Held &other);
  /// With every dimension in the value.
  Held whole(const Held &x);
  mlir::Value reshaped(mlir::Value value, llvm::ArrayRef<int64_t> shape);
  /// Under another shape of as many elements.
  std::optional<Held> reshaped(const Held &x, llvm::ArrayRef<int64_t> shape);

  /// A result without elements, a constant.
  Held nothing() const;

  /// What is computed: a value whose order is PyTorch's, or that of `like`.
  static Held plainly(mlir::Value value);
  static Held likewise(mlir::Value value, const Held &like);
  /// With the dimensions in another order: dimension i is x's dims[i]. Nothing is moved.
  static Held permuted(const Held &x, llvm::ArrayRef<int> dims);

  /// A dimension's number from 0 on; none, after fail(), where the tensor has no such.
  std::optional<int> dimension(std::optional<int64_t> dim, const Held &x);

  /// The current node's result. Fails where the value is null or of another shape than the
  /// export says.
  llvm::LogicalResult result(Held held, size_t index = 0);
  /// The shape that the export gives it.
  llvm::ArrayRef<int64_t> resultShape(size_t index = 0) const;
  size_t resultCount() const { return node->results.size(); }
  /// Its results are views of `self`, or what was written to `self` in place, which variables
  /// must not be: nothing would keep it.
  void view(llvm::StringRef self);
  llvm::LogicalResult writtenInPlace(llvm::StringRef self);

  /// Puts what the module has beside what the loss reads into the program, untrained.
  llvm::LogicalResult keepUnread();
  llvm::ArrayRef<ImportedVariable> variables() const { return made; }

private:
  mlir::Value make(llvm::StringRef op, const llvm::Twine &suffix, mlir::Type element,
                   llvm::ArrayRef<int64_t> shape, mlir::ValueRange operands,
                   llvm::ArrayRef<mlir::NamedAttribute> attributes,
                   llvm::ArrayRef<mlir::Type> others);
  mlir::Location location(const llvm::Twine &suffix);
  mlir::Location free(const std::string &name);
  mlir::Value read(const Input &input, bool isRead);
  llvm::StringRef nameFor(const Input &input, const StoredTensor &stored, bool isRead) const;
  llvm::Expected<mlir::Attribute> initialiser(const StoredTensor &stored);
  llvm::LogicalResult fail(llvm::Error ofNumbers);

  models::Network &network;
  const Archive &archive;
  const Program &program;
  const Tensors &tensors;
  const ModulePaths &paths;
  const Node *node = nullptr;
  std::string why, damaged;
  std::map<std::string, Held, std::less<>> names;
  std::vector<ImportedVariable> made;
  std::vector<std::pair<const StoredTensor *, mlir::Value>> values; ///< of variables
  llvm::DenseMap<mlir::Attribute, mlir::Value> constants; ///< by their numbers
  llvm::StringSet<> taken;
  unsigned memories = 0;
};

} // namespace autopar::pt2

#endif
