// The list of targets. Each one's table has a file of its own.
#include "dialects/rt/Target.h"

#include "dialects/rt/CpuTarget.h"

#include "llvm/ADT/SmallVectorExtras.h"

namespace autopar::rt {

template <typename Range> static auto *findNamed(Range &&range, llvm::StringRef name) {
  auto found = llvm::find_if(range, [&](const auto &item) { return item.name == name; });
  return found == range.end() ? nullptr : &*found;
}

const Field *Callee::findField(llvm::StringRef name) const { return findNamed(fields, name); }
const Callee *Target::findCallee(llvm::StringRef name) const {
  return findNamed(callees, name);
}

static llvm::ArrayRef<const Target *> targets() {
  static const Target *const all[] = {&cpuTarget()};
  return all;
}

const Target *findTarget(llvm::StringRef name) {
  for (const Target *target : targets())
    if (target->name == name)
      return target;
  return nullptr;
}

llvm::SmallVector<llvm::StringRef> targetNames() {
  return llvm::map_to_vector(targets(), [](const Target *target) { return target->name; });
}

} // namespace autopar::rt
