// See Json.h.
#include "compiler/json/Json.h"

#include "autopar/core/Nesting.h"

#include <cmath>

namespace autopar {

llvm::Expected<llvm::json::Value> parseJson(llvm::StringRef text) {
  if (!nestsWithin(text))
    return llvm::createStringError("objects and lists stand in each other more than %d deep",
                                   mostNesting);
  return llvm::json::parse(text);
}

llvm::json::Value finiteOrNull(double number) {
  if (std::isfinite(number))
    return number;
  return nullptr;
}

} // namespace autopar
