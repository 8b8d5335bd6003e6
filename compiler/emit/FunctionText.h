// One function of the planned module as a struct of the emitted program: buffers and calls as
// its members, `setUp` and `run`; and in it a struct for each row of layers that are alike.
#ifndef AUTOPAR_COMPILER_EMIT_FUNCTIONTEXT_H
#define AUTOPAR_COMPILER_EMIT_FUNCTIONTEXT_H

#include "compiler/emit/Scope.h"

#include <string>
#include <vector>

namespace autopar::emit {

/// What the struct is called, and where it writes the times of its calls; empty: it times none.
struct FunctionText {
  const FunctionScope &scope;
  std::string type; ///< `Step`
  std::string callTimes;

  std::vector<std::string> structure() const;
  /// What the struct declares, outside of it.
  std::vector<std::string> functions() const;

private:
  using Lines = std::vector<std::string>;
  Lines blockStructure(const Block &block) const;
  Lines setUp() const;
  Lines setUp(const Block &block) const;
  std::string whyApart(llvm::StringRef layer, unsigned number) const;
  Lines run() const;
  Lines run(const Block &block, const Block::Part &part) const;
};

} // namespace autopar::emit

#endif
