// Sizes as people write them. See ByteSize.h.
#include "compiler/driver/ByteSize.h"

#include "dialects/dist/Limits.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/FormatVariadic.h"

namespace autopar {

static constexpr llvm::StringLiteral prefixes = "KMGT";

llvm::Expected<int64_t> parseByteSize(llvm::StringRef text) {
  auto error = [&] {
    return llvm::createStringError("'" + text +
                                   "' is not a size in bytes; write a number and a unit, "
                                   "as in 8GB or 512MiB");
  };
  llvm::StringRef number = text.take_while([](char c) { return llvm::isDigit(c) || c == '.'; });
  double value;
  if (number.empty() || number.getAsDouble(value))
    return error();
  llvm::StringRef unit = text.drop_front(number.size()).trim();
  double factor = 1;
  if (!unit.empty() && unit != "B") {
    size_t power = prefixes.find(llvm::toUpper(unit.front()));
    llvm::StringRef rest = unit.drop_front();
    if (power == llvm::StringRef::npos || !(rest.empty() || rest == "B" || rest == "iB"))
      return error();
    for (size_t i = 0; i <= power; ++i)
      factor *= 1024;
  }
  double bytes = value * factor;
  if (!(bytes >= 1))
    return error();
  if (bytes > static_cast<double>(limits::programBytes))
    return llvm::createStringError("'" + text + "' is more than " +
                                   formatByteSize(limits::programBytes) +
                                   ", the most that is planned for");
  return static_cast<int64_t>(bytes);
}

std::string formatByteSize(double bytes) {
  if (bytes < 1024)
    return llvm::formatv("{0} B", static_cast<int64_t>(bytes)).str();
  size_t power = 0;
  for (bytes /= 1024; bytes >= 1024 && power + 1 < prefixes.size(); ++power)
    bytes /= 1024;
  return llvm::formatv("{0:f2} {1}iB", bytes, prefixes[power]).str();
}

} // namespace autopar
