// The loss of a language model: rows are independent, and so are blocks of the vocabulary, and
// each class given its row's sums.
#include "dialects/graph/Graph.h"
#include "dialects/graph/Rules.h"

#include <numeric>

using namespace mlir;

namespace autopar::graph {

/// What is kept of a block of a row.
static constexpr int64_t numbersOfBlock = 3;

/// The sums of rows with these labels: [.., blocks, 3].
static RankedTensorType sumsType(Value labels, int64_t blocks) {
  SmallVector<int64_t> shape(shapeOf(labels));
  shape.append({blocks, numbersOfBlock});
  return RankedTensorType::get(shape, Float64Type::get(labels.getContext()));
}
static int64_t blocksOf(Value sums) { return shapeOf(sums).drop_back().back(); }

static LogicalResult checkSums(Operation *op, Value sums, Value labels) {
  ArrayRef<int64_t> shape = shapeOf(sums);
  if (shape.size() < 2 || shape.drop_back(2) != shapeOf(labels) ||
      shape.back() != numbersOfBlock || blocksOf(sums) < 1)
    return op->emitOpError("has sums of ")
           << sums.getType() << " for labels of " << labels.getType() << "; there are "
           << numbersOfBlock << " of each block of each row";
  return success();
}

static LogicalResult checkRows(std::optional<Location> loc, Value rows, Value labels) {
  if (shapeOf(rows).empty() || shapeOf(rows).drop_back() != shapeOf(labels))
    return emitOptionalError(loc, "has labels of ", labels.getType(), " for rows of ",
                             rows.getType());
  return success();
}
/// Of the whole vocabulary; a rank's part may lie behind the last valid class.
template <typename Op>
static LogicalResult verifyValid(Op op, std::optional<dist::PartAttr> part) {
  int64_t classes = (part ? part->getWhole() : shapeOf(op.getLogits())).back();
  int64_t valid = op.getValid();
  if (valid > classes)
    return op.emitOpError("has ") << classes << " classes of which " << valid
                                  << " are valid; there must be one, and no more than all";
  return success();
}

LogicalResult LanguageLossOp::verify() {
  return failure(failed(checkRows(getLoc(), getLogits(), getLabels())) ||
                 failed(verifyValid(*this, std::nullopt)));
}
LogicalResult VocabularySumsOp::verify() {
  if (failed(checkRows(getLoc(), getLogits(), getLabels())) ||
      failed(checkSums(*this, getSums(), getLabels())))
    return failure();
  if (int64_t classes = shapeOf(getLogits()).back(); classes % blocksOf(getSums()))
    return emitOpError("has ") << classes << " classes in " << blocksOf(getSums())
                               << " blocks, which are to be equal";
  return verifyValid(*this, getPart());
}
LogicalResult CrossEntropyOfSumsOp::verify() {
  // A gradient finds its way to the logits over this operation only.
  Operation *source = getSums().getDefiningOp();
  if (source && isa<GraphDialect>(source->getDialect()) && !isa<VocabularySumsOp>(source))
    return emitOpError("has sums made by ")
           << source->getName() << "; they are those of graph.vocabulary_sums";
  return checkSums(*this, getSums(), getLabels());
}
LogicalResult CrossEntropyOfSumsGradOp::verify() {
  return failure(failed(checkRows(getLoc(), getLogits(), getLabels())) ||
                 failed(checkSums(*this, getSums(), getLabels())) ||
                 failed(verifyValid(*this, getPart())));
}

LogicalResult CrossEntropyOfSumsOp::inferReturnTypes(MLIRContext *context,
                                                     std::optional<Location>, ValueRange,
                                                     DictionaryAttr, OpaqueProperties,
                                                     RegionRange,
                                                     SmallVectorImpl<Type> &types) {
  types.push_back(RankedTensorType::get({}, Float32Type::get(context)));
  return success();
}

static void replace(LanguageLossOp op, Value loss) {
  loss.getDefiningOp()->setDiscardableAttrs(op->getDiscardableAttrDictionary());
  op.getLoss().replaceAllUsesWith(loss);
  op.erase();
}
void LanguageLossOp::toTraining(OpBuilder &builder) {
  Value sums =
      VocabularySumsOp::create(builder, named(getLoc(), nameOf(getOperation()) + ".sums"),
                               sumsType(getLabels(), /*blocks=*/1), getLogits(), getLabels(),
                               getValid(), /*part=*/nullptr);
  replace(*this,
          CrossEntropyOfSumsOp::create(builder, getLoc(), sums, getLabels(), getCount()));
}
void LanguageLossOp::toEvaluation(OpBuilder &builder) { toTraining(builder); }

// An exponential an element.
double VocabularySumsOp::getFlops() { return perElement(getLogits(), 8); }
double CrossEntropyOfSumsOp::getFlops() { return perElement(getSums(), 4); }
double CrossEntropyOfSumsGradOp::getFlops() { return perElement(getLogits(), 8); }

ShardingRule VocabularySumsOp::getShardingRule() {
  ShardingRule rule;
  SmallVector<int> rows = addFactors(rule, shapeOf(getLabels()), FactorKind::Parallel);
  SmallVector<int> logits = rows, sums = rows;
  int block = rule.add("v", blocksOf(getSums()), FactorKind::Parallel);
  logits.push_back(block);
  sums.append({block, ShardingRule::whole});
  rule.operand(logits);
  rule.operand(rows);
  rule.result(sums);
  return rule;
}
ShardingRule CrossEntropyOfSumsOp::getShardingRule() {
  ShardingRule rule;
  SmallVector<int> rows = addFactors(rule, shapeOf(getLabels()), FactorKind::Reduction);
  SmallVector<int> sums = rows;
  sums.append({ShardingRule::whole, ShardingRule::whole});
  rule.operand(sums);
  rule.operand(rows);
  rule.result({});
  return rule;
}
ShardingRule CrossEntropyOfSumsGradOp::getShardingRule() {
  ShardingRule rule;
  SmallVector<int> rows = addFactors(rule, shapeOf(getLabels()), FactorKind::Parallel);
  SmallVector<int> logits = rows, sums = rows;
  logits.push_back(rule.add("v", shapeOf(getLogits()).back(), FactorKind::Parallel));
  sums.append({ShardingRule::whole, ShardingRule::whole});
  rule.operand(logits);
  rule.operand(rows);
  rule.operand(sums);
  if (getScale())
    rule.operand({});
  rule.result(logits);
  return rule;
}

/// As few blocks as give each set of axes that can split the vocabulary its whole ones.
void VocabularySumsOp::fitTo(const Mesh &mesh) {
  const int64_t classes = shapeOf(getLogits()).back();
  int64_t blocks = 1;
  for (unsigned set = 0; set < 1u << mesh.numAxes(); ++set) {
    Axes axes;
    for (int axis = 0; axis < mesh.numAxes(); ++axis)
      if (set >> axis & 1)
        axes.push_back(axis);
    if (int64_t ways = mesh.groupSize(axes); classes % ways == 0)
      blocks = std::lcm(blocks, ways);
  }
  getSums().setType(sumsType(getLabels(), blocks));
}

void VocabularySumsOp::localize(Operation *whole) { setPartAttr(partOfOperand(whole, 0)); }
void CrossEntropyOfSumsGradOp::localize(Operation *whole) {
  setPartAttr(partOfOperand(whole, 0));
}

Value CrossEntropyOfSumsOp::countCorrect(OpBuilder &) { return {}; }

void CrossEntropyOfSumsOp::buildGradient(Gradients &gradients) {
  auto sums = getSums().getDefiningOp<VocabularySumsOp>();
  if (!sums || !gradients.wants(sums.getLogits()))
    return;
  gradients.add(sums.getLogits(),
                CrossEntropyOfSumsGradOp::create(
                    gradients.builder, gradients.nameFor(sums.getLogits()),
                    sums.getLogits().getType(), sums.getLogits(), getLabels(), getSums(),
                    gradients.of(getLoss()), getCount(), sums.getValid(),
                    /*part=*/nullptr));
}

} // namespace autopar::graph
