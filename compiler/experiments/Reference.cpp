// See Reference.h.
#include "compiler/experiments/Reference.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"

namespace autopar {

static constexpr int64_t mebibyte = 1 << 20;

namespace {
struct Entry {
  llvm::StringLiteral model;
  int64_t batch;
  int64_t lowest, highest; ///< MiB of activations.
};
} // namespace

static constexpr Entry entries[] = {{"resnet50", 128, 2750, 11000},
                                    {"gpt2-medium", 8, 5600, 56000}};

llvm::Expected<Reference> Reference::find(llvm::StringRef name, int count) {
  const Entry *entry = llvm::find_if(entries, [&](auto &entry) { return entry.model == name; });
  if (entry == std::end(entries))
    return llvm::createStringError(
        "no reference experiment '" + name + "'; there are " +
        llvm::join(llvm::map_range(entries, [](auto &entry) { return entry.model.str(); }),
                   ", "));
  if (!llvm::is_contained(models::modelNames(), name))
    return llvm::createStringError("the model generator of this build has no '" + name +
                                   "'; it has " + llvm::join(models::modelNames(), ", "));
  Reference reference;
  reference.model = name.str();
  reference.options.batch = entry->batch;
  reference.sweep.activationsApart = true;
  reference.sweep.budgets = {evenly(entry->lowest * mebibyte, entry->highest * mebibyte, count),
                             count};
  return reference;
}

} // namespace autopar
