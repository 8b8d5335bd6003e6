// See Chain.h.
#include "dialects/rt/Chain.h"

#include "dialects/rt/Verify.h"

#include "mlir/IR/TypeUtilities.h"

using namespace mlir;

namespace autopar::rt {

bool isChainElement(Type type) {
  Type element = getElementTypeOrSelf(type);
  return element.isF32() || element.isBF16() || element.isF16();
}

int64_t elementsOf(DictionaryAttr config) {
  if (auto shape = config.getAs<DenseI64ArrayAttr>("shape"))
    return llvm::product_of(shape.asArrayRef());
  int64_t product = 1;
  for (StringRef field : {"count", "rows", "channels"})
    if (auto size = config.getAs<IntegerAttr>(field))
      product *= size.getInt();
  return product;
}

SmallVector<StepAttr> CallOp::getSteps() {
  return llvm::map_to_vector(getConfig().getAs<ArrayAttr>("steps"), llvm::CastTo<StepAttr>);
}

static const Callee &calleeOf(CallOp chain, StepAttr step) {
  return *targetOf(chain)->findCallee(step.getCallee());
}

SmallVector<unsigned> elementInputs(CallOp chain) {
  const size_t inputs = chain.getInputs().size();
  SmallVector<bool> isElement(inputs);
  for (StepAttr step : chain.getSteps())
    for (int64_t read : step.getReads().take_front(*calleeOf(chain, step).elements))
      if (read < static_cast<int64_t>(inputs))
        isElement[read] = true;
  return llvm::filter_to_vector(llvm::seq<unsigned>(inputs),
                                [&](unsigned input) { return isElement[input]; });
}

//===- verification -----------------------------------------------------------------------===//

namespace {

class Verifier {
public:
  explicit Verifier(CallOp chain)
      : chain(chain), steps(chain.getSteps()), inputs(chain.getInputs().size()),
        count(chain.getConfig().getAs<IntegerAttr>("count").getInt()),
        reads(inputs + steps.size()) {}

  LogicalResult verify() {
    if (steps.size() < 2)
      return chain.emitOpError("has ") << steps.size() << " steps; a chain has two or more";
    for (unsigned index : llvm::seq(steps.size()))
      if (failed(verifyStep(index)))
        return failure();
    for (unsigned number : llvm::seq(reads.size() - 1))
      if (reads[number].empty())
        return chain.emitOpError("has ") << describe(number) << ", which no step reads";
    for (unsigned input : llvm::seq(inputs))
      if (failed(verifyInput(input)))
        return failure();
    return verifyElements("makes", chain.getOutputs()[0].getType());
  }

private:
  /// How a value is read.
  struct Reads {
    bool elements = false, whole = false;
    bool empty() const { return !elements && !whole; }
  };

  std::string describe(unsigned number) {
    if (number < inputs)
      return "input " + std::to_string(number);
    const unsigned index = number - inputs;
    return "step " + std::to_string(index) + ", " + steps[index].getCallee().str();
  }

  LogicalResult verifyStep(unsigned index) {
    StepAttr step = steps[index];
    const Target &target = *targetOf(chain);
    const Callee *callee = target.findCallee(step.getCallee());
    const std::string name = describe(inputs + index);
    if (!callee || !callee->elements)
      return chain.emitOpError("has ") << name << ", which is no call of target " << target.name
                                       << " that works element by element";
    if (failed(verifyConfig(chain, *callee, step.getConfig())) ||
        failed(verifyOperands(chain, *callee, "inputs", step.getReads().size(),
                              inputsOf(*callee, step.getConfig(), /*outputs=*/1))))
      return failure();
    if (int64_t elements = elementsOf(step.getConfig()); elements != count)
      return chain.emitOpError("is of ")
             << count << " elements, and " << name << ", of " << elements;
    for (auto [place, read] : llvm::enumerate(step.getReads())) {
      const bool isElement = place < *callee->elements;
      const int64_t behind = isElement ? inputs + index : inputs;
      if (read < 0 || read >= behind)
        return chain.emitOpError("has ")
               << name << ", which reads " << read << " as its '"
               << callee->inputs[place].name << "'; that is one of 0 to " << behind - 1;
      (isElement ? reads[read].elements : reads[read].whole) = true;
    }
    return success();
  }

  LogicalResult verifyInput(unsigned input) {
    if (!reads[input].elements)
      return success();
    if (reads[input].whole)
      return chain.emitOpError("reads input ") << input << " element by element and as a whole";
    return verifyElements("reads", chain.getInputs()[input].getType());
  }

  LogicalResult verifyElements(StringRef does, Type type) {
    if (!isChainElement(type))
      return chain.emitOpError() << does << " " << type
                                 << " element by element; it can f32, bf16 and f16";
    if (int64_t elements = cast<ShapedType>(type).getNumElements(); elements != count)
      return chain.emitOpError("is of ")
             << count << " elements, and " << does << " " << type << ", of " << elements;
    return success();
  }

  CallOp chain;
  SmallVector<StepAttr> steps;
  unsigned inputs;
  int64_t count;
  SmallVector<Reads> reads; ///< of each input, and of what each step makes
};

} // namespace

LogicalResult verifyChain(CallOp call) { return Verifier(call).verify(); }

} // namespace autopar::rt
