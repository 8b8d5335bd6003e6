// See Declarations.h.
#include "compiler/emit/Declarations.h"

#include "compiler/emit/Literals.h"

using namespace mlir;

namespace autopar::emit {

bool isRaw(rt::SliceOp slice) {
  return slice.getKind() == rt::BufferKind::Workspace ||
         (slice.getKind() == rt::BufferKind::Communication &&
          slice.getType().getElementType().isInteger(8));
}

std::string declaration(rt::SliceOp slice, StringRef identifier) {
  std::string offset = std::to_string(int64_t(slice.getOffset()));
  if (isRaw(slice))
    return ("void *const " + identifier + " = arena.slice(" + offset + ", " +
            std::to_string(slice.getBytes()) + ").data();")
        .str();
  StringRef type = elementType(slice.getType());
  return (type + " *const " + identifier + " = arena.at<" + type + ">(" + offset + ", " +
          shape(slice.getType()) + ");")
      .str();
}

std::vector<std::string> table(ArrayRef<Entry> entries) {
  constexpr size_t longLine = 84, brokenLine = 140;
  size_t column = 0;
  for (const auto &[code, comment] : entries)
    if (code.size() <= longLine)
      column = std::max(column, code.size());
  std::vector<std::string> lines;
  for (const auto &[code, comment] : entries) {
    if (code.size() > brokenLine) {
      lines.push_back("// " + comment);
      lines.push_back(code);
      continue;
    }
    std::string padding(column > code.size() ? column - code.size() : 0, ' ');
    lines.push_back(code + padding + " // " + comment);
  }
  return lines;
}

} // namespace autopar::emit
