// The targets: where the runtime of each is.
#include "dialects/rt/Target.h"

#include "dialects/rt/Calls.h"

#include "llvm/ADT/SmallVectorExtras.h"

namespace autopar::rt {

template <typename Range> static auto *findNamed(Range &&range, llvm::StringRef name) {
  auto found = llvm::find_if(range, [&](const auto &item) { return item.name == name; });
  return found == range.end() ? nullptr : &*found;
}

const Field *Callee::findField(llvm::StringRef name) const { return findNamed(fields, name); }
const Operand *Callee::findInput(llvm::StringRef name) const { return findNamed(inputs, name); }
const Operand *Callee::findOutput(llvm::StringRef name) const {
  return findNamed(outputs, name);
}
const Callee *Target::findCallee(llvm::StringRef name) const {
  return findNamed(callees, name);
}

static llvm::ArrayRef<Callee> sharedCalls() {
  static const std::vector<Callee> table = calls();
  return table;
}
static llvm::ArrayRef<Callee> sharedAndCudaCalls() {
  static const std::vector<Callee> table = [] {
    std::vector<Callee> all = calls();
    llvm::append_range(all, cudaCalls());
    return all;
  }();
  return table;
}

const Target &cpuTarget() {
  static const Target target{.name = "cpu",
                             .computation = {"cpu", "cpu", ""},
                             .collectives = {"mpi", "", ""},
                             .groups = "rank",
                             .alignment = 64,
                             .communicatesBeside = false,
                             .hasNarrowTypes = false,
                             .callees = sharedCalls()};
  return target;
}

const Target &cudaTarget() {
  static const Target target{.name = "cuda",
                             .computation = {"cuda", "cuda", "context"},
                             .collectives = {"cuda", "cuda", "context"},
                             .groups = "network",
                             .alignment = 256,
                             .communicatesBeside = true,
                             .hasNarrowTypes = true,
                             .callees = sharedAndCudaCalls()};
  return target;
}

static llvm::ArrayRef<const Target *> targets() {
  static const Target *const all[] = {&cpuTarget(), &cudaTarget()};
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
