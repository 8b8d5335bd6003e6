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

/// `h.0` of `h.0.add`, `h.0.1` of `h.0.add_1`, where the call is an `Add`.
static std::string withoutClass(llvm::StringRef callClass, llvm::StringRef name) {
  size_t begin = name.rfind('.') == llvm::StringRef::npos ? 0 : name.rfind('.') + 1;
  llvm::StringRef front = name.take_front(begin), last = name.drop_front(begin);
  if (!last.consume_front_insensitive(callClass) ||
      !llvm::all_of(last, [](char c) { return c == '_' || llvm::isDigit(c); }))
    return name.str();
  return (front + last.ltrim('_')).str();
}

std::string Identifiers::ofCall(llvm::StringRef callClass, llvm::StringRef name) {
  const std::string object = lowerFirst(callClass) + "_";
  const std::string rest = withoutClass(callClass, name);
  std::string once = plain(object + rest) + "_";
  if (taken.insert(once).second)
    return once;
  return ofModel(object + (rest.empty() ? "call" : name.str()));
}

std::string Identifiers::unique(llvm::StringRef name) {
  std::string candidate = name.str();
  for (int i = 2; !taken.insert(candidate).second; ++i)
    candidate = (name + "_" + llvm::Twine(i)).str();
  return candidate;
}

} // namespace autopar::emit
