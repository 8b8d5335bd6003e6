// Names of the model's values as C++ identifiers: `layer1.0.conv1` is `layer1_0_conv1`.
#ifndef AUTOPAR_COMPILER_EMIT_IDENTIFIERS_H
#define AUTOPAR_COMPILER_EMIT_IDENTIFIERS_H

#include "llvm/ADT/StringRef.h"
#include "llvm/ADT/StringSet.h"

#include <string>

namespace autopar::emit {

/// `Conv2dForward` -> `conv2dForward`
std::string lowerFirst(llvm::StringRef name);

class Identifiers {
public:
  /// An identifier after `name` that has not been given out; a second of the same name is
  /// called `name_2`.
  std::string unique(llvm::StringRef name);

private:
  llvm::StringSet<> taken;
};

} // namespace autopar::emit

#endif
