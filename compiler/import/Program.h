// What torch.export wrote, as plain data: the graph of one forward pass, with the names of what
// it reads. No MLIR, and nothing of what the operations mean.
#ifndef AUTOPAR_COMPILER_IMPORT_PROGRAM_H
#define AUTOPAR_COMPILER_IMPORT_PROGRAM_H

#include "compiler/import/Archive.h"

#include "llvm/Support/JSON.h"

#include <map>
#include <optional>
#include <vector>

namespace autopar::pt2 {

/// PyTorch's element types, numbered as its schema numbers them.
enum class ScalarType : int64_t {
  U8 = 1,
  I8,
  I16,
  I32,
  I64,
  F16,
  F32,
  F64,
  Complex32,
  Complex64,
  Complex128,
  Bool,
  BF16
};
/// As PyTorch's users write it: `float32`.
std::string nameOf(ScalarType type);
bool isFloat(ScalarType type);
bool isInteger(ScalarType type);

/// A tensor's type and sizes; strides and offset count elements.
struct TensorFacts {
  ScalarType type;
  std::vector<int64_t> sizes, strides;
  int64_t offset = 0;
  bool requiresGradient = false;
};

/// An operation's argument.
struct Argument {
  enum class Kind {
    Tensors, ///< by name, `isList` or one; an absent one of a list is ""
    Value,   ///< null, a boolean, a number, a text, or a list of such
    Other,   ///< what no operation that is read takes a look at: a device, a layout
  };
  Kind kind = Kind::Value;
  bool isList = false;
  std::vector<std::string> tensors;
  llvm::json::Value value = nullptr;
};

struct Node {
  std::string target; ///< `aten.conv2d.default`
  std::string name;
  std::map<std::string, Argument> named; ///< by the schema's names, positional ones too
  std::vector<std::string> results;
  std::string modules; ///< nn_module_stack, as it stands there
};

/// What the graph reads beside its nodes' results.
struct Input {
  enum class Kind { User, Parameter, Buffer, Constant };
  Kind kind;
  std::string name;       ///< in the graph
  std::string target;     ///< a variable's name in the exported module
  bool persistent = true; ///< whether a buffer stands in the module's state_dict
};

struct Program {
  std::vector<Input> inputs;
  std::vector<Node> nodes;
  std::string loss; ///< the name of the result
  std::map<std::string, TensorFacts, std::less<>> tensors;

  const TensorFacts *find(llvm::StringRef name) const {
    auto found = tensors.find(name);
    return found == tensors.end() ? nullptr : &found->second;
  }
};

/// Errors name the file, and what is wrong or what a program cannot have.
llvm::Expected<Program> readProgram(const Archive &archive);
/// Of the text of models/model.json.
llvm::Expected<Program> readProgram(llvm::StringRef text);

/// A tensor's facts in the schema's words; `what` names it in errors.
llvm::Expected<TensorFacts> readFacts(const llvm::json::Object &meta, const llvm::Twine &what);

} // namespace autopar::pt2

#endif
