// See Identifiers.h.
#include "compiler/emit/Identifiers.h"

#include "llvm/ADT/StringExtras.h"

namespace autopar::emit {

/// What a value must not be called: C++'s keywords, and what an emitted program has of its own.
static bool isReserved(llvm::StringRef name) {
  static const llvm::StringSet<> words = {
      "alignas",  "alignof",   "and",       "asm",        "auto",     "bitand",   "bitor",
      "bool",     "break",     "case",      "catch",      "char",     "class",    "compl",
      "concept",  "const",     "continue",  "decltype",   "default",  "delete",   "do",
      "double",   "else",      "enum",      "explicit",   "export",   "extern",   "false",
      "float",    "for",       "friend",    "goto",       "if",       "inline",   "int",
      "long",     "mutable",   "namespace", "new",        "noexcept", "not",      "nullptr",
      "operator", "or",        "private",   "protected",  "public",   "register", "requires",
      "return",   "short",     "signed",    "sizeof",     "static",   "struct",   "switch",
      "template", "this",      "throw",     "true",       "try",      "typedef",  "typeid",
      "typename", "union",     "unsigned",  "using",      "virtual",  "void",     "volatile",
      "while",    "xor",       "rank",      "arena",      "run",      "setUp",    "cpu",
      "autopar",  "Variables", "Step",      "Evaluation", "Train",    "DataType", "std",
      "timeline", "context",   "network",   "clock",      "kernels"};
  return words.contains(name);
}

std::string lowerFirst(llvm::StringRef name) {
  return llvm::toLower(name[0]) + name.drop_front().str();
}

std::string Identifiers::unique(llvm::StringRef name) {
  std::string base;
  for (char c : name)
    base += llvm::isAlnum(c) ? c : '_';
  if (base.empty() || llvm::isDigit(base[0]))
    base = "v" + base;
  if (isReserved(base))
    base += "_";
  std::string candidate = base;
  for (int i = 2; !taken.insert(candidate).second; ++i)
    candidate = base + "_" + std::to_string(i);
  return candidate;
}

} // namespace autopar::emit
