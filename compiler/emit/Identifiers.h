// Names of the model's values as C++ identifiers: `layer1.0.conv1` is `layer1_0_conv1_`.
//
// A model may call a value whatever it likes, and headers may define whatever they like as macros.
// So names from a model have a form that nothing else has: they begin with a small letter, end in
// an underscore and have no two in a row. No word of C++ ends so; macros begin with a capital or an
// underscore where they end so; and what the runtime and emitted programs have of their own ends
// in none. Nothing has to be listed (test/integration/names_test.py looks at all macros that a
// program sees).
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
  /// An identifier after a name from the model that has not been given out; a second of the same
  /// name is called `name_2_`.
  std::string ofModel(llvm::StringRef name);
  /// That of a call's object, `add_h_0_` for the `Add` of `h.0.add`: of the class, and of the call's
  /// name, whose last part is left out where it says the class again. A `Relu` that is called `relu`,
  /// as its result is, is `relu_call_`.
  std::string ofCall(llvm::StringRef callClass, llvm::StringRef name);
  /// A name of our own, which is an identifier, or `name_2` where that has been given out.
  std::string unique(llvm::StringRef name);

private:
  llvm::StringSet<> taken;
};

} // namespace autopar::emit

#endif
