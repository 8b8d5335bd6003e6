// See Layers.h.
#include "compiler/emit/Layers.h"

#include "llvm/ADT/StringExtras.h"

namespace autopar::emit {

llvm::StringRef layerOf(llvm::StringRef name) {
  for (size_t begin = 0; begin < name.size();) {
    size_t end = std::min(name.find('.', begin), name.size());
    if (begin < end && llvm::all_of(name.slice(begin, end), llvm::isDigit))
      return name.take_front(end);
    begin = end + 1;
  }
  return name.take_until([](char c) { return c == '.'; });
}

} // namespace autopar::emit
