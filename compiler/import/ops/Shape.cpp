// The same numbers in another arrangement. What only moves dimensions, or sizes of 1, is an
// order and makes nothing.
#include "compiler/import/Broadcast.h"
#include "compiler/import/ops/Tokens.h"

#include <numeric>

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

/// A tensor of its own, which may be written to.
static LogicalResult clone(Importer &importer, const Arguments &arguments) {
  if (areTokens(importer, arguments.tensor("self")))
    return same(importer, arguments);
  const Held *read = importer.real(arguments.tensor("self"));
  if (!read)
    return failure();
  Held copy = *read;
  copy.variable = nullptr;
  return importer.result(std::move(copy));
}

static LogicalResult permute(Importer &importer, const Arguments &arguments) {
  const Held *x = importer.real(arguments.tensor("self"));
  auto dims = x ? arguments.integers("dims") : std::nullopt;
  if (!dims || dims->size() != x->shape.size())
    return importer.fail("it moves other dimensions than its tensor has");
  SmallVector<int> from;
  for (int64_t dim : *dims) {
    std::optional<int> known = importer.dimension(dim, *x);
    if (!known)
      return failure();
    if (llvm::is_contained(from, *known))
      return importer.fail("it names a dimension twice");
    from.push_back(*known);
  }
  return importer.result(Importer::permuted(*x, from));
}

static LogicalResult transpose(Importer &importer, const Arguments &arguments) {
  const Held *x = importer.real(arguments.tensor("self"));
  if (!x)
    return failure();
  bool isNamedAxis = arguments.has("axis0");
  std::optional<int> a =
      importer.dimension(arguments.integer(isNamedAxis ? "axis0" : "dim0"), *x);
  std::optional<int> b =
      importer.dimension(arguments.integer(isNamedAxis ? "axis1" : "dim1"), *x);
  if (!a || !b)
    return failure();
  SmallVector<int> dims;
  for (int dim = 0; dim < int(x->shape.size()); ++dim)
    dims.push_back(dim == *a ? *b : dim == *b ? *a : dim);
  return importer.result(Importer::permuted(*x, dims));
}

static LogicalResult swapLast(Importer &importer, const Arguments &arguments) {
  const Held *x = importer.real(arguments.tensor("self"));
  if (!x)
    return failure();
  const int rank = int(x->shape.size());
  if (rank < 2)
    return importer.fail("its tensor is no matrix");
  SmallVector<int> dims(rank);
  std::iota(dims.begin(), dims.end(), 0);
  std::swap(dims[rank - 1], dims[rank - 2]);
  return importer.result(Importer::permuted(*x, dims));
}

/// One dimension to another place; the others keep their order.
static LogicalResult movedim(Importer &importer, const Arguments &arguments) {
  const Held *x = importer.real(arguments.tensor("self"));
  if (!x)
    return failure();
  std::optional<int> from = importer.dimension(arguments.integer("source"), *x);
  std::optional<int> to = importer.dimension(arguments.integer("destination"), *x);
  if (!from || !to)
    return failure();
  SmallVector<int> dims;
  for (int dim = 0; dim < int(x->shape.size()); ++dim)
    if (dim != *from)
      dims.push_back(dim);
  dims.insert(dims.begin() + *to, *from);
  return importer.result(Importer::permuted(*x, dims));
}

