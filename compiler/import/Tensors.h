// The numbers that stand beside the graph: weights, buffers and constants, raw bytes under a
// list that says how they lie.
#ifndef AUTOPAR_COMPILER_IMPORT_TENSORS_H
#define AUTOPAR_COMPILER_IMPORT_TENSORS_H

#include "compiler/import/Program.h"

namespace autopar::pt2 {

/// Where a tensor lies in the archive.
struct StoredTensor {
  std::string entry;
  TensorFacts facts;

  /// Whether it is the same memory: weights that are tied.
  bool isSameAs(const StoredTensor &other) const {
    return entry == other.entry && facts.offset == other.facts.offset &&
           facts.sizes == other.facts.sizes && facts.strides == other.facts.strides;
  }
};

/// By the names that the module has for them.
class Tensors {
public:
  /// Fails where a list is broken, where elements overlap, or where an entry is missing. No
  /// tensor's bytes are read.
  static llvm::Expected<Tensors> read(const Archive &archive);

  const StoredTensor *find(llvm::StringRef name) const {
    auto found = tensors.find(name);
    return found == tensors.end() ? nullptr : &found->second;
  }

  /// All of them, by name.
  const std::map<std::string, StoredTensor, std::less<>> &all() const { return tensors; }

private:
  llvm::Error readList(const Archive &archive, llvm::StringRef folder, llvm::StringRef list);

  std::map<std::string, StoredTensor, std::less<>> tensors;
};

/// A tensor's elements in row-major order, as real numbers: of f32, integers and booleans
/// exactly.
llvm::Expected<std::vector<double>> readNumbers(const Archive &archive,
                                                const StoredTensor &tensor);

} // namespace autopar::pt2

#endif
