// See ModelText.h.
#include "compiler/driver/ModelText.h"

#include "mlir/Bytecode/BytecodeReader.h"
#include "llvm/ADT/SmallVector.h"

namespace autopar {

/// More than any program of ours needs: a plan is an attribute five deep.
static constexpr size_t mostNesting = 256;

namespace {

/// Counts what the parser would recurse into: brackets, and signs in front of signs (which affine
/// maps may have). Strings and comments are passed over.
class Scanner {
public:
  explicit Scanner(llvm::StringRef text) : text(text) {}

  /// The line where it gets too deep; 0 where it does not.
  unsigned firstTooDeep() {
    for (at = 0; at < text.size(); ++at) {
      char c = text[at], next = at + 1 < text.size() ? text[at + 1] : '\0';
      if (c == '\n')
        ++line;
      else if (c == '"')
        skipString();
      else if (c == '/' && next == '/')
        at = std::min(text.find('\n', at), text.size()) - 1;
      else
        take(c, next);
      if (open.size() + angles + signs > mostNesting)
        return line;
    }
    return 0;
  }

private:
  void take(char c, char next) {
    if (c == '-' && next == '>') { // an arrow
      ++at;
      return;
    }
    if (c == '-')
      ++signs;
    else if (!llvm::StringRef(" \t\r").contains(c))
      signs = 0;
    // An angle that a bracket leaves open was a comparison.
    if (llvm::StringRef("([{").contains(c)) {
      open.push_back(angles);
    } else if (llvm::StringRef(")]}").contains(c) && !open.empty()) {
      angles = open.pop_back_val();
    } else if (c == '<' && next != '=') {
      ++angles;
    } else if (c == '>' && next != '=' && angles > 0) {
      --angles;
    }
  }

  void skipString() {
    while (++at < text.size() && text[at] != '"' && text[at] != '\n')
      if (text[at] == '\\')
        ++at;
    if (at < text.size() && text[at] == '\n')
      ++line;
  }

  llvm::StringRef text;
  size_t at = 0, angles = 0, signs = 0;
  unsigned line = 1;
  llvm::SmallVector<size_t> open; ///< For each open bracket, the angles open before it.
};

} // namespace

llvm::Error checkModelText(llvm::StringRef text, llvm::StringRef path) {
  if (mlir::isBytecode(llvm::MemoryBufferRef(text, path)))
    return llvm::createStringError(path + ": is MLIR bytecode; give the model as text");
  if (unsigned line = Scanner(text).firstTooDeep())
    return llvm::createStringError(path + ":" + llvm::Twine(line) + ": nests more than " +
                                   llvm::Twine(mostNesting) + " deep");
  return llvm::Error::success();
}

llvm::Expected<std::unique_ptr<llvm::MemoryBuffer>> readModelText(llvm::StringRef path) {
  // Read, and not mapped: a file may shrink while it is parsed.
  auto file = path == "-" ? llvm::MemoryBuffer::getSTDIN()
                          : llvm::MemoryBuffer::getFile(path, /*IsText=*/true,
                                                        /*RequiresNullTerminator=*/true,
                                                        /*IsVolatile=*/true);
  if (!file)
    return llvm::createStringError(path + ": cannot be read: " + file.getError().message());
  if (llvm::Error error = checkModelText((*file)->getBuffer(), path))
    return error;
  return std::move(*file);
}

} // namespace autopar