static LogicalResult t(Importer &importer, const Arguments &arguments) {
  const Held *x = importer.real(arguments.tensor("self"));
  if (!x)
    return failure();
  return x->shape.size() == 2 ? importer.result(Importer::permuted(*x, {1, 0}))
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

/// One behind the other along a dimension. They have the same order but for sizes of 1.
static std::optional<Held> concatenated(Importer &importer, ArrayRef<Held> parts, int dim) {
  if (parts.size() == 1)
    return parts.front();
  Held result = importer.whole(parts.front());
  SmallVector<Value> values;
  result.shape[dim] = 0;
  for (const Held &part : parts) {
    values.push_back(importer.arrangedAs(importer.whole(part), importer.whole(parts.front())));
    result.shape[dim] += part.shape[dim];
    if (!values.back())
      return std::nullopt;
  }
  SmallVector<int64_t> shape(graph::shapeOf(values.front()));
  shape[result.order[dim]] = result.shape[dim];
  Value value = importer.make<graph::ConcatOp>(
      "", shape, values, importer.attribute("dim", int64_t(result.order[dim])));
  if (!value)
    return std::nullopt;
  return Importer::likewise(value, result);
}

/// Every `step`th of a dimension's elements from `begin` on: runs of `step` elements become a
/// dimension of their own, of which one is taken. At the dimension's end the run may have to
/// reach back, and a last element may stand alone.
static std::optional<Held> strided(Importer &importer, const Held &x, int dim, int64_t begin,
                                   int64_t count, int64_t step) {
  if (count < 2)
    return sliced(importer, x, dim, begin, count);
  int64_t size = x.shape[dim], at = 0, runs = count, from = begin;
  if (begin + count * step > size) {
    if (begin >= step - 1) {
      at = step - 1;
      from = begin - at;
    } else {
      --runs;
    }
  }
  std::optional<Held> part = sliced(importer, x, dim, from, runs * step);
  if (!part)
    return std::nullopt;
  std::vector<int64_t> inRuns = part->shape, taken = part->shape;
  inRuns[dim] = runs;
  inRuns.insert(inRuns.begin() + dim + 1, step);
  taken[dim] = runs;
  part = importer.reshaped(*part, inRuns);
  part = part ? sliced(importer, *part, dim + 1, at, 1) : std::nullopt;
  part = part ? importer.reshaped(*part, taken) : std::nullopt;
  if (!part || runs == count)
    return part;
  std::optional<Held> last = sliced(importer, x, dim, begin + runs * step, 1);
  return last ? concatenated(importer, {*part, *last}, dim) : std::nullopt;
}

static LogicalResult slice(Importer &importer, const Arguments &arguments) {
  if (areTokens(importer, arguments.tensor("self")))
    return sliceTokens(importer, arguments);
  const Held *x = importer.real(arguments.tensor("self"));
  std::optional<int> dim = x ? importer.dimension(arguments.integer("dim"), *x) : std::nullopt;
  if (!dim)
    return failure();
  int64_t size = x->shape[*dim], step = arguments.integer("step").value_or(0);
  if (step < 1 || step > size)
    return importer.fail("it takes steps of " + Twine(step) + " in a dimension of " +
                         Twine(size));
  auto clamped = [&](int64_t place) {
    return std::clamp<int64_t>(place < 0 ? place + size : place, 0, size);
  };
  int64_t begin = clamped(arguments.integer("start").value_or(0));
  int64_t end = clamped(arguments.integer("end").value_or(size));
  if (begin >= end) // of no element: what concat leaves out
    return importer.result(importer.nothing());
  std::optional<Held> part =
      step == 1 ? sliced(importer, *x, *dim, begin, end - begin)
                : strided(importer, *x, *dim, begin, (end - begin + step - 1) / step, step);
  return part ? importer.result(*part) : failure();
}

static LogicalResult narrow(Importer &importer, const Arguments &arguments) {
  const Held *x = importer.real(arguments.tensor("self"));
  std::optional<int> dim =
      x ? importer.dimension(arguments.integer("dim"), *x) : std::nullopt;
  std::optional<int64_t> begin = arguments.integer("start"), length = arguments.integer("length");
  if (!dim || !begin || !length)
    return failure();
  std::optional<Held> part = sliced(importer, *x, *dim,
                                    *begin < 0 ? *begin + x->shape[*dim] : *begin, *length);
  return part ? importer.result(*part) : failure();
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
  std::optional<int> dim = x ? importer.dimension(arguments.integer("dim"), *x) : std::nullopt;
  std::optional<int64_t> index = arguments.integer("index");
  if (!dim || !index)
    return failure();
  return taken(importer, *x, *dim, *index < 0 ? *index + x->shape[*dim] : *index, 0);
}

static LogicalResult unbind(Importer &importer, const Arguments &arguments) {
  const Held *x = importer.real(arguments.tensor("self"));
  std::optional<int> dim = x ? importer.dimension(arguments.integer("dim"), *x) : std::nullopt;
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
  std::optional<int> dim = x ? importer.dimension(arguments.integer("dim"), *x) : std::nullopt;
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
    if (llvm::is_contained(importer.shapeOf(name), 0))
      continue;
    const Held *x = importer.real(name);
    if (!x)
      return failure();
    parts.push_back(*x);
    if (x->shape.size() != parts.front().shape.size())
      return importer.fail("its tensors do not fit each other");
  }
  if (parts.empty())
    return importer.fail("it has no tensors");
  std::optional<int> dim = importer.dimension(arguments.integer("dim"), parts.front());
  std::optional<Held> result = dim ? concatenated(importer, parts, *dim) : std::nullopt;
  return result ? importer.result(*result) : failure();
}

