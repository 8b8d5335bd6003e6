// See Identifiers.h.
#include "compiler/emit/Identifiers.h"

#include "llvm/ADT/StringExtras.h"

namespace autopar::emit {

std::string lowerFirst(llvm::StringRef name) {
  return llvm::toLower(name[0]) + name.drop_front().str();
}

/// Letters, digits and single underscores; it begins with a small letter and ends in no underscore.
static std::string plain(llvm::StringRef name) {
  std::string base;
  for (char c : name)
    if (llvm::isAlnum(c))
      base += c;
    else if (base.empty() || base.back() != '_')
      base += '_';
  if (base.empty() || !llvm::isLower(base[0]))
    base = "v" + base;
  if (base.back() == '_')
    base.pop_back();
  return base;
}

std::string Identifiers::ofModel(llvm::StringRef name) {
  const std::string base = plain(name);
  std::string candidate = base + "_";
  for (int i = 2; !taken.insert(candidate).second; ++i)
    candidate = base + "_" + std::to_string(i) + "_";
  return candidate;
}

std::string Identifiers::unique(llvm::StringRef name) {
  std::string candidate = name.str();
  for (int i = 2; !taken.insert(candidate).second; ++i)
    candidate = (name + "_" + llvm::Twine(i)).str();
  return candidate;
}

} // namespace autopar::emit
