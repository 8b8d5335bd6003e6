// The same numbers in another arrangement. What only moves dimensions, or sizes of 1, is an
// order and makes nothing.
#include "compiler/import/Broadcast.h"
#include "compiler/import/ops/Tokens.h"

using namespace mlir;

namespace autopar::pt2 {

/// Any change of shape: the export says what comes of it.
static LogicalResult reshape(Importer &importer, const Arguments &arguments) {
  StringRef self = arguments.tensor("self");
  const Held *held = importer.held(self);
  if (held && held->value && !isa<FloatType>(graph::typeOf(held->value).getElementType())) {
    held = importer.integers(self);
    if (!held)
      return failure();
    Held same = *held;
    same.shape = importer.resultShape().vec();
    return importer.result(same);
  }
  const Held *x = importer.real(self);
  std::optional<Held> result = x ? importer.reshaped(*x, importer.resultShape()) : std::nullopt;
  return result ? importer.result(*result) : failure();
}

static LogicalResult same(Importer &importer, const Arguments &arguments) {
  const Held *held = importer.held(arguments.tensor("self"));
  bool isReal =
      held && (!held->value || isa<FloatType>(graph::typeOf(held->value).getElementType()));
  held = isReal ? importer.real(arguments.tensor("self"))
                : importer.integers(arguments.tensor("self"));
  return held ? importer.result(*held) : failure();
}

/// A dimension's number from 0 on; none where the tensor has no such.
static std::optional<int> dimension(Importer &importer, std::optional<int64_t> dim,
                                    const Held &x) {
  int64_t rank = int64_t(x.shape.size());
  if (dim && *dim < 0)
    *dim += rank;
  if (!dim || *dim < 0 || *dim >= rank)
    return (void)importer.fail("it names a dimension that its tensor has not"), std::nullopt;
  return int(*dim);
}

static LogicalResult permuted(Importer &importer, const Held &x, ArrayRef<int> dims) {
  Held moved = x;
  for (auto [to, from] : llvm::enumerate(dims)) {
    moved.shape[to] = x.shape[from];
    moved.order[to] = x.order[from];
  }
  return importer.result(moved);
}

static LogicalResult permute(Importer &importer, const Arguments &arguments) {
  const Held *x = importer.real(arguments.tensor("self"));
  auto dims = x ? arguments.integers("dims") : std::nullopt;
  if (!dims || dims->size() != x->shape.size())
    return importer.fail("it moves other dimensions than its tensor has");
  SmallVector<int> from;
  for (int64_t dim : *dims) {
    std::optional<int> known = dimension(importer, dim, *x);
    if (!known)
      return failure();
    if (llvm::is_contained(from, *known))
      return importer.fail("it names a dimension twice");
    from.push_back(*known);
  }
  return permuted(importer, *x, from);
}

static LogicalResult transpose(Importer &importer, const Arguments &arguments) {
  const Held *x = importer.real(arguments.tensor("self"));
  if (!x)
    return failure();
  std::optional<int> a = dimension(importer, arguments.integer("dim0"), *x);
  std::optional<int> b = dimension(importer, arguments.integer("dim1"), *x);
  if (!a || !b)
    return failure();
  SmallVector<int> dims;
  for (int dim = 0; dim < int(x->shape.size()); ++dim)
    dims.push_back(dim == *a ? *b : dim == *b ? *a : dim);
  return permuted(importer, *x, dims);
}

static LogicalResult t(Importer &importer, const Arguments &arguments) {
  const Held *x = importer.real(arguments.tensor("self"));
  if (!x)
    return failure();
  return x->shape.size() == 2 ? permuted(importer, *x, {1, 0})
                              : importer.fail("its tensor is no matrix");
}

/// Part of one dimension.
static std::optional<Held> sliced(Importer &importer, const Held &x, int dim, int64_t begin,
                                  int64_t length) {
  if (begin < 0 || length < 1 || begin > x.shape[dim] - length)
    return (void)importer.fail("it takes " + Twine(length) + " of " + Twine(x.shape[dim]) +
                               " from " + Twine(begin) + " on"),
           std::nullopt;
  if (length == x.shape[dim])
    return x;
  Held part = x; // a size above 1 is in the value
  part.shape[dim] = length;
  SmallVector<int64_t> shape(graph::shapeOf(x.value));
  shape[x.order[dim]] = length;
  part.value = importer.make<graph::SliceOp>("", shape, x.value,
                                             {importer.attribute("dim", int64_t(x.order[dim])),
                                              importer.attribute("begin", begin),
                                              importer.attribute("length", length)});
  if (!part.value)
    return std::nullopt;
  return part;
}

static LogicalResult slice(Importer &importer, const Arguments &arguments) {
  if (areTokens(importer, arguments.tensor("self")))
    return sliceTokens(importer, arguments);
  const Held *x = importer.real(arguments.tensor("self"));
  std::optional<int> dim = x ? dimension(importer, arguments.integer("dim"), *x) : std::nullopt;
  if (!dim)
    return failure();
  if (arguments.integer("step") != 1)
    return importer.fail("it leaves out every other element");
  int64_t size = x->shape[*dim];
  auto clamped = [&](int64_t place) {
    return std::clamp<int64_t>(place < 0 ? place + size : place, 0, size);
  };
  int64_t begin = clamped(arguments.integer("start").value_or(0));
  int64_t end = clamped(arguments.integer("end").value_or(size));
  std::optional<Held> part = sliced(importer, *x, *dim, begin, end - begin);
  return part ? importer.result(*part) : failure();
}

static LogicalResult pad(Importer &importer, const Arguments &arguments) {
  if (areTokens(importer, arguments.tensor("self")))
    return padTokens(importer, arguments);
  return importer.fail("it pads what is no token");
}

/// Without the dimension that is left at size 1.
static LogicalResult taken(Importer &importer, const Held &x, int dim, int64_t at,
                           size_t index) {
  std::optional<Held> part = sliced(importer, x, dim, at, 1);
  std::optional<Held> result =
      part ? importer.reshaped(*part, importer.resultShape(index)) : std::nullopt;
  return result ? importer.result(*result, index) : failure();
}

static LogicalResult select(Importer &importer, const Arguments &arguments) {
  const Held *x = importer.real(arguments.tensor("self"));
  std::optional<int> dim = x ? dimension(importer, arguments.integer("dim"), *x) : std::nullopt;
  std::optional<int64_t> index = arguments.integer("index");
  if (!dim || !index)
    return failure();
  return taken(importer, *x, *dim, *index < 0 ? *index + x->shape[*dim] : *index, 0);
}

static LogicalResult unbind(Importer &importer, const Arguments &arguments) {
  const Held *x = importer.real(arguments.tensor("self"));
  std::optional<int> dim = x ? dimension(importer, arguments.integer("dim"), *x) : std::nullopt;
  if (!dim)
    return failure();
  Held all = *x;
  for (int64_t at = 0; at < all.shape[*dim]; ++at)
    if (failed(taken(importer, all, *dim, at, at)))
      return failure();
  return success();
}

/// Into pieces whose sizes the export says.
static LogicalResult split(Importer &importer, const Arguments &arguments) {
  const Held *x = importer.real(arguments.tensor("self"));
  std::optional<int> dim = x ? dimension(importer, arguments.integer("dim"), *x) : std::nullopt;
  if (!dim)
    return failure();
  Held all = *x;
  int64_t begin = 0;
  for (size_t index = 0; begin < all.shape[*dim]; ++index) {
    if (importer.resultCount() <= index ||
        importer.resultShape(index).size() != all.shape.size())
      return importer.fail("its pieces are not the tensor");
    int64_t length = importer.resultShape(index)[*dim];
    std::optional<Held> part = sliced(importer, all, *dim, begin, length);
    if (!part || failed(importer.result(*part, index)))
      return failure();
    begin += length;
  }
  return success();
}

static LogicalResult concat(Importer &importer, const Arguments &arguments) {
  SmallVector<Held> parts;
  for (const std::string &name : arguments.tensors("tensors")) {
    const Held *x = importer.real(name);
    if (!x)
      return failure();
    parts.push_back(importer.whole(*x));
    if (!parts.back().value || parts.back().shape.size() != parts.front().shape.size())
      return importer.fail("its tensors do not fit each other");
  }
  if (parts.empty())
    return importer.fail("it has no tensors");
  std::optional<int> dim = dimension(importer, arguments.integer("dim"), parts.front());
  if (!dim)
    return failure();
  Held result = parts.front();
  SmallVector<Value> values;
  result.shape[*dim] = 0;
  for (const Held &part : parts) {
    values.push_back(importer.arrangedAs(part, parts.front()));
    result.shape[*dim] += part.shape[*dim];
    if (!values.back())
      return failure();
  }
  SmallVector<int64_t> shape(graph::shapeOf(values.front()));
  shape[result.order[*dim]] = result.shape[*dim];
  return importer.result(Importer::likewise(
      importer.make<graph::ConcatOp>("", shape, values,
                                     importer.attribute("dim", int64_t(result.order[*dim]))),
      result));
}

static LogicalResult expand(Importer &importer, const Arguments &arguments) {
  const Held *x = importer.real(arguments.tensor("self"));
  return x ? importer.result(repeated(importer, *x, importer.resultShape())) : failure();
}

static constexpr OperationForm shapeForms[] = {
    {"aten.view.default", "self size", reshape, true},
    {"aten.reshape.default", "self shape", reshape, true},
    {"aten._unsafe_view.default", "self size", reshape, true},
    {"aten.flatten.using_ints", "self start_dim=0 end_dim=-1", reshape, true},
    {"aten.unflatten.int", "self dim sizes", reshape, true},
    {"aten.squeeze.default", "self", reshape, true},
    {"aten.squeeze.dim", "self dim", reshape, true},
    {"aten.squeeze.dims", "self dim", reshape, true},
    {"aten.unsqueeze.default", "self dim", reshape, true},
    {"aten.contiguous.default", "self memory_format=null", same, true},
    {"aten.alias.default", "self", same, true},
    {"aten.clone.default", "self memory_format=null", same},
    {"aten.to.dtype", "self dtype non_blocking=false copy=false memory_format=null", same,
     true},
    {"aten.to.dtype_layout",
     "self dtype=null layout=null device=null pin_memory=null non_blocking=false copy=false "
     "memory_format=null",
     same, true},
    {"aten.permute.default", "self dims", permute, true},
    {"aten.transpose.int", "self dim0 dim1", transpose, true},
    {"aten.t.default", "self", t, true},
    {"aten.expand.default", "self size implicit=false", expand, true},
    {"aten.expand_as.default", "self other", expand, true},
    {"aten.slice.Tensor", "self dim=0 start=null end=null step=1", slice, true},
    {"aten.select.int", "self dim index", select, true},
    {"aten.unbind.int", "self dim=0", unbind, true},
    {"aten.split.Tensor", "self split_size dim=0", split, true},
    {"aten.split_with_sizes.default", "self split_sizes dim=0", split, true},
    {"aten.split.sizes", "self split_size dim=0", split, true},
    {"aten.chunk.default", "self chunks dim=0", split, true},
    {"aten.pad.default", "self pad mode=\"constant\" value=null", pad},
    {"aten.constant_pad_nd.default", "self pad value=0", pad},
    {"aten.cat.default", "tensors dim=0", concat},
};

ArrayRef<OperationForm> shapeOperations() { return shapeForms; }

} // namespace autopar::pt2