/// With so many elements more in front of a dimension's and behind them.
static std::optional<Held> padded(Importer &importer, const Held &x, int dim, int64_t front,
                                  int64_t behind, double value) {
  if (front == 0 && behind == 0)
    return x;
  Held result = importer.whole(x);
  if (!result.value)
    return std::nullopt;
  result.shape[dim] += front + behind;
  SmallVector<int64_t> shape(graph::shapeOf(result.value));
  shape[result.order[dim]] = result.shape[dim];
  SmallVector<NamedAttribute> attributes = {
      importer.attribute("dim", int64_t(result.order[dim])),
      importer.attribute("begin", front), importer.attribute("whole", result.shape[dim])};
  if (value != 0)
    attributes.push_back(importer.attribute("value", value));
  Value made = importer.make<graph::PadOp>("", shape, result.value, attributes);
  if (!made)
    return std::nullopt;
  return Importer::likewise(made, result);
}

/// Along a dimension of their own.
static LogicalResult stack(Importer &importer, const Arguments &arguments) {
  ArrayRef<int64_t> shape = importer.resultShape();
  std::optional<int64_t> dim = arguments.integer("dim");
  if (dim && *dim < 0)
    *dim += int64_t(shape.size());
  if (!dim || *dim < 0 || *dim >= int64_t(shape.size()))
    return importer.fail("it names a dimension that its result has not");
  std::vector<int64_t> one = shape.vec();
  one[*dim] = 1;
  SmallVector<Held> parts;
  for (const std::string &name : arguments.tensors("tensors")) {
    const Held *x = importer.real(name);
    std::optional<Held> part = x ? importer.reshaped(*x, one) : std::nullopt;
    if (!part)
      return failure();
    parts.push_back(*part);
  }
  if (parts.empty())
    return importer.fail("it has no tensors");
  std::optional<Held> result = concatenated(importer, parts, int(*dim));
  return result ? importer.result(*result) : failure();
}

/// Each dimension from somewhere in it on, and what was in front of that behind it.
static LogicalResult roll(Importer &importer, const Arguments &arguments) {
  const Held *read = importer.real(arguments.tensor("self"));
  auto shifts = arguments.integers("shifts"), dims = arguments.integers("dims");
  if (!read || !shifts || !dims)
    return failure();
  if (shifts->size() != dims->size())
    return importer.fail("it moves elements over several dimensions at a time");
  std::optional<Held> x = *read;
  for (auto [shift, dim] : llvm::zip_equal(*shifts, *dims)) {
    std::optional<int> known = importer.dimension(dim, *x);
    if (!known)
      return failure();
    const int64_t size = x->shape[*known], begin = ((-shift) % size + size) % size;
    if (begin == 0)
      continue;
    std::optional<Held> behind = sliced(importer, *x, *known, begin, size - begin);
    std::optional<Held> front = sliced(importer, *x, *known, 0, begin);
    x = behind && front ? concatenated(importer, {*behind, *front}, *known) : std::nullopt;
    if (!x)
      return failure();
  }
  return importer.result(*x);
}

/// In front of each dimension and behind it, the last dimension first: what is negative is taken
/// away.
static LogicalResult pad(Importer &importer, const Arguments &arguments) {
  if (areTokens(importer, arguments.tensor("self")))
    return padTokens(importer, arguments);
  const Held *read = importer.real(arguments.tensor("self"));
  auto pads = arguments.integers("pad");
  StringRef mode = arguments.text("mode");
  if (!read || !pads)
    return failure();
  bool isNothing = llvm::all_of(*pads, [](int64_t pad) { return pad == 0; });
  if (!isNothing && !mode.empty() && mode != "constant")
    return importer.fail("it pads by what it finds at the borders (" + mode + ")");
  if (pads->size() % 2 != 0 || pads->size() / 2 > read->shape.size())
    return importer.fail("it pads more dimensions than there are");
  const double value = arguments.number("value").value_or(0);
  std::optional<Held> x = *read;
  for (size_t i = 0; i < pads->size() / 2; ++i) {
    const int dim = int(x->shape.size() - 1 - i);
    const int64_t front = (*pads)[2 * i], behind = (*pads)[2 * i + 1];
    const int64_t begin = std::max<int64_t>(0, -front),
                  end = x->shape[dim] - std::max<int64_t>(0, -behind);
    x = sliced(importer, *x, dim, begin, end - begin);
    if (!x)
      return failure();
    x = padded(importer, *x, dim, std::max<int64_t>(0, front), std::max<int64_t>(0, behind),
               value);
    if (!x)
      return failure();
  }
  return importer.result(*x);
}

static LogicalResult expand(Importer &importer, const Arguments &arguments) {
  const Held *x = importer.real(arguments.tensor("self"));
  return x ? importer.result(repeated(importer, *x, importer.resultShape())) : failure();
}

