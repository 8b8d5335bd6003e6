// Functions around the lines. See RandomText.h.
#include "RandomText.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/SmallVectorExtras.h"
#include "llvm/ADT/StringExtras.h"

#include <utility>

using llvm::formatv;

namespace autopar {

std::string RandomText::function(llvm::StringRef name, llvm::StringRef arguments) {
  const auto returned = std::exchange(results, {});
  const std::string names = llvm::join(
                        llvm::map_range(returned, [](const Result &r) { return r.name; }),
                        ", "),
                    types = llvm::join(
                        llvm::map_range(returned, [](const Result &r) { return r.type; }),
                        ", ");
  return formatv("func.func @{0}({1}) -> ({2}) {{\n{3}  return {4}{5}{2}\n}\n", name, arguments,
                 types, std::exchange(body, ""), names, returned.empty() ? "" : " : ");
}

std::string elementField(llvm::StringRef name, const std::string &element) {
  return element == "f32" ? "" : formatv(", {0} = {1}", name, element).str();
}

std::string cudaModule(int ranks, llvm::StringRef functions) {
  return formatv("module attributes {{rt.target = \"cuda\", dist.mesh = #dist.mesh<x = {0}>} "
                 "{{\n{1}}\n",
                 ranks, functions);
}

} // namespace autopar
