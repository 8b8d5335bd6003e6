// Options of the tools that take a text: given, it says something. An empty one is what a shell
// makes of a variable that is not set, and must not pass for an option that was left out.
#ifndef AUTOPAR_COMPILER_DRIVER_TEXTOPTION_H
#define AUTOPAR_COMPILER_DRIVER_TEXTOPTION_H

#include "llvm/Support/CommandLine.h"

#include <string>

namespace autopar {

struct TextParser : llvm::cl::parser<std::string> {
  using parser::parser;
  bool parse(llvm::cl::Option &option, llvm::StringRef, llvm::StringRef text,
             std::string &value) {
    if (text.empty())
      return option.error("is empty; give it a value, or leave it out");
    value = text.str();
    return false;
  }
};

using TextOption = llvm::cl::opt<std::string, /*ExternalStorage=*/false, TextParser>;

} // namespace autopar

#endif
