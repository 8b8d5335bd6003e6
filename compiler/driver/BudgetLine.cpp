// See BudgetLine.h.
#include "compiler/driver/BudgetLine.h"

#include "compiler/driver/ByteSize.h"

namespace cl = llvm::cl;

namespace autopar {

BudgetLine::BudgetLine(cl::OptionCategory &category, llvm::StringRef otherwise)
    : meaning("What a rank's process may take of its device, as in 8GB or 512MiB (powers of "
              "1024): its arena, and what the device model reserves beside it; " +
              otherwise.str() + " where not given"),
      process{"mem-budget", cl::desc(meaning), cl::value_desc("size"), cl::cat(category)},
      arena{"arena-budget", cl::desc("What a rank's arena may take, in place of --mem-budget"),
            cl::value_desc("size"), cl::cat(category)} {}

/// Leaves `bytes` alone where the option is not given.
static llvm::Error readSize(const TextOption &option, int64_t &bytes) {
  if (option.getNumOccurrences() == 0)
    return llvm::Error::success();
  llvm::Expected<int64_t> size = parseByteSize(option);
  if (!size)
    return llvm::createStringError("--" + option.ArgStr + ": " +
                                   llvm::toString(size.takeError()));
  bytes = *size;
  return llvm::Error::success();
}

llvm::Error BudgetLine::read(CompileOptions &options) const {
  if (process.getNumOccurrences() && arena.getNumOccurrences())
    return llvm::createStringError("--mem-budget " + process +
                                   " is for a rank's whole process and --arena-budget " + arena +
                                   " for its arena; give one of them");
  if (llvm::Error error = readSize(process, options.processBudget))
    return error;
  return readSize(arena, options.arenaBudget);
}

} // namespace autopar
