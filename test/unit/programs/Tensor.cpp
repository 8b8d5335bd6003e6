// Arrays cut and put together again. See Tensor.h.
#include "test/unit/programs/Tensor.h"

#include "llvm/ADT/STLExtras.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>
#include <numeric>

namespace autopar {

static int64_t product(Shape sizes) {
  return std::accumulate(sizes.begin(), sizes.end(), int64_t(1), std::multiplies<>());
}

Tensor::Tensor(Shape shape, double value) : shape(shape), values(product(shape), value) {}

Tensor part(const Tensor &tensor, int64_t dim, int64_t index, int64_t count) {
  Shape shape = tensor.shape;
  int64_t outer = product(shape.take_front(dim)), inner = product(shape.drop_front(dim + 1));
  int64_t size = shape[dim], width = size / count;
  Tensor result;
  result.shape = tensor.shape;
  result.shape[dim] = width;
  for (int64_t o = 0; o < outer; ++o) {
    auto from = tensor.values.begin() + (o * size + index * width) * inner;
    result.values.insert(result.values.end(), from, from + width * inner);
  }
  return result;
}

Tensor join(llvm::ArrayRef<Tensor> parts, int64_t dim) {
  Shape shape = parts.front().shape;
  int64_t outer = product(shape.take_front(dim)), run = product(shape.drop_front(dim));
  Tensor result;
  result.shape = parts.front().shape;
  result.shape[dim] *= static_cast<int64_t>(parts.size());
  for (int64_t o = 0; o < outer; ++o)
    for (const Tensor &part : parts)
      result.values.insert(result.values.end(), part.values.begin() + o * run,
                           part.values.begin() + (o + 1) * run);
  return result;
}

Tensor sum(llvm::ArrayRef<Tensor> tensors) {
  Tensor total = tensors.front();
  for (const Tensor &tensor : tensors.drop_front())
    for (int64_t i = 0; i < total.size(); ++i)
      total[i] += tensor[i];
  return total;
}

Tensor scaled(Tensor tensor, double factor) {
  for (double &value : tensor.values)
    value *= factor;
  return tensor;
}
Tensor addToRows(Tensor rows, const Tensor &row) {
  for (int64_t i = 0; i < rows.size(); ++i)
    rows[i] += row[i % row.size()];
  return rows;
}
Tensor sumOfRows(const Tensor &rows, int64_t columns) {
  Tensor total(Shape{columns});
  for (int64_t i = 0; i < rows.size(); ++i)
    total[i % columns] += rows[i];
  return total;
}

Tensor block(const Tensor &whole, Spec spec, const Mesh &mesh, int64_t rank) {
  Tensor held = whole;
  auto at = mesh.coordinates(rank);
  for (int axis = 0; axis < mesh.numAxes(); ++axis) // Outermost first.
    if (auto dim = spec.dim(axis))
      held = part(held, *dim, at[axis], mesh.sizes[axis]);
  return held;
}

Tensor assemble(llvm::ArrayRef<Tensor> parts, Spec spec, const Mesh &mesh) {
  // Axis by axis from the innermost: what remains is held by the ranks at 0 on the axes done.
  Tensors held(parts);
  for (int axis = mesh.numAxes() - 1; axis >= 0; --axis) {
    Tensors outer;
    int64_t size = mesh.sizes[axis];
    for (size_t first = 0; first < held.size(); first += size) {
      llvm::ArrayRef<Tensor> along(&held[first], size);
      if (auto dim = spec.dim(axis))
        outer.push_back(join(along, *dim));
      else
        outer.push_back(spec.isUnreduced(axis) ? sum(along) : along.front());
    }
    held = std::move(outer);
  }
  return held.front();
}

double difference(const Tensor &a, const Tensor &b) {
  constexpr double infinite = std::numeric_limits<double>::infinity();
  if (a.shape != b.shape)
    return infinite;
  double largest = 1, apart = 0;
  for (auto [x, y] : llvm::zip_equal(a.values, b.values)) {
    if (!std::isfinite(x) || !std::isfinite(y))
      return infinite;
    largest = std::max({largest, std::abs(x), std::abs(y)});
    apart = std::max(apart, std::abs(x - y));
  }
  return apart / largest;
}

} // namespace autopar
