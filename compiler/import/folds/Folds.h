// What is computed of constants alone: positions, masks, tables of angles. Numbers are doubles,
// rounded to f32 where PyTorch has that; whole ones and booleans are exact.
#ifndef AUTOPAR_COMPILER_IMPORT_FOLDS_FOLDS_H
#define AUTOPAR_COMPILER_IMPORT_FOLDS_FOLDS_H

#include "compiler/import/Operations.h"

#include "llvm/ADT/STLFunctionalExtras.h"

namespace autopar::pt2 {

/// Visits each index of a shape, row by row.
void forEachIndex(llvm::ArrayRef<int64_t> shape,
                  llvm::function_ref<void(llvm::ArrayRef<int64_t>)> visit);

/// The result with the number that `at` gives for each index; null where it is too large.
std::optional<Constant> filled(const TensorFacts &result,
                               llvm::function_ref<double(llvm::ArrayRef<int64_t>)> at);

/// The same of an elementwise function of constants, no larger than they are: the result is as
/// often repeated as all of them. Null where an operand does not fit the result.
std::optional<Constant> filledLike(const TensorFacts &result,
                                   llvm::ArrayRef<std::shared_ptr<const Constant>> operands,
                                   llvm::function_ref<double(llvm::ArrayRef<int64_t>)> at);

/// The element at an index of a tensor that this one is repeated to, as PyTorch broadcasts.
double repeatedAt(const Constant &tensor, llvm::ArrayRef<int64_t> index);
bool canRepeat(const Constant &tensor, const TensorFacts &result);

/// Constants one behind the other along a dimension; they are alike in the others.
class Joined {
public:
  /// Null where one is none, or does not fit a result of `sizes`, whose `dim` may be another.
  static std::optional<Joined> along(Importer &importer, llvm::ArrayRef<llvm::StringRef> names,
                                     int64_t dim, llvm::ArrayRef<int64_t> sizes);

  int64_t length() const { return int64_t(places.size()); }
  /// The element `i` of the dimension, of an index in the others.
  double at(llvm::ArrayRef<int64_t> index, int64_t i) const;

private:
  int64_t dim = 0;
  std::vector<std::shared_ptr<const Constant>> parts;
  std::vector<std::pair<size_t, int64_t>> places; ///< the part, and where in it
};

/// A dimension's number from 0 on; none where there is no such.
std::optional<int64_t> dimensionOf(std::optional<int64_t> dim, size_t rank);

/// The same number, read as another type.
double as(ScalarType type, double number);

// The families, one a file.
llvm::ArrayRef<FoldForm> madeFolds();
llvm::ArrayRef<FoldForm> elementwiseFolds();
llvm::ArrayRef<FoldForm> shapeFolds();
llvm::ArrayRef<FoldForm> reductionFolds();

} // namespace autopar::pt2

#endif
