// See Columns.h.
#include "compiler/experiments/Columns.h"

#include "compiler/json/Json.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/FormatVariadic.h"

#include <charconv>

namespace autopar {

/// The shortest digits that read back the same.
static std::string digitsOf(double value) {
  char digits[32];
  return {digits, std::to_chars(digits, digits + sizeof digits, value).ptr};
}

static std::string csvField(const Cell &cell) {
  if (const auto *whole = std::get_if<int64_t>(&cell))
    return std::to_string(*whole);
  if (const auto *number = std::get_if<double>(&cell))
    return digitsOf(*number);
  const auto *words = std::get_if<std::string>(&cell);
  if (!words || words->find_first_of(",\"\n") == std::string::npos)
    return words ? *words : "";
  std::string quoted = "\"";
  for (char c : *words)
    quoted += c == '"' ? std::string("\"\"") : std::string(1, c);
  return quoted + "\"";
}

void Table::writeCsv(llvm::raw_ostream &out) const {
  out << llvm::join(columns, ",") << "\n";
  for (const std::vector<Cell> &row : rows) {
    llvm::interleave(
        row, out, [&](const Cell &cell) { out << csvField(cell); }, ",");
    out << "\n";
  }
}

void Table::writeJson(llvm::json::OStream &json) const {
  json.array([&] {
    for (const std::vector<Cell> &row : rows)
      json.object([&] {
        for (const auto &[column, cell] : llvm::zip_equal(columns, row)) {
          if (const auto *whole = std::get_if<int64_t>(&cell))
            json.attribute(column, *whole);
          else if (const auto *number = std::get_if<double>(&cell))
            json.attribute(column, finiteOrNull(*number));
          else if (const auto *words = std::get_if<std::string>(&cell))
            json.attribute(column, *words);
        }
      });
  });
}

void printAligned(const std::vector<std::vector<std::string>> &lines, llvm::raw_ostream &out) {
  std::vector<size_t> widths;
  for (const std::vector<std::string> &line : lines)
    for (const auto &[column, text] : llvm::enumerate(line)) {
      if (column == widths.size())
        widths.push_back(0);
      widths[column] = std::max(widths[column], text.size());
    }
  for (const std::vector<std::string> &line : lines) {
    std::string row;
    for (const auto &[text, width] : llvm::zip_first(line, widths))
      row += "  " + std::string(width - text.size(), ' ') + text;
    out << llvm::StringRef(row).rtrim() << "\n";
  }
}

} // namespace autopar
