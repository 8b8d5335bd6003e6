// See Broadcast.h.
#include "compiler/import/Broadcast.h"

using namespace mlir;

namespace autopar::pt2 {

/// Of a tensor that is repeated to `rank` dimensions, the size of each.
static SmallVector<int64_t> sizesIn(size_t rank, const Held &x) {
  SmallVector<int64_t> sizes(rank - x.shape.size(), 1);
  sizes.append(x.shape.begin(), x.shape.end());
  return sizes;
}

static bool fits(const Held &x, ArrayRef<int64_t> shape) {
  if (x.shape.size() > shape.size())
    return false;
  for (auto [size, whole] : llvm::zip_equal(sizesIn(shape.size(), x), shape))
    if (size != 1 && size != whole)
      return false;
  return true;
}

/// The dimensions of `shape` that a value has which is repeated to it, in its own order.
static SmallVector<int> orderFor(const Held &x, ArrayRef<int64_t> shape) {
  const int lead = int(shape.size() - x.shape.size());
  SmallVector<int> dims(graph::shapeOf(x.value).size());
  for (auto [dim, place] : llvm::enumerate(x.order))
    if (place != absent)
      dims[place] = int(dim) + lead;
  for (int dim = 0; dim < int(shape.size()); ++dim) {
    if (shape[dim] == 1 || llvm::is_contained(dims, dim))
      continue;
    auto behind = dims.begin();
    for (int before = dim - 1; before >= 0 && behind == dims.begin(); --before)
      if (auto *found = llvm::find(dims, before); found != dims.end())
        behind = std::next(found);
    dims.insert(behind, dim);
  }
  return dims;
}

/// With the dimensions of `shape` in that order.
static Held repeatedIn(Importer &importer, const Held &x, ArrayRef<int64_t> shape,
                       ArrayRef<int> order) {
  const int lead = int(shape.size() - x.shape.size());
  SmallVector<int64_t> sizes = sizesIn(shape.size(), x), before, after;
  SmallVector<int> own;
  for (int dim : order) {
    if (dim >= lead)
      own.push_back(dim - lead);
    before.push_back(sizes[dim]);
    after.push_back(shape[dim]);
  }
  Held result = x;
  result.variable = nullptr;
  result.shape = shape.vec();
  result.order.assign(shape.size(), absent);
  for (auto [place, dim] : llvm::enumerate(order))
    result.order[dim] = int(place);
  result.value = importer.reshaped(importer.arranged(x, own), before);
  if (before != after)
    result.value = importer.make<graph::ExpandOp>(".expand", after, result.value);
  return result;
}

static Held refused(Importer &importer, const Twine &reason) {
  (void)importer.fail(reason);
  return Held();
}

Held repeated(Importer &importer, const Held &x, ArrayRef<int64_t> shape) {
  if (!x.value)
    return Held();
  if (ArrayRef<int64_t>(x.shape) == shape)
    return x;
  if (!fits(x, shape))
    return refused(importer, "it repeats along a dimension that is not of size 1");
  return repeatedIn(importer, x, shape, orderFor(x, shape));
}

std::pair<Held, Held> broadcast(Importer &importer, const Held &x, const Held &y) {
  if (!x.value || !y.value)
    return {};
  SmallVector<int64_t> shape(std::max(x.shape.size(), y.shape.size()), 1);
  for (const Held *operand : {&x, &y})
    for (auto [size, whole] : llvm::zip_equal(sizesIn(shape.size(), *operand), shape))
      whole = std::max(whole, size);
  if (!fits(x, shape) || !fits(y, shape))
    return {refused(importer, "its operands' sizes differ"), Held()};
  auto hasAll = [&](const Held &operand) {
    return ArrayRef<int64_t>(sizesIn(shape.size(), operand)) == ArrayRef<int64_t>(shape);
  };
  SmallVector<int> order = orderFor(!hasAll(x) && hasAll(y) ? y : x, shape);
  return {repeatedIn(importer, x, shape, order), repeatedIn(importer, y, shape, order)};
}

} // namespace autopar::pt2
