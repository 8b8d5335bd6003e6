// See Budgets.h.
#include "compiler/experiments/Budgets.h"

#include "compiler/driver/ByteSize.h"

#include "llvm/ADT/SmallVector.h"

#include <cmath>

namespace autopar {

/// More than anyone looks at, and a typing error all the same.
static constexpr int mostBudgets = 1000;

static llvm::Expected<int> parseCount(llvm::StringRef text, int least) {
  int count;
  if (text.trim().getAsInteger(10, count) || count < least || count > mostBudgets)
    return llvm::createStringError("'%s' is no number of budgets from %d to %d",
                                   text.str().c_str(), least, mostBudgets);
  return count;
}

/// Refuses what does not rise.
static llvm::Error checkOrder(int64_t before, int64_t after) {
  if (before < after)
    return llvm::Error::success();
  return llvm::createStringError(formatByteSize(double(after)) + " stands behind " +
                                 formatByteSize(double(before)) +
                                 "; write budgets from the smallest to the largest");
}

static llvm::Expected<Budgets> parseRange(llvm::ArrayRef<llvm::StringRef> parts,
                                          llvm::StringRef text) {
  if (parts.size() != 3)
    return llvm::createStringError(
        "'" + text + "' is no range; write two sizes and how many, as in 2GB:8GB:7");
  llvm::Expected<int64_t> low = parseByteSize(parts[0].trim());
  if (!low)
    return low.takeError();
  llvm::Expected<int64_t> high = parseByteSize(parts[1].trim());
  if (!high)
    return high.takeError();
  llvm::Expected<int> count = parseCount(parts[2], 2);
  if (!count)
    return count.takeError();
  if (llvm::Error error = checkOrder(*low, *high))
    return error;
  if (*high - *low < *count - 1)
    return llvm::createStringError("'" + text + "': fewer bytes than budgets between the two");
  return Budgets{evenly(*low, *high, *count), *count};
}

static llvm::Expected<Budgets> parseList(llvm::ArrayRef<llvm::StringRef> parts) {
  Budgets budgets;
  for (llvm::StringRef part : parts) {
    llvm::Expected<int64_t> bytes = parseByteSize(part.trim());
    if (!bytes)
      return bytes.takeError();
    if (!budgets.bytes.empty())
      if (llvm::Error error = checkOrder(budgets.bytes.back(), *bytes))
        return error;
    budgets.bytes.push_back(*bytes);
  }
  budgets.count = static_cast<int>(budgets.bytes.size());
  return budgets;
}

llvm::Expected<Budgets> Budgets::parse(llvm::StringRef text) {
  llvm::SmallVector<llvm::StringRef> parts;
  if (text.contains(':')) {
    text.split(parts, ':');
    return parseRange(parts, text);
  }
  // A number alone is a count; `512B` is a budget of 512 bytes.
  if (!text.contains(',') && text.find_first_not_of("+-0123456789 ") == llvm::StringRef::npos) {
    llvm::Expected<int> count = parseCount(text, 1);
    if (!count)
      return count.takeError();
    return Budgets{{}, *count};
  }
  text.split(parts, ',');
  return parseList(parts);
}

std::vector<int64_t> evenly(int64_t low, int64_t high, int count) {
  std::vector<int64_t> values;
  for (int i = 0; i < count; ++i)
    values.push_back(count == 1 ? high
                                : low + std::llround(double(high - low) * i / (count - 1)));
  return values;
}

} // namespace autopar
