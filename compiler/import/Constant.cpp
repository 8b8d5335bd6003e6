// See Constant.h.
#include "compiler/import/Constant.h"

#include "llvm/ADT/STLFunctionalExtras.h"

namespace autopar::pt2 {

static bool isSplitAtDiagonal(const Constant &mask, llvm::function_ref<bool(double)> seen,
                              llvm::function_ref<bool(double)> hidden) {
  size_t rank = mask.shape.size();
  if (rank < 2 || mask.shape[rank - 1] != mask.shape[rank - 2])
    return false;
  int64_t side = mask.shape[rank - 1];
  for (size_t i = 0; i < mask.numbers.size(); ++i) {
    int64_t column = int64_t(i) % side, row = int64_t(i) / side % side;
    if (!(column <= row ? seen : hidden)(mask.numbers[i]))
      return false;
  }
  return true;
}

bool isCausal(const Constant &mask, double seen, double hidden) {
  return isSplitAtDiagonal(
      mask, [&](double number) { return number == seen; },
      [&](double number) { return number == hidden; });
}

bool isCausalBias(const Constant &mask) {
  return isSplitAtDiagonal(
      mask, [](double number) { return number == 0; }, hides);
}

} // namespace autopar::pt2
