// See Layers.h.
#include "compiler/emit/Layers.h"

#include "llvm/ADT/StringExtras.h"

namespace autopar::emit {

llvm::StringRef layerOf(llvm::StringRef name) {
  size_t end = name.find('.');
  for (size_t begin = 0; begin < name.size();) {
    size_t behind = std::min(name.find('.', begin), name.size());
    if (llvm::all_of(name.slice(begin, behind), llvm::isDigit))
      end = behind;
    begin = behind + 1;
  }
  return name.take_front(end);
}

} // namespace autopar::emit
