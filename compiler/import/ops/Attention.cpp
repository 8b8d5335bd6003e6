// Attention, in one operation and written out: softmax, and the masks that hide the future.
#include "compiler/import/Operations.h"

#include <cmath>

using namespace mlir;

namespace autopar::pt2 {

/// What q, k and v [B, T, H, D] are thirds of, side by side: a value of as many elements; null
/// where they are no such thing.
static Value commonOrigin(ArrayRef<Value> parts) {
  Value whole;
  for (auto [index, given] : llvm::enumerate(parts)) {
    Value part = given;
    if (auto shaped = part.getDefiningOp<graph::ReshapeOp>())
      part = shaped.getInput();
    auto slice = part.getDefiningOp<graph::SliceOp>();
    if (!slice || (whole && slice.getInput() != whole))
      return Value();
    whole = slice.getInput();
    ArrayRef<int64_t> shape = graph::shapeOf(whole);
    int64_t length = slice.getLength();
    if (slice.getDim() != 2 || slice.getBegin() != int64_t(index) * length ||
        shape[2] != int64_t(parts.size()) * length ||
        shape.take_front(2) != graph::shapeOf(parts[index]).take_front(2))
      return Value();
  }
  return whole;
}

/// [B, T, 3, H, D].
static Value packed(Importer &importer, ArrayRef<Value> parts) {
  ArrayRef<int64_t> part = graph::shapeOf(parts[0]);
  SmallVector<int64_t> shape = {part[0], part[1], 3, part[2], part[3]};
  if (Value whole = commonOrigin(parts))
    return importer.reshaped(whole, shape);
  SmallVector<int64_t> one = shape;
  one[2] = 1;
  SmallVector<Value> reshaped;
  for (Value value : parts)
    reshaped.push_back(importer.reshaped(value, one));
  return importer.make<graph::ConcatOp>(".qkv", shape, reshaped,
                                        importer.attribute("dim", int64_t(2)));
}

/// Each of the Hk heads of [B, S, Hk, D] as often as `heads` queries read it.
static Value repeatedHeads(Importer &importer, Value value, int64_t heads) {
  SmallVector<int64_t> shape(graph::shapeOf(value)), grouped = shape;
  if (shape[2] == heads)
    return value;
  grouped.insert(grouped.begin() + 3, 1);
  Value each = importer.reshaped(value, grouped);
  grouped[3] = heads / shape[2];
  shape[2] = heads;
  return importer.reshaped(
      importer.make<graph::ExpandOp>(".repeated", grouped, each), shape);
}

namespace {
/// What is added to scores [B, H, T, S] before their softmax.
struct Mask {
  bool isCausal = false;
  Value value; ///< null where nothing is
};

struct Settings {
  double scale, dropout;
  Mask mask;
};
} // namespace

/// Of booleans, where it is false nothing is seen.
static Constant asBias(const Constant &mask, bool isBoolean) {
  Constant bias = mask;
  if (isBoolean)
    for (double &number : bias.numbers)
      number = number != 0 ? 0 : -INFINITY;
  return bias;
}

/// A mask under the shape of the scores; of constants only as much of it as differs.
static std::optional<Mask> maskOf(Importer &importer, const Arguments &arguments,
                                  ArrayRef<int64_t> scores) {
  Mask mask{arguments.flag("is_causal"), Value()};
  StringRef name = arguments.tensor("attn_mask");
  if (name.empty())
    return mask;
  auto constant = importer.least(name);
  SmallVector<int64_t> shape(constant ? ArrayRef<int64_t>(constant->shape)
                                      : importer.shapeOf(name));
  if (shape.size() > scores.size())
    return (void)importer.fail("its mask has more dimensions than its scores"), std::nullopt;
  shape.insert(shape.begin(), scores.size() - shape.size(), 1);
  Value value;
  if (constant) {
    Constant bias = asBias(*constant, importer.typeOf(name) == ScalarType::Bool);
    if (llvm::all_of(bias.numbers, [](double number) { return number == 0; }))
      return mask;
    if (isCausalBias(bias)) {
      mask.isCausal = true;
      return mask;
    }
    bias.shape.assign(shape.begin(), shape.end());
    bias = withoutRepetition(bias);
    shape.assign(bias.shape.begin(), bias.shape.end());
    value = importer.given(bias);
  } else {
    const Held *held = importer.real(name);
    value = held ? importer.reshaped(importer.plain(*held), shape) : Value();
  }
  if (!value)
    return std::nullopt;
  if (shape != ArrayRef<int64_t>(scores))
    value = importer.make<graph::ExpandOp>(".mask", scores, value);
  mask.value = value;
  return value ? std::optional<Mask>(mask) : std::nullopt;
}

/// In one operation, which a target may have a kernel for: q, k and v of one shape.
static Value fused(Importer &importer, ArrayRef<Value> parts, const Settings &settings) {
  SmallVector<int64_t> shape(graph::shapeOf(parts[0]));
  SmallVector<NamedAttribute> attributes;
  if (settings.mask.isCausal)
    attributes.push_back(importer.attribute("causal", importer.builder().getUnitAttr()));
  if (settings.scale != 1 / std::sqrt(double(shape[3])))
    attributes.push_back(importer.attribute("scale", settings.scale));
  if (settings.dropout != 0)
    attributes.push_back(importer.attribute("dropout", settings.dropout));
  Type sums =
      RankedTensorType::get({shape[0], shape[2], shape[1]}, importer.builder().getF32Type());
  return importer.make<graph::AttentionOp>("", shape, packed(importer, parts), attributes, sums);
}

/// As two products around a softmax.
static Value writtenOut(Importer &importer, ArrayRef<Value> parts, const Settings &settings) {
  Value q = parts[0], k = parts[1], v = parts[2];
  SmallVector<int64_t> ofQuery(graph::shapeOf(q)), ofValue(graph::shapeOf(v));
  SmallVector<int64_t> scores = {ofQuery[0], ofQuery[2], ofQuery[1], ofValue[1]};
  q = importer.make<graph::ScaleOp>(".query", ofQuery, q,
                                    importer.attribute("factor", settings.scale));
  Value x = importer.make<graph::EinsumOp>(
      ".scores", scores, {q, k}, importer.attribute("equation", "bthd,bshd->bhts"));
  if (settings.mask.value)
    x = importer.make<graph::AddOp>(".masked", scores, {x, settings.mask.value});
  SmallVector<NamedAttribute> attributes;
  if (settings.mask.isCausal)
    attributes.push_back(importer.attribute("causal", importer.builder().getUnitAttr()));
  x = importer.make<graph::SoftmaxOp>(".probabilities", scores, x, attributes);
  if (settings.dropout != 0)
    x = importer.make<graph::DropoutOp>(".dropout", scores, x,
                                        importer.attribute("rate", settings.dropout));
  return importer.make<graph::EinsumOp>("", {ofQuery[0], ofQuery[1], ofQuery[2], ofValue[3]},
                                        {x, v},
                                        importer.attribute("equation", "bhts,bshd->bthd"));
}

/// Of [B, H, T, D], or of [.., T, D], which is one head of each.
static LogicalResult attention(Importer &importer, const Arguments &arguments) {
  ArrayRef<int64_t> shape = importer.resultShape();
  if (shape.size() < 3)
    return importer.fail("its queries are of " + Twine(shape.size()) + " dimensions");
  SmallVector<Value> parts; // [B, T, H, D]
  for (StringRef name : {"query", "key", "value"}) {
    const Held *read = importer.real(arguments.tensor(name));
    if (!read)
      return failure();
    Held x = *read;
    if (x.shape.size() != shape.size())
      return importer.fail("its operands are of different dimensions");
    if (shape.size() != 4) {
      ArrayRef<int64_t> sizes = x.shape;
      std::optional<Held> one = importer.reshaped(
          x, {elementsOf(sizes.drop_back(2)), 1, sizes[sizes.size() - 2], sizes.back()});
      if (!one)
        return failure();
      x = *one;
    }
    parts.push_back(importer.arranged(x, {0, 2, 1, 3}));
    if (!parts.back())
      return failure();
  }
  SmallVector<int64_t> ofQuery(graph::shapeOf(parts[0])), ofKey(graph::shapeOf(parts[1]));
  const int64_t heads = ofQuery[2];
  if (ofKey[2] < 1 || heads % ofKey[2] != 0)
    return importer.fail(Twine(heads) + " queries share " + Twine(ofKey[2]) + " keys");
  for (Value &part : MutableArrayRef<Value>(parts).drop_front()) {
    part = repeatedHeads(importer, part, heads);
    if (!part)
      return failure();
  }
  std::optional<Mask> mask =
      maskOf(importer, arguments, {ofQuery[0], heads, ofQuery[1], ofKey[1]});
  if (!mask)
    return failure();
  if (mask->isCausal && ofQuery[1] != ofKey[1])
    return importer.fail("its causal mask is not square");
  double scale = arguments.number("scale").value_or(1 / std::sqrt(double(ofQuery[3])));
  const Settings settings{scale, arguments.number("dropout_p").value_or(0), *mask};
  bool isOne = llvm::all_of(
      parts, [&](Value part) { return graph::shapeOf(part) == ArrayRef<int64_t>(ofQuery); });
  Value output = isOne && !mask->value ? fused(importer, parts, settings)
                                       : writtenOut(importer, parts, settings);
  Held result = Importer::plainly(output);
  if (!result.value)
    return failure();
  result.order = {0, 2, 1, 3};
  std::swap(result.shape[1], result.shape[2]);
  std::optional<Held> shaped = importer.reshaped(result, shape);
  return shaped ? importer.result(*shaped) : failure();
}

static LogicalResult softmax(Importer &importer, const Arguments &arguments) {
  const Held *x = importer.unfinished(arguments.tensor("self"));
  if (!x)
    return failure();
  std::optional<int> dim = importer.dimension(arguments.integer("dim"), *x);
  if (!dim)
    return failure();
  const int rank = int(x->shape.size());
  SmallVector<NamedAttribute> attributes;
  if (x->pending == Held::Pending::CausalMask) {
    if (*dim != rank - 1)
      return importer.fail("its masked scores are not in the last dimension");
    attributes.push_back(importer.attribute("causal", importer.builder().getUnitAttr()));
  } else if (!importer.real(arguments.tensor("self"))) {
    return failure();
  }
  // The dimension is the last one; the others keep their order.
  SmallVector<int> dims;
  for (int other = 0; other < rank; ++other)
    if (other != *dim)
      dims.push_back(other);
  dims.push_back(*dim);
  Value input = importer.arranged(*x, dims);
  if (!input)
    return failure();
  Held result = Importer::likewise(
      importer.make<graph::SoftmaxOp>("", graph::shapeOf(input), input, attributes), *x);
  result.order.assign(rank, absent);
  for (auto [place, of] : llvm::enumerate(dims))
    result.order[of] = int(place);
  return importer.result(result);
}

static constexpr OperationForm attentionForms[] = {
    {"aten.scaled_dot_product_attention.default",
     "query key value attn_mask=null dropout_p=0.0 is_causal=false scale=null enable_gqa=false",
     attention},
    {"aten.softmax.int", "self dim dtype=null", softmax},
};

ArrayRef<OperationForm> attentionOperations() { return attentionForms; }

} // namespace autopar::pt2
