// See Bounds.h.
#include "dialects/dist/Bounds.h"

#include "mlir/IR/BuiltinAttributes.h"
#include "llvm/Support/raw_ostream.h"

#include <cmath>

using namespace mlir;

namespace autopar {

bool isWithin(double value, Bounds bounds) {
  if (!std::isfinite(static_cast<float>(value)))
    return false;
  switch (bounds) {
  case Bounds::Finite:
    return true;
  case Bounds::AtLeastZero:
    return value >= 0;
  case Bounds::AboveZero:
    return value > 0;
  case Bounds::BelowOne:
    return value >= 0 && value < 1;
  case Bounds::Share:
    return value >= 0 && value <= 1;
  }
  llvm_unreachable("bounds of a number");
}

llvm::StringRef toString(Bounds bounds) {
  switch (bounds) {
  case Bounds::Finite:
    return "finite in f32";
  case Bounds::AtLeastZero:
    return "finite in f32 and not negative";
  case Bounds::AboveZero:
    return "finite in f32 and above 0";
  case Bounds::BelowOne:
    return "in [0, 1)";
  case Bounds::Share:
    return "in [0, 1]";
  }
  llvm_unreachable("bounds of a number");
}

bool isWhole(Attribute attr) {
  auto integer = dyn_cast<IntegerAttr>(attr);
  return integer && integer.getType().isSignlessInteger(64);
}

bool isWithin(Attribute attr, Bounds bounds) {
  return isWithin(cast<FloatAttr>(attr).getValueAsDouble(), bounds);
}

bool isWithin(Attribute attr, int64_t least, int64_t most) {
  auto fits = [&](int64_t value) { return value >= least && value <= most; };
  if (auto array = dyn_cast<DenseI64ArrayAttr>(attr))
    return llvm::all_of(array.asArrayRef(), fits);
  return fits(cast<IntegerAttr>(attr).getInt());
}

static std::string withFound(const llvm::Twine &wanted, Attribute attr) {
  std::string text;
  llvm::raw_string_ostream(text) << wanted << "; it is " << attr;
  return text;
}
std::string whatIsWanted(Attribute attr, int64_t least, int64_t most) {
  return withFound("from " + llvm::Twine(least) + " to " + llvm::Twine(most), attr);
}
std::string whatIsWanted(Attribute attr, Bounds bounds) {
  return withFound(toString(bounds), attr);
}

} // namespace autopar
