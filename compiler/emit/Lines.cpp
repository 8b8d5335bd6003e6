// See Lines.h.
#include "compiler/emit/Lines.h"

#include "llvm/ADT/SmallVector.h"

namespace autopar::emit {

static constexpr size_t width = 100;

/// The last place in `line` to break before `width`: behind a comma outside of quotes.
static size_t placeToBreak(llvm::StringRef line) {
  size_t best = llvm::StringRef::npos;
  bool quoted = false;
  for (size_t i = 0; i + 1 < line.size(); ++i) {
    if (quoted && line[i] == '\\') {
      ++i; // what is behind it means nothing
      continue;
    }
    if (line[i] == '"')
      quoted = !quoted;
    if (quoted || line[i] != ',' || line[i + 1] != ' ')
      continue;
    if (i >= width && best != llvm::StringRef::npos)
      break;
    best = i + 1;
    if (i >= width)
      break;
  }
  return best;
}

static void appendBroken(std::string &text, llvm::StringRef line) {
  llvm::StringRef code = line.ltrim(' ');
  const std::string indent(line.size() - code.size() + 4, ' ');
  std::string rest = line.str();
  while (rest.size() > width) {
    size_t at = placeToBreak(rest);
    if (at == llvm::StringRef::npos || at <= indent.size())
      break;
    text += rest.substr(0, at) + "\n";
    rest = indent + rest.substr(at + 1);
  }
  text += rest + "\n";
}

std::string tidyLines(llvm::StringRef text) {
  llvm::SmallVector<llvm::StringRef> lines;
  text.split(lines, '\n');
  while (!lines.empty() && lines.back().empty())
    lines.pop_back();
  std::string tidy;
  for (llvm::StringRef line : lines) {
    if (line.contains("//"))
      tidy += line.str() + "\n";
    else
      appendBroken(tidy, line);
  }
  return tidy;
}

std::string oneLine(llvm::StringRef text) {
  std::string line = text.str();
  for (char &c : line)
    if (c == '\n' || c == '\r' || c == '\\')
      c = ' ';
  return line;
}

} // namespace autopar::emit
