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

Constant withoutRepetition(const Constant &constant) {
  Constant least = constant;
  int64_t inner = 1;
  for (size_t dim = constant.shape.size(); dim-- > 0; inner *= least.shape[dim]) {
    const int64_t size = least.shape[dim], run = size * inner;
    if (size < 2)
      continue;
    bool isSame = true;
    for (size_t i = 0; isSame && i < least.numbers.size(); ++i)
      isSame = least.numbers[i] == least.numbers[i - i % run + i % inner];
    if (!isSame)
      continue;
    std::vector<double> numbers;
    for (size_t i = 0; i < least.numbers.size(); ++i)
      if (int64_t(i) % run < inner)
        numbers.push_back(least.numbers[i]);
    least.numbers = std::move(numbers);
    least.shape[dim] = 1;
  }
  return least;
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
