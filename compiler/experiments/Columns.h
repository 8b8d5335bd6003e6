// Rows of an experiment as a table that is written three ways: aligned on a terminal, as CSV,
// as JSON. A column says once what it is called and what it shows.
#ifndef AUTOPAR_COMPILER_EXPERIMENTS_COLUMNS_H
#define AUTOPAR_COMPILER_EXPERIMENTS_COLUMNS_H

#include "llvm/ADT/StringRef.h"
#include "llvm/Support/JSON.h"
#include "llvm/Support/raw_ostream.h"

#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace autopar {

/// What stands in a column of a row: a whole number, a number, words, or nothing.
using Cell = std::variant<std::monostate, int64_t, double, std::string>;

/// A value that may be missing.
template <typename T> Cell cell(const std::optional<T> &value) {
  return value ? Cell(*value) : Cell();
}

struct Table {
  std::vector<std::string> columns; ///< As identifiers: `predicted_peak_bytes`.
  std::vector<std::vector<Cell>> rows;

  /// Numbers to every digit, nothing as an empty field, words in quotes where they need them.
  void writeCsv(llvm::raw_ostream &out) const;
  /// A list of objects; what is nothing is left out.
  void writeJson(llvm::json::OStream &json) const;
};

/// Right-aligned columns of text under their headings.
void printAligned(const std::vector<std::vector<std::string>> &lines, llvm::raw_ostream &out);

} // namespace autopar

#endif
