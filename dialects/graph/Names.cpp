// The names of values, read from their locations. See Names.h.
#include "dialects/graph/Names.h"

using namespace mlir;

namespace autopar {

llvm::StringRef nameOf(Location loc) {
  if (auto name = dyn_cast<NameLoc>(loc))
    return name.getName();
  if (auto fused = dyn_cast<FusedLoc>(loc))
    for (Location part : fused.getLocations())
      if (llvm::StringRef name = nameOf(part); !name.empty())
        return name;
  return "";
}

std::string nameOf(Operation *op) {
  llvm::StringRef name = nameOf(op->getLoc());
  return name.empty() ? op->getName().stripDialect().str() : name.str();
}

std::string nameOf(Value value) {
  if (auto result = dyn_cast<OpResult>(value)) {
    Operation *op = result.getOwner();
    const unsigned number = result.getResultNumber();
    if (auto fused = dyn_cast<FusedLoc>(op->getLoc());
        fused && fused.getLocations().size() == op->getNumResults())
      return nameOf(fused.getLocations()[number]).str();
    return nameOf(op) + (number > 0 ? "#" + std::to_string(number) : "");
  }
  llvm::StringRef name = nameOf(value.getLoc());
  return name.empty() ? "arg" + std::to_string(cast<BlockArgument>(value).getArgNumber())
                      : name.str();
}

Location named(Location loc, const llvm::Twine &name) {
  Location under = loc;
  if (auto old = dyn_cast<NameLoc>(loc))
    under = old.getChildLoc();
  return NameLoc::get(StringAttr::get(loc.getContext(), name), under);
}

Location locOfResults(ArrayRef<Location> ofEach) {
  return FusedLoc::get(ofEach.front().getContext(), ofEach);
}

} // namespace autopar
