// See NameFault.h.
#include "dialects/graph/NameFault.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/JSON.h"
#include "llvm/Support/raw_ostream.h"

namespace autopar {

llvm::StringRef faultOf(llvm::StringRef name) {
  if (!llvm::json::isUTF8(name))
    return "is not UTF-8";
  return name.contains('\0') ? "holds a NUL" : "";
}

std::string printable(llvm::StringRef name) {
  if (faultOf(name).empty())
    return name.str();
  std::string text;
  llvm::raw_string_ostream out(text);
  llvm::printEscapedString(name, out);
  return text;
}

} // namespace autopar
