// See Heads.h.
#include "compiler/import/Heads.h"

#include "dialects/graph/Equation.h"
#include "dialects/graph/Graph.h"

using namespace mlir;

namespace autopar::pt2 {

using graph::shapeOf;

namespace {
/// x contracted with a weight [out, in] that nothing else reads.
struct Layer {
  graph::EinsumOp product;
  graph::Equation terms;
  graph::VariableOp weight;
};
} // namespace

static graph::VariableOp soleVariable(Value value) {
  auto variable = value.getDefiningOp<graph::VariableOp>();
  return variable && variable.getKind() != graph::VariableKind::Constant && value.hasOneUse() &&
                 !variable.getStored()
             ? variable
             : nullptr;
}

static std::optional<Layer> layerOf(graph::EinsumOp product) {
  if (!product)
    return std::nullopt;
  llvm::Expected<graph::Equation> terms = graph::Equation::parse(product.getEquation());
  if (!terms) {
    llvm::consumeError(terms.takeError());
    return std::nullopt;
  }
  graph::VariableOp weight = soleVariable(product.getRhs());
  bool isLinear = terms->rhs.size() == 2 && terms->rhs[0] == terms->result.back() &&
                  terms->rhs[1] == terms->lhs.back() &&
                  StringRef(terms->lhs).drop_back() == StringRef(terms->result).drop_back();
  if (!weight || !isLinear)
    return std::nullopt;
  return Layer{product, *terms, weight};
}

/// As many letters as `count` that an equation has not.
static std::string freshLetters(const graph::Equation &terms, size_t count) {
  std::string used = terms.lhs + terms.rhs + terms.result, letters;
  for (char letter : StringRef("hdqrstuvwxyz"))
    if (letters.size() < count && !llvm::is_contained(used, letter))
      letters += letter;
  return letters;
}

/// Under another shape, with the present one as the stored.
static void reshape(graph::VariableOp variable, ArrayRef<int64_t> shape) {
  SmallVector<int64_t> stored(shapeOf(variable.getResult()));
  variable.setStoredAttr(Builder(variable).getDenseI64ArrayAttr(stored));
  variable.getResult().setType(graph::typeOf(variable.getResult()).clone(shape));
}

static void setEquation(graph::EinsumOp product, const graph::Equation &terms) {
  product.setEquation(terms.str());
}

/// What the last dimension of `whole` comes apart into in `parts`; none where others change.
static ArrayRef<int64_t> lastOf(ArrayRef<int64_t> whole, ArrayRef<int64_t> parts) {
  size_t lead = whole.size() - 1;
  if (parts.size() <= whole.size() || whole.take_front(lead) != parts.take_front(lead))
    return {};
  return parts.drop_front(lead);
}

/// reshape(x w [+ b]), the last dimension into several.
static void splitResult(graph::ReshapeOp reshaped) {
  Value value = reshaped.getInput();
  auto sum = value.getDefiningOp<graph::BiasAddOp>();
  graph::VariableOp bias = sum ? soleVariable(sum.getBias()) : nullptr;
  if (!value.hasOneUse() || (sum && (!bias || !sum.getInput().hasOneUse())) ||
      (bias && shapeOf(bias.getResult()).size() != 1))
    return;
  std::optional<Layer> layer =
      layerOf((sum ? sum.getInput() : value).getDefiningOp<graph::EinsumOp>());
  ArrayRef<int64_t> shape = shapeOf(reshaped.getOutput());
  ArrayRef<int64_t> parts = lastOf(shapeOf(value), shape);
  if (!layer || parts.empty())
    return;
  std::string letters = freshLetters(layer->terms, parts.size());
  if (letters.size() != parts.size())
    return;
  SmallVector<int64_t> weight(parts);
  weight.push_back(shapeOf(layer->weight.getResult())[1]);
  layer->terms.result = StringRef(layer->terms.result).drop_back().str() + letters;
  layer->terms.rhs = letters + layer->terms.rhs[1];
  reshape(layer->weight, weight);
  setEquation(layer->product, layer->terms);
  RankedTensorType type = reshaped.getOutput().getType();
  layer->product.getResult().setType(type);
  if (sum) {
    reshape(bias, parts);
    sum.getOutput().setType(type);
  }
  reshaped.getOutput().replaceAllUsesWith(value);
  reshaped.erase();
}

/// reshape(x) w, several last dimensions into one.
static void splitInput(graph::EinsumOp product) {
  auto reshaped = product.getLhs().getDefiningOp<graph::ReshapeOp>();
  std::optional<Layer> layer = layerOf(product);
  if (!reshaped || !layer)
    return;
  ArrayRef<int64_t> parts = lastOf(shapeOf(reshaped.getOutput()), shapeOf(reshaped.getInput()));
  std::string letters = freshLetters(layer->terms, parts.size());
  if (parts.empty() || letters.size() != parts.size())
    return;
  SmallVector<int64_t> weight = {shapeOf(layer->weight.getResult())[0]};
  llvm::append_range(weight, parts);
  layer->terms.lhs = StringRef(layer->terms.lhs).drop_back().str() + letters;
  layer->terms.rhs = layer->terms.rhs[0] + letters;
  reshape(layer->weight, weight);
  setEquation(product, layer->terms);
  product.getLhsMutable().assign(reshaped.getInput());
  if (reshaped->use_empty())
    reshaped.erase();
}

void putHeadsIntoWeights(Block &model) {
  SmallVector<Operation *> products;
  for (Operation &op : llvm::make_early_inc_range(model))
    if (auto reshaped = dyn_cast<graph::ReshapeOp>(op))
      splitResult(reshaped);
  for (Operation &op : model)
    if (isa<graph::EinsumOp>(op))
      products.push_back(&op);
  for (Operation *op : products)
    splitInput(cast<graph::EinsumOp>(op));
}

} // namespace autopar::pt2