static LogicalResult broadcastTensors(Importer &importer, const Arguments &arguments) {
  for (auto [index, name] : llvm::enumerate(arguments.tensors("tensors"))) {
    const Held *x = importer.real(name);
    if (!x ||
        failed(importer.result(repeated(importer, *x, importer.resultShape(index)), index)))
      return failure();
  }
  return success();
}

/// Each of a dimension's elements so many times, one behind the other.
static LogicalResult repeatInterleave(Importer &importer, const Arguments &arguments) {
  const Held *x = importer.real(arguments.tensor("self"));
  std::optional<int64_t> times = arguments.integer("repeats");
  std::optional<int> dim = x ? importer.dimension(arguments.integer("dim"), *x) : std::nullopt;
  if (!dim || !times || *times < 1)
    return importer.fail("it repeats no dimension");
  std::vector<int64_t> each = x->shape;
  each.insert(each.begin() + *dim + 1, 1);
  std::optional<Held> apart = importer.reshaped(*x, each);
  if (!apart)
    return failure();
  each[*dim + 1] = *times;
  Held all = repeated(importer, *apart, each);
  std::optional<Held> result =
      all.value ? importer.reshaped(all, importer.resultShape()) : std::nullopt;
  return result ? importer.result(*result) : failure();
}

/// The whole so many times in each dimension, side by side.
static LogicalResult repeat(Importer &importer, const Arguments &arguments) {
  const Held *x = importer.real(arguments.tensor("self"));
  auto times = arguments.integers(arguments.has("repeats") ? "repeats" : "dims");
  if (!x || !times)
    return failure();
  std::vector<int64_t> sizes = x->shape, apart, all;
  const size_t rank = std::max(times->size(), sizes.size());
  sizes.insert(sizes.begin(), rank - sizes.size(), 1);
  times->insert(times->begin(), rank - times->size(), 1);
  for (auto [size, time] : llvm::zip_equal(sizes, *times)) {
    if (time < 1)
      return importer.fail("it repeats a dimension " + Twine(time) + " times");
    if (time != 1 && size != 1) {
      apart.push_back(1);
      all.push_back(time);
    }
    apart.push_back(size);
    all.push_back(size == 1 ? time : size);
  }
  std::optional<Held> each = importer.reshaped(*x, apart);
  if (!each)
    return failure();
  Held side = repeated(importer, *each, all);
  std::optional<Held> result =
      side.value ? importer.reshaped(side, importer.resultShape()) : std::nullopt;
  return result ? importer.result(*result) : failure();
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
    {"aten.clone.default", "self memory_format=null", clone},
    {"aten.to.dtype", "self dtype non_blocking=false copy=false memory_format=null", same,
     true},
    {"aten.to.dtype_layout",
     "self dtype=null layout=null device=null pin_memory=null non_blocking=false copy=false "
     "memory_format=null",
     same, true},
    {"aten.permute.default", "self dims", permute, true},
    {"aten.transpose.int", "self dim0 dim1", transpose, true},
    {"aten.t.default", "self", t, true},
    {"aten.mT.default", "self", swapLast, true},
    {"aten.swapaxes.default", "self dim0=null dim1=null axis0=null axis1=null", transpose, true},
    {"aten.movedim.int", "self source destination", movedim, true},
    {"aten.narrow.default", "self dim start length", narrow, true},
    {"aten.type_as.default", "self other", same, true},
    {"aten.to.device",
     "self device dtype=null non_blocking=false copy=false memory_format=null", same, true},
    {"aten.expand.default", "self size implicit=false", expand, true},
    {"aten.broadcast_to.default", "self size", expand, true},
    {"aten.broadcast_tensors.default", "tensors", broadcastTensors},
    {"aten.repeat.default", "self repeats", repeat},
    {"aten.tile.default", "self dims", repeat},
    {"aten.repeat_interleave.self_int", "self repeats dim=null output_size=null",
     repeatInterleave},
    {"aten.view_as.default", "self other", reshape, true},
    {"aten.reshape_as.default", "self other", reshape, true},
    {"aten.numpy_T.default", "self", swapLast, true},
    {"aten.unsafe_chunk.default", "self chunks dim=0", split},
    {"aten.unsafe_split.Tensor", "self split_size dim=0", split},
    {"aten.tensor_split.sections", "self sections dim=0", split, true},
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
    {"aten.stack.default", "tensors dim=0", stack},
    {"aten.roll.default", "self shifts dims=[]", roll},
};

ArrayRef<OperationForm> shapeOperations() { return shapeForms; }

} // namespace autopar::pt2
