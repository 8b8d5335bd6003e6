// A tensor as the interpreter computes with it: a row-major array of doubles, whatever its
// element type, so that two programs that mean the same agree far below the precision of f32.
#ifndef AUTOPAR_TEST_UNIT_PROGRAMS_TENSOR_H
#define AUTOPAR_TEST_UNIT_PROGRAMS_TENSOR_H

#include "dialects/dist/Spec.h"

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/SmallVector.h"

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace autopar {

using Shape = llvm::ArrayRef<int64_t>;

struct Tensor {
  llvm::SmallVector<int64_t> shape;
  std::vector<double> values;

  Tensor() = default;
  explicit Tensor(Shape shape, double value = 0);

  int64_t size() const { return static_cast<int64_t>(values.size()); }
  int64_t dim(int i) const { return shape[i]; }
  double &operator[](int64_t i) { return values[i]; }
  double operator[](int64_t i) const { return values[i]; }
};

inline Tensor scalar(double value) { return Tensor(Shape{}, value); }

using Tensors = std::vector<Tensor>;
/// Variables or inputs by name.
using NamedTensors = std::map<std::string, Tensor>;

/// Part `index` of `count` equal parts along `dim`.
Tensor part(const Tensor &tensor, int64_t dim, int64_t index, int64_t count);
/// Tensors of one shape, joined along `dim` in order.
Tensor join(llvm::ArrayRef<Tensor> parts, int64_t dim);
/// The elementwise sum.
Tensor sum(llvm::ArrayRef<Tensor> tensors);
Tensor scaled(Tensor tensor, double factor);
/// `row` added to each of the rows [.., row's size].
Tensor addToRows(Tensor rows, const Tensor &row);
/// [columns]
Tensor sumOfRows(const Tensor &rows, int64_t columns);

/// What `rank` holds of a whole tensor under a Spec without partial sums.
Tensor block(const Tensor &whole, Spec spec, const Mesh &mesh, int64_t rank);
/// The whole tensor that the ranks' parts make together: partial sums added up.
Tensor assemble(llvm::ArrayRef<Tensor> parts, Spec spec, const Mesh &mesh);

/// The largest difference, over the largest element of either (over 1 where all are less).
/// Infinite for different shapes and where a number is not one.
double difference(const Tensor &a, const Tensor &b);

} // namespace autopar

#endif
