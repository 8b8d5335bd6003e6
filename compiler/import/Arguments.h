// A node's arguments, by their names in PyTorch's schema. An export leaves out those that are
// as the schema has them by default.
#ifndef AUTOPAR_COMPILER_IMPORT_ARGUMENTS_H
#define AUTOPAR_COMPILER_IMPORT_ARGUMENTS_H

#include "compiler/import/Program.h"

#include "llvm/ADT/SmallVector.h"

namespace autopar::pt2 {

class Arguments {
public:
  /// `signature` is a list of names, with defaults in JSON:
  /// `input weight bias=null stride=[1,1] groups=1`.
  Arguments(const Node &node, llvm::StringRef signature);

  /// Why the node cannot be read: an argument that the signature lacks, or one that is missing;
  /// empty where there is no reason.
  const std::string &fault() const { return reason; }

  // What the signature lacks, as one form of an operation may what another has, is null.

  /// Whether it is anything but null.
  bool has(llvm::StringRef name) const;
  /// The name of a tensor; empty where the argument is none.
  llvm::StringRef tensor(llvm::StringRef name) const;
  llvm::ArrayRef<std::string> tensors(llvm::StringRef name) const;
  /// Null where the argument is no number.
  std::optional<double> number(llvm::StringRef name) const;
  std::optional<int64_t> integer(llvm::StringRef name) const;
  /// One of a list's numbers.
  std::optional<double> numberIn(llvm::StringRef name, size_t index) const;
  std::optional<bool> boolean(llvm::StringRef name) const;
  bool flag(llvm::StringRef name) const { return boolean(name).value_or(false); }
  llvm::StringRef text(llvm::StringRef name) const;
  /// Of one number, as many as `count`.
  std::optional<llvm::SmallVector<int64_t>> integers(llvm::StringRef name,
                                                     size_t count = 0) const;

private:
  const Argument &find(llvm::StringRef name) const;

  std::map<std::string, Argument, std::less<>> arguments;
  std::string reason;
};

} // namespace autopar::pt2

#endif
