// Constants in another arrangement: what is seen of them, in which order, how often.
#include "compiler/import/folds/Folds.h"

#include <numeric>

using namespace llvm;

namespace autopar::pt2 {

/// What is too large to be held whole is the same in another type, or where all of it is taken.
static std::optional<Constant> unchanged(Importer &importer, const Arguments &arguments,
                                         const TensorFacts &result) {
  StringRef self = arguments.tensor("self");
  auto x = importer.least(self);
  if (!x || importer.shapeOf(self) != ArrayRef<int64_t>(result.sizes))
    return std::nullopt;
  return *x;
}

/// In row-major order under the result's shape.
static std::optional<Constant> reshape(Importer &importer, const Arguments &arguments,
                                       const TensorFacts &result) {
  auto x = importer.constant(arguments.tensor("self"));
  if (!x || int64_t(x->numbers.size()) != elementsOf(result.sizes))
    return unchanged(importer, arguments, result);
  return Constant{result.sizes, x->numbers};
}

/// The same numbers, maybe of another type.
static std::optional<Constant> convert(Importer &importer, const Arguments &arguments,
                                       const TensorFacts &result) {
  std::optional<Constant> made = reshape(importer, arguments, result);
  if (made)
    for (double &number : made->numbers)
      number = as(result.type, number);
  return made;
}

static std::optional<Constant> expand(Importer &importer, const Arguments &arguments,
                                      const TensorFacts &result) {
  auto x = importer.least(arguments.tensor("self"));
  if (!x)
    return std::nullopt;
  return filledLike(result, x, [&](ArrayRef<int64_t> index) { return repeatedAt(*x, index); });
}

/// Side by side, as often as the result has room.
static std::optional<Constant> repeat(Importer &importer, const Arguments &arguments,
                                      const TensorFacts &result) {
  auto x = importer.constant(arguments.tensor("self"));
  if (!x || x->shape.size() > result.sizes.size() || is_contained(x->shape, 0))
    return std::nullopt;
  size_t lead = result.sizes.size() - x->shape.size();
  for (auto [dim, size] : enumerate(x->shape))
    if (result.sizes[lead + dim] % size != 0)
      return std::nullopt;
  return filled(result, [&](ArrayRef<int64_t> index) {
    SmallVector<int64_t> of;
    for (auto [dim, size] : enumerate(x->shape))
      of.push_back(index[lead + dim] % size);
    return repeatedAt(*x, of);
  });
}

/// The result's dimension i is x's dimension from[i].
static std::optional<Constant> permuted(const Constant &x, ArrayRef<int64_t> from,
                                        const TensorFacts &result) {
  SmallVector<int64_t> sorted(from);
  llvm::sort(sorted);
  if (from.size() != x.shape.size() || result.sizes.size() != from.size())
    return std::nullopt;
  for (auto [to, dim] : enumerate(from))
    if (sorted[to] != int64_t(to) || x.shape[dim] != result.sizes[to])
      return std::nullopt;
  return filled(result, [&](ArrayRef<int64_t> index) {
    SmallVector<int64_t> of(index.size());
    for (auto [to, dim] : enumerate(from))
      of[dim] = index[to];
    return repeatedAt(x, of);
  });
}

static std::optional<Constant> transpose(Importer &importer, const Arguments &arguments,
                                         const TensorFacts &result) {
  auto x = importer.constant(arguments.tensor("self"));
  size_t rank = result.sizes.size();
  auto a = dimensionOf(arguments.integer("dim0"), rank);
  auto b = dimensionOf(arguments.integer("dim1"), rank);
  if (!x || !a || !b)
    return std::nullopt;
  SmallVector<int64_t> from(rank);
  std::iota(from.begin(), from.end(), 0);
  std::swap(from[*a], from[*b]);
  return permuted(*x, from, result);
}

/// The last two dimensions, or both of a matrix.
static std::optional<Constant> swapLast(Importer &importer, const Arguments &arguments,
                                        const TensorFacts &result) {
  auto x = importer.constant(arguments.tensor("self"));
  size_t rank = result.sizes.size();
  if (!x || rank < 2)
    return std::nullopt;
  SmallVector<int64_t> from(rank);
  std::iota(from.begin(), from.end(), 0);
  std::swap(from[rank - 1], from[rank - 2]);
  return permuted(*x, from, result);
}

static std::optional<Constant> permute(Importer &importer, const Arguments &arguments,
                                       const TensorFacts &result) {
  auto x = importer.constant(arguments.tensor("self"));
  auto dims = arguments.integers("dims");
  if (!x || !dims)
    return std::nullopt;
  SmallVector<int64_t> from;
  for (int64_t dim : *dims)
    if (auto known = dimensionOf(dim, x->shape.size()))
      from.push_back(*known);
  return permuted(*x, from, result);
}

/// Of dimension `dim` the result's index i is x's index at(i).
static std::optional<Constant> picked(const Constant &x, int64_t dim, const TensorFacts &result,
                                      function_ref<int64_t(int64_t)> at) {
  if (result.sizes.size() != x.shape.size())
    return std::nullopt;
  for (auto [other, size] : enumerate(x.shape))
    if (int64_t(other) != dim && size != result.sizes[other])
      return std::nullopt;
  for (int64_t i = 0; i < result.sizes[dim]; ++i)
    if (int64_t place = at(i); place < 0 || place >= x.shape[dim])
      return std::nullopt;
  return filled(result, [&](ArrayRef<int64_t> index) {
    SmallVector<int64_t> of(index);
    of[dim] = at(index[dim]);
    return repeatedAt(x, of);
  });
}

static std::optional<Constant> slice(Importer &importer, const Arguments &arguments,
                                     const TensorFacts &result) {
  auto x = importer.constant(arguments.tensor("self"));
  auto dim = x ? dimensionOf(arguments.integer("dim"), x->shape.size()) : std::nullopt;
  int64_t step = arguments.integer("step").value_or(0);
  if (!dim || step < 1 || step > mostFolded)
    return std::nullopt;
  if (importer.shapeOf(arguments.tensor("self")) == ArrayRef<int64_t>(result.sizes))
    return unchanged(importer, arguments, result);
  int64_t size = x->shape[*dim], begin = arguments.integer("start").value_or(0);
  begin = std::clamp<int64_t>(begin < 0 ? begin + size : begin, 0, size);
  return picked(*x, *dim, result, [&](int64_t i) { return begin + i * step; });
}

static std::optional<Constant> select(Importer &importer, const Arguments &arguments,
                                      const TensorFacts &result) {
  auto x = importer.constant(arguments.tensor("self"));
  auto dim = x ? dimensionOf(arguments.integer("dim"), x->shape.size()) : std::nullopt;
  auto at = dim ? dimensionOf(arguments.integer("index"), x->shape[*dim]) : std::nullopt;
  if (!at)
    return std::nullopt;
  TensorFacts whole = result;
  if (*dim > int64_t(whole.sizes.size()))
    return std::nullopt;
  whole.sizes.insert(whole.sizes.begin() + *dim, 1);
  std::optional<Constant> made = picked(*x, *dim, whole, [&](int64_t) { return *at; });
  if (made)
    made->shape = result.sizes;
  return made;
}

static std::optional<Constant> flip(Importer &importer, const Arguments &arguments,
                                    const TensorFacts &result) {
  auto x = importer.constant(arguments.tensor("self"));
  auto dims = arguments.integers("dims");
  if (!x || !dims || x->shape != result.sizes)
    return std::nullopt;
  std::optional<Constant> made = *x;
  for (int64_t dim : *dims) {
    auto known = dimensionOf(dim, x->shape.size());
    made = known && made ? picked(*made, *known, result,
                                  [&](int64_t i) { return x->shape[*known] - 1 - i; })
                         : std::nullopt;
  }
  return made;
}

static std::optional<Constant> roll(Importer &importer, const Arguments &arguments,
                                    const TensorFacts &result) {
  auto x = importer.constant(arguments.tensor("self"));
  auto shifts = arguments.integers("shifts"), dims = arguments.integers("dims");
  if (!x || !shifts || !dims || shifts->size() != dims->size() || x->shape != result.sizes)
    return std::nullopt;
  std::optional<Constant> made = *x;
  for (auto [shift, dim] : zip_equal(*shifts, *dims)) {
    auto known = dimensionOf(dim, x->shape.size());
    if (!known || !made || x->shape[*known] == 0)
      return std::nullopt;
    int64_t size = x->shape[*known], by = shift % size;
    made = picked(*made, *known, result, [&](int64_t i) { return (i - by + size) % size; });
  }
  return made;
}

static std::optional<Constant> concat(Importer &importer, const Arguments &arguments,
                                      const TensorFacts &result) {
  auto dim = dimensionOf(arguments.integer("dim"), result.sizes.size());
  SmallVector<StringRef> names(arguments.tensors("tensors"));
  auto joined = dim ? Joined::along(importer, names, *dim, result.sizes) : std::nullopt;
  if (!joined || joined->length() != result.sizes[*dim])
    return std::nullopt;
  return filled(result,
                [&](ArrayRef<int64_t> index) { return joined->at(index, index[*dim]); });
}

static std::optional<Constant> stack(Importer &importer, const Arguments &arguments,
                                     const TensorFacts &result) {
  auto dim = dimensionOf(arguments.integer("dim"), result.sizes.size());
  std::vector<std::shared_ptr<const Constant>> parts;
  for (const std::string &name : arguments.tensors("tensors"))
    parts.push_back(importer.constant(name));
  if (!dim || int64_t(parts.size()) != result.sizes[*dim])
    return std::nullopt;
  std::vector<int64_t> shape = result.sizes;
  shape.erase(shape.begin() + *dim);
  for (const auto &part : parts)
    if (!part || part->shape != shape)
      return std::nullopt;
  return filled(result, [&](ArrayRef<int64_t> index) {
    SmallVector<int64_t> of(index);
    of.erase(of.begin() + *dim);
    return repeatedAt(*parts[index[*dim]], of);
  });
}

template <bool lower>
static std::optional<Constant> triangle(Importer &importer, const Arguments &arguments,
                                        const TensorFacts &result) {
  auto x = importer.constant(arguments.tensor("self"));
  std::optional<int64_t> diagonal = arguments.integer("diagonal");
  if (!x || !diagonal || x->shape != result.sizes || result.sizes.size() < 2)
    return std::nullopt;
  return filled(result, [&](ArrayRef<int64_t> index) {
    int64_t above = index.back() - index[index.size() - 2];
    return (lower ? above <= *diagonal : above >= *diagonal) ? repeatedAt(*x, index) : 0.0;
  });
}

/// x[:, i, j]: some dimensions that follow each other are looked up by indices that are
/// repeated to one shape, which takes their place.
static std::optional<Constant> index(Importer &importer, const Arguments &arguments,
                                     const TensorFacts &result) {
  auto x = importer.constant(arguments.tensor("self"));
  ArrayRef<std::string> names = arguments.tensors("indices");
  if (!x || names.size() > x->shape.size())
    return std::nullopt;
  size_t lead = 0;
  while (lead < names.size() && names[lead].empty())
    ++lead;
  std::vector<std::shared_ptr<const Constant>> indices;
  size_t rank = 0;
  for (const std::string &name : names.drop_front(lead)) {
    indices.push_back(name.empty() ? nullptr : importer.constant(name));
    if (!indices.back())
      return std::nullopt;
    rank = std::max(rank, indices.back()->shape.size());
  }
  size_t behind = x->shape.size() - lead - indices.size();
  if (indices.empty() || result.sizes.size() != lead + rank + behind)
    return std::nullopt;
  TensorFacts looked = result;
  looked.sizes.assign(result.sizes.begin() + lead, result.sizes.begin() + lead + rank);
  for (auto [dim, of] : enumerate(indices)) {
    int64_t size = x->shape[lead + dim];
    if (!canRepeat(*of, looked) || any_of(of->numbers, [&](double number) {
          return number < double(-size) || number >= double(size);
        }))
      return std::nullopt;
  }
  for (size_t dim = 0; dim < lead; ++dim)
    if (x->shape[dim] != result.sizes[dim])
      return std::nullopt;
  for (size_t dim = 0; dim < behind; ++dim)
    if (x->shape[x->shape.size() - 1 - dim] != result.sizes[result.sizes.size() - 1 - dim])
      return std::nullopt;
  return filled(result, [&](ArrayRef<int64_t> at) {
    SmallVector<int64_t> of(at.take_front(lead));
    for (auto [dim, list] : enumerate(indices)) {
      auto place = int64_t(repeatedAt(*list, at.slice(lead, rank)));
      of.push_back(place < 0 ? place + x->shape[lead + dim] : place);
    }
    of.append(at.end() - behind, at.end());
    return repeatedAt(*x, of);
  });
}

/// Along one dimension, by an index for each element.
static std::optional<Constant> gather(Importer &importer, const Arguments &arguments,
                                      const TensorFacts &result) {
  auto x = importer.constant(arguments.tensor("self"));
  auto by = importer.constant(arguments.tensor("index"));
  auto dim = x ? dimensionOf(arguments.integer("dim"), x->shape.size()) : std::nullopt;
  if (!dim || !by || by->shape != result.sizes || x->shape.size() != by->shape.size() ||
      any_of(by->numbers,
             [&](double number) { return number < 0 || number >= double(x->shape[*dim]); }))
    return std::nullopt;
  for (auto [other, size] : enumerate(x->shape))
    if (int64_t(other) != *dim && size < by->shape[other])
      return std::nullopt;
  return filled(result, [&](ArrayRef<int64_t> index) {
    int64_t place = 0;
    for (auto [other, size] : enumerate(x->shape))
      place = place * size +
              (int64_t(other) == *dim ? int64_t(repeatedAt(*by, index)) : index[other]);
    return x->numbers[place];
  });
}

#define MADE "dtype=null layout=null device=null pin_memory=null"
static constexpr FoldForm shapeForms[] = {
    {"aten.view.default", "self size", reshape},
    {"aten.reshape.default", "self shape", reshape},
    {"aten._unsafe_view.default", "self size", reshape},
    {"aten.flatten.using_ints", "self start_dim=0 end_dim=-1", reshape},
    {"aten.unflatten.int", "self dim sizes", reshape},
    {"aten.squeeze.default", "self", reshape},
    {"aten.squeeze.dim", "self dim", reshape},
    {"aten.squeeze.dims", "self dim", reshape},
    {"aten.unsqueeze.default", "self dim", reshape},
    {"aten.contiguous.default", "self memory_format=null", reshape},
    {"aten.alias.default", "self", reshape},
    {"aten.clone.default", "self memory_format=null", reshape},
    {"aten.detach.default", "self", reshape},
    {"aten.lift_fresh_copy.default", "self", reshape},
    {"aten.to.dtype", "self dtype non_blocking=false copy=false memory_format=null", convert},
    {"aten.to.device",
     "self device dtype=null non_blocking=false copy=false memory_format=null", convert},
    {"aten.to.dtype_layout", "self non_blocking=false copy=false memory_format=null " MADE,
     convert},
    {"aten.type_as.default", "self other", convert, "other"},
    {"aten.expand.default", "self size implicit=false", expand},
    {"aten.broadcast_to.default", "self size", expand},
    {"aten.repeat.default", "self repeats", repeat},
    {"aten.tile.default", "self dims", repeat},
    {"aten.transpose.int", "self dim0 dim1", transpose},
    {"aten.swapaxes.default", "self dim0=null dim1=null axis0=null axis1=null", transpose},
    {"aten.t.default", "self", swapLast},
    {"aten.mT.default", "self", swapLast},
    {"aten.permute.default", "self dims", permute},
    {"aten.slice.Tensor", "self dim=0 start=null end=null step=1", slice},
    {"aten.select.int", "self dim index", select},
    {"aten.flip.default", "self dims", flip},
    {"aten.roll.default", "self shifts dims=[]", roll},
    {"aten.cat.default", "tensors dim=0", concat},
    {"aten.stack.default", "tensors dim=0", stack},
    {"aten.tril.default", "self diagonal=0", triangle<true>},
    {"aten.triu.default", "self diagonal=0", triangle<false>},
    {"aten.index.Tensor", "self indices", index},
    {"aten.gather.default", "self dim index sparse_grad=false", gather},
};
#undef MADE

ArrayRef<FoldForm> shapeFolds() { return shapeForms; }

} // namespace autopar::pt2
