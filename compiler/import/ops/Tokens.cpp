// Tokens and labels that a module moves before it looks them up or compares with them, as language
// models shift their labels. They are integers, and have no gradient.
#include "compiler/import/ops/Tokens.h"

using namespace mlir;

namespace autopar::pt2 {

bool areTokens(Importer &importer, StringRef name) {
  const Held *held = importer.held(name);
  return held && held->value && !isa<FloatType>(graph::typeOf(held->value).getElementType());
}

/// With every dimension in the value.
static Value tokens(Importer &importer, const Arguments &arguments) {
  const Held *held = importer.integers(arguments.tensor("self"));
  return held ? importer.reshaped(held->value, held->shape) : Value();
}

static std::optional<int64_t> dimension(Importer &importer, std::optional<int64_t> dim,
                                        Value x) {
  int64_t rank = graph::typeOf(x).getRank();
  if (dim && *dim < 0)
    *dim += rank;
  if (!dim || *dim < 0 || *dim >= rank)
    return (void)importer.fail("it names a dimension that its tensor has not"), std::nullopt;
  return dim;
}

static Value sliced(Importer &importer, Value x, int64_t dim, int64_t begin, int64_t end) {
  SmallVector<int64_t> shape(graph::shapeOf(x));
  if (begin >= end)
    return (void)importer.fail("it takes nothing of its tensor"), Value();
  if (end - begin == shape[dim])
    return x;
  shape[dim] = end - begin;
  return importer.makeMoved<graph::SliceOp>("", shape, x,
                                            {importer.attribute("dim", dim),
                                             importer.attribute("begin", begin),
                                             importer.attribute("length", shape[dim])});
}

LogicalResult sliceTokens(Importer &importer, const Arguments &arguments) {
  Value x = tokens(importer, arguments);
  auto dim = x ? dimension(importer, arguments.integer("dim"), x) : std::nullopt;
  if (!dim)
    return failure();
  if (arguments.integer("step") != 1)
    return importer.fail("it leaves out every other token");
  int64_t size = graph::shapeOf(x)[*dim];
  auto clamped = [&](int64_t place) {
    return std::clamp<int64_t>(place < 0 ? place + size : place, 0, size);
  };
  return importer.result(Importer::plainly(
      sliced(importer, x, *dim, clamped(arguments.integer("start").value_or(0)),
             clamped(arguments.integer("end").value_or(size)))));
}

/// A number before and behind, the last dimension's first; negative lengths cut off.
LogicalResult padTokens(Importer &importer, const Arguments &arguments) {
  Value x = tokens(importer, arguments);
  auto pads = x ? arguments.integers("pad") : std::nullopt;
  if (!pads || pads->size() % 2 || int64_t(pads->size() / 2) > graph::typeOf(x).getRank())
    return importer.fail("it pads other dimensions than its tensor has");
  if (StringRef mode = arguments.text("mode"); !mode.empty() && mode != "constant")
    return importer.fail("it pads tokens by '" + mode + "', not by a number");
  for (size_t pair = 0; pair < pads->size() / 2; ++pair) {
    int64_t dim = graph::typeOf(x).getRank() - 1 - int64_t(pair);
    int64_t before = (*pads)[2 * pair], behind = (*pads)[2 * pair + 1];
    x = sliced(importer, x, dim, std::max<int64_t>(-before, 0),
               graph::shapeOf(x)[dim] + std::min<int64_t>(behind, 0));
    if (!x)
      return failure();
    before = std::max<int64_t>(before, 0);
    behind = std::max<int64_t>(behind, 0);
    if (before + behind == 0)
      continue;
    SmallVector<int64_t> shape(graph::shapeOf(x));
    shape[dim] += before + behind;
    x = importer.makeMoved<graph::PadOp>(
        "", shape, x,
        {importer.attribute("dim", dim), importer.attribute("begin", before),
         importer.attribute("whole", shape[dim]),
         importer.attribute("value", arguments.number("value").value_or(0))});
    if (!x)
      return failure();
  }
  return importer.result(Importer::plainly(x));
}

} // namespace autopar::pt2
