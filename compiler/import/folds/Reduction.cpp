// Constants summed over dimensions, counted along them, multiplied as matrices.
#include "compiler/import/folds/Folds.h"

#include <cmath>

using namespace llvm;

namespace autopar::pt2 {

/// What the elements that differ in the reduced dimensions alone come to.
static std::optional<Constant> reduced(const Constant &x, ArrayRef<int64_t> given,
                                       const TensorFacts &result, double start,
                                       function_ref<double(double, double)> combine) {
  SmallVector<bool> isReduced(x.shape.size(), given.empty());
  for (int64_t dim : given) {
    auto known = dimensionOf(dim, x.shape.size());
    if (!known)
      return std::nullopt;
    isReduced[*known] = true;
  }
  SmallVector<int64_t> kept;
  for (auto [dim, size] : enumerate(x.shape))
    kept.push_back(isReduced[dim] ? 1 : size);
  int64_t elements = elementsOf(kept);
  if (elements != elementsOf(result.sizes))
    return std::nullopt;
  Constant made{result.sizes, std::vector<double>(elements, start)};
  int64_t place = 0;
  forEachIndex(x.shape, [&](ArrayRef<int64_t> index) {
    int64_t to = 0;
    for (auto [dim, size] : enumerate(kept))
      to = to * size + (isReduced[dim] ? 0 : index[dim]);
    made.numbers[to] = combine(made.numbers[to], x.numbers[place++]);
  });
  return made;
}

static double add(double a, double b) { return a + b; }
static double both(double a, double b) { return a != 0 && b != 0; }
static double either(double a, double b) { return a != 0 || b != 0; }

template <double (*combine)(double, double), int start>
static std::optional<Constant> reduce(Importer &importer, const Arguments &arguments,
                                      const TensorFacts &result) {
  auto x = importer.constant(arguments.tensor("self"));
  SmallVector<int64_t> dims;
  if (auto list = arguments.integers("dim"))
    dims = *list;
  else if (auto one = arguments.integer("dim"))
    dims = {*one};
  return x ? reduced(*x, dims, result, start, combine) : std::nullopt;
}

/// In f32 PyTorch adds in that.
static std::optional<Constant> cumsum(Importer &importer, const Arguments &arguments,
                                      const TensorFacts &result) {
  auto x = importer.constant(arguments.tensor("self"));
  auto dim = x ? dimensionOf(arguments.integer("dim"), x->shape.size()) : std::nullopt;
  if (!dim || x->shape != result.sizes)
    return std::nullopt;
  int64_t stride = 1;
  for (size_t behind = *dim + 1; behind < x->shape.size(); ++behind)
    stride *= x->shape[behind];
  Constant made = *x;
  int64_t place = 0;
  forEachIndex(x->shape, [&](ArrayRef<int64_t> index) {
    if (index[*dim] > 0)
      made.numbers[place] += made.numbers[place - stride];
    ++place;
  });
  return made;
}

/// The steps between neighbours, of what may stand in front of the first and behind the last.
static std::optional<Constant> diff(Importer &importer, const Arguments &arguments,
                                    const TensorFacts &result) {
  auto dim = dimensionOf(arguments.integer("dim"), result.sizes.size());
  if (arguments.integer("n") != 1 || !dim)
    return std::nullopt;
  SmallVector<StringRef> names;
  for (StringRef name : {"prepend", "self", "append"})
    if (arguments.has(name))
      names.push_back(arguments.tensor(name));
  auto joined = Joined::along(importer, names, *dim, result.sizes);
  if (!joined || joined->length() != result.sizes[*dim] + 1)
    return std::nullopt;
  return filled(result, [&](ArrayRef<int64_t> index) {
    return joined->at(index, index[*dim] + 1) - joined->at(index, index[*dim]);
  });
}

/// [.., n, k] and [.., k, m], the leading dimensions repeated to the result's.
static std::optional<Constant> matmul(Importer &importer, const Arguments &arguments,
                                      const TensorFacts &result) {
  auto x = importer.constant(arguments.tensor("self"));
  auto y = importer.constant(arguments.tensor(arguments.has("mat2") ? "mat2" : "other"));
  size_t rank = result.sizes.size();
  if (!x || !y || x->shape.size() < 2 || y->shape.size() < 2 || rank < 2)
    return std::nullopt;
  int64_t depth = x->shape.back();
  auto batch = [&](const Constant &of) {
    return Constant{{of.shape.begin(), of.shape.end() - 2}, {}};
  };
  TensorFacts batches = result;
  batches.sizes.resize(rank - 2);
  if (y->shape[y->shape.size() - 2] != depth || !canRepeat(batch(*x), batches) ||
      !canRepeat(batch(*y), batches) || x->shape[x->shape.size() - 2] != result.sizes[rank - 2] ||
      y->shape.back() != result.sizes.back() ||
      elementsOf(result.sizes) > mostFolded / std::max<int64_t>(depth, 1))
    return std::nullopt;
  return filled(result, [&](ArrayRef<int64_t> index) {
    SmallVector<int64_t> left(index), right(index);
    double sum = 0;
    for (int64_t k = 0; k < depth; ++k) {
      left[rank - 1] = k;
      right[rank - 2] = k;
      sum += repeatedAt(*x, left) * repeatedAt(*y, right);
    }
    return sum;
  });
}

static std::optional<Constant> outer(Importer &importer, const Arguments &arguments,
                                     const TensorFacts &result) {
  auto x = importer.constant(arguments.tensor("self"));
  auto y = importer.constant(arguments.tensor("vec2"));
  if (!x || !y || x->shape.size() != 1 || y->shape.size() != 1 ||
      result.sizes != std::vector<int64_t>{x->shape[0], y->shape[0]})
    return std::nullopt;
  return filled(result, [&](ArrayRef<int64_t> index) {
    return x->numbers[index[0]] * y->numbers[index[1]];
  });
}

static constexpr FoldForm reductionForms[] = {
    {"aten.sum.default", "self dtype=null", reduce<add, 0>},
    {"aten.sum.dim_IntList", "self dim=null keepdim=false dtype=null", reduce<add, 0>},
    {"aten.all.default", "self", reduce<both, 1>},
    {"aten.all.dim", "self dim keepdim=false", reduce<both, 1>},
    {"aten.any.default", "self", reduce<either, 0>},
    {"aten.any.dim", "self dim keepdim=false", reduce<either, 0>},
    {"aten.cumsum.default", "self dim dtype=null", cumsum},
    {"aten.diff.default", "self n=1 dim=-1 prepend=null append=null", diff},
    {"aten.matmul.default", "self other mat2=null", matmul},
    {"aten.bmm.default", "self mat2 other=null", matmul},
    {"aten.mm.default", "self mat2 other=null", matmul},
    {"aten.outer.default", "self vec2", outer},
};

ArrayRef<FoldForm> reductionFolds() { return reductionForms; }

} // namespace autopar::pt2
