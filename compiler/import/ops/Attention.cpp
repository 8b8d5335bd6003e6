// Attention, in one operation and written out: softmax, and the masks that hide the future.
#include "compiler/import/Operations.h"

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

static LogicalResult attention(Importer &importer, const Arguments &arguments) {
  bool isCausal = arguments.flag("is_causal");
  if (arguments.flag("enable_gqa"))
    return importer.fail("several queries share a key");
  if (arguments.has("attn_mask")) {
    auto mask = importer.constant(arguments.tensor("attn_mask"));
    if (!mask || !(pt2::isCausal(*mask, 1, 0) || isCausalBias(*mask)))
      return importer.fail("its mask is not the causal one");
    isCausal = true;
  }
  SmallVector<Value> parts;
  for (StringRef name : {"query", "key", "value"}) {
    const Held *x = importer.real(arguments.tensor(name));
    if (!x)
      return failure();
    if (x->shape.size() != 4 || ArrayRef<int64_t>(x->shape) != importer.resultShape())
      return importer.fail("query, key and value are not of one shape [B, H, T, D]");
    parts.push_back(importer.arranged(*x, {0, 2, 1, 3}));
    if (!parts.back())
      return failure();
  }
  ArrayRef<int64_t> part = graph::shapeOf(parts[0]);
  SmallVector<int64_t> shape(part);
  SmallVector<NamedAttribute> attributes;
  if (isCausal)
    attributes.push_back(importer.attribute("causal", importer.builder().getUnitAttr()));
  if (std::optional<double> scale = arguments.number("scale"))
    attributes.push_back(importer.attribute("scale", *scale));
  if (double rate = arguments.number("dropout_p").value_or(0); rate != 0)
    attributes.push_back(importer.attribute("dropout", rate));
  Type sums =
      RankedTensorType::get({shape[0], shape[2], shape[1]}, importer.builder().getF32Type());
  Value qkv = packed(importer, parts);
  Held result =
      Importer::plainly(importer.make<graph::AttentionOp>("", shape, qkv, attributes, sums));
  result.order = {0, 2, 1, 3};
  result.shape = importer.resultShape().vec();
  return importer.result(result);
}

static LogicalResult softmax(Importer &importer, const Arguments &arguments) {
  const Held *x = importer.unfinished(arguments.tensor("self"));
  if (!x)
    return failure();
  int64_t rank = int64_t(x->shape.size());
  std::optional<int64_t> dim = arguments.integer("dim");
  if (!dim || (*dim != -1 && *dim != rank - 1))
    return importer.fail("it is not over the last dimension");
  SmallVector<NamedAttribute> attributes;
  if (x->pending == Held::Pending::CausalMask)
    attributes.push_back(importer.attribute("causal", importer.builder().getUnitAttr()));
  else if (!importer.real(arguments.tensor("self")))
    return failure();
  Value input = importer.plain(*x);
  return importer.result(
      Importer::plainly(importer.make<graph::SoftmaxOp>("", x->shape, input, attributes)));
}

static LogicalResult maskedFill(Importer &importer, const Arguments &arguments) {
  const Held *scores = importer.real(arguments.tensor("self"));
  if (!scores)
    return failure();
  auto mask = importer.constant(arguments.tensor("mask"));
  std::optional<double> value = arguments.number("value");
  if (!mask || !value || !hides(*value) || !pt2::isCausal(*mask, 0, 1) ||
      scores->shape.size() < 2 ||
      ArrayRef<int64_t>(scores->shape).take_back(2) !=
          ArrayRef<int64_t>(mask->shape).take_back(2))
    return importer.fail("it fills by a mask that is not the causal one");
  Held masked = *scores;
  masked.pending = Held::Pending::CausalMask;
  return importer.result(masked);
}

static constexpr OperationForm attentionForms[] = {
    {"aten.scaled_dot_product_attention.default",
     "query key value attn_mask=null dropout_p=0.0 is_causal=false scale=null enable_gqa=false",
     attention},
    {"aten.softmax.int", "self dim dtype=null", softmax},
    {"aten.masked_fill.Scalar", "self mask value", maskedFill},
};

ArrayRef<OperationForm> attentionOperations() { return attentionForms; }

} // namespace autopar::pt2
