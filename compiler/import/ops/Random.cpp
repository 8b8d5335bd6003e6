// What draws random numbers: dropout, and what stochastic depth is written with.
#include "compiler/import/Operations.h"

using namespace mlir;

namespace autopar::pt2 {

template <bool inPlace>
static LogicalResult dropout(Importer &importer, const Arguments &arguments) {
  const Held *x = importer.real(arguments.tensor(inPlace ? "self" : "input"));
  std::optional<double> rate = arguments.number("p");
  if (!x || !rate)
    return failure();
  if (!arguments.flag("train") || *rate == 0)
    return importer.result(*x);
  return importer.result(
      importer.apply<graph::DropoutOp>(*x, importer.attribute("rate", *rate)));
}

/// Ones by that probability, else zeros: dropout of ones, and what that scales by taken back.
static LogicalResult bernoulli(Importer &importer, const Arguments &arguments) {
  std::optional<double> rate = arguments.number("p");
  if (!rate || !(*rate > 0 && *rate <= 1))
    return importer.fail("its probability is no number above 0 and up to 1");
  Held ones = Importer::plainly(importer.make<graph::FillOp>(
      ".ones", importer.resultShape(), ValueRange(), importer.attribute("value", 1.0)));
  if (!ones.value || *rate == 1)
    return importer.result(ones);
  Held survivors = importer.apply<graph::DropoutOp>(
      ones, importer.attribute("rate", 1 - *rate), ".survivors");
  return importer.result(
      importer.apply<graph::ScaleOp>(survivors, importer.attribute("factor", *rate)));
}

/// What is yet to be written, as zeros.
static LogicalResult empty(Importer &importer, const Arguments &) {
  Held held;
  held.shape = importer.resultShape().vec();
  int64_t elements = ShapedType::getNumElements(held.shape);
  if (elements > mostFolded)
    return importer.fail("it is of " + Twine(elements) + " elements");
  held.constant = std::make_shared<const Constant>(
      Constant{held.shape, std::vector<double>(elements)});
  return importer.result(held);
}

#define MADE "dtype=null layout=null device=null pin_memory=null"
static constexpr OperationForm randomForms[] = {
    {"aten.dropout.default", "input p train", dropout<false>},
    {"aten.dropout_.default", "self p train", dropout<true>},
    {"aten.bernoulli_.float", "self p=0.5 generator=null", bernoulli},
    {"aten.bernoulli.p", "self p generator=null", bernoulli},
    {"aten.empty.memory_format", "size memory_format=null " MADE, empty},
    {"aten.new_empty.default", "self size " MADE, empty},
    {"aten.empty_like.default", "self memory_format=null " MADE, empty},
};
#undef MADE

ArrayRef<OperationForm> randomOperations() { return randomForms; }

} // namespace autopar::pt2
