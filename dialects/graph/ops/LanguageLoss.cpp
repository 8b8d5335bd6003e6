// The loss of a language model: rows are independent, and so is each class given its row's
// sums.
#include "dialects/graph/Graph.h"
#include "dialects/graph/Rules.h"

using namespace mlir;

namespace autopar::graph {

/// The sums of logits [.., V]: [.., 2].
static SmallVector<int64_t> sumsShape(Value logits) {
  SmallVector<int64_t> shape(shapeOf(logits).drop_back());
  shape.push_back(2);
  return shape;
}

static LogicalResult checkRows(std::optional<Location> loc, Value rows, Value labels) {
  if (shapeOf(rows).empty() || shapeOf(rows).drop_back() != shapeOf(labels))
    return emitOptionalError(loc, "has labels of ", labels.getType(), " for rows of ",
                             rows.getType());
  return success();
}
template <typename Op> static LogicalResult verifyCount(Op op) {
  if (op.getCount() < 1)
    return op.emitOpError("has count ")
           << op.getCount() << "; it is the number of positions, at least 1";
  return success();
}
/// Of the whole vocabulary; a rank's part may lie behind the last valid class.
template <typename Op>
static LogicalResult verifyValid(Op op, std::optional<dist::PartAttr> part) {
  int64_t classes = (part ? part->getWhole() : shapeOf(op.getLogits())).back();
  int64_t valid = op.getValid();
  if (valid < 1 || valid > classes)
    return op.emitOpError("has ") << classes << " classes of which " << valid
                                  << " are valid; there must be one, and no more than all";
  return success();
}

LogicalResult LanguageLossOp::verify() {
  return failure(failed(checkRows(getLoc(), getLogits(), getLabels())) ||
                 failed(verifyCount(*this)) || failed(verifyValid(*this, std::nullopt)));
}
LogicalResult VocabularySumsOp::verify() { return verifyValid(*this, getPart()); }
LogicalResult CrossEntropyOfSumsOp::verify() {
  // A gradient finds its way to the logits over this operation only.
  Operation *source = getSums().getDefiningOp();
  if (source && isa<GraphDialect>(source->getDialect()) && !isa<VocabularySumsOp>(source))
    return emitOpError("has sums made by ")
           << source->getName() << "; they are those of graph.vocabulary_sums";
  return verifyCount(*this);
}
LogicalResult CrossEntropyOfSumsGradOp::verify() {
  if (failed(checkRows(getLoc(), getLogits(), getLabels())))
    return failure();
  if (shapeOf(getSums()) != ArrayRef<int64_t>(sumsShape(getLogits())))
    return emitOpError("has sums of ")
           << getSums().getType() << " for logits of " << getLogits().getType();
  return failure(failed(verifyCount(*this)) || failed(verifyValid(*this, getPart())));
}

LogicalResult VocabularySumsOp::inferReturnTypes(MLIRContext *context,
                                                 std::optional<Location> loc,
                                                 ValueRange operands, DictionaryAttr,
                                                 OpaqueProperties, RegionRange,
                                                 SmallVectorImpl<Type> &types) {
  if (failed(checkRows(loc, operands[0], operands[1])))
    return failure();
  types.push_back(RankedTensorType::get(sumsShape(operands[0]), Float64Type::get(context)));
  return success();
}
LogicalResult CrossEntropyOfSumsOp::inferReturnTypes(MLIRContext *context,
                                                     std::optional<Location> loc,
                                                     ValueRange operands, DictionaryAttr,
                                                     OpaqueProperties, RegionRange,
                                                     SmallVectorImpl<Type> &types) {
  if (failed(checkRows(loc, operands[0], operands[1])))
    return failure();
  if (shapeOf(operands[0]).back() != 2)
    return emitOptionalError(loc, "has sums of ", operands[0].getType(),
                             "; there are two of each row");
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
                               getLogits(), getLabels(), getValid(), /*part=*/nullptr);
  replace(*this,
          CrossEntropyOfSumsOp::create(builder, getLoc(), sums, getLabels(), getCount()));
}
void LanguageLossOp::toEvaluation(OpBuilder &builder) { toTraining(builder); }

// An exponential an element.
static double perElement(Value value, double flops) {
  return flops * cast<ShapedType>(value.getType()).getNumElements();
}
double VocabularySumsOp::getFlops() { return perElement(getLogits(), 8); }
double CrossEntropyOfSumsOp::getFlops() { return perElement(getSums(), 4); }
double CrossEntropyOfSumsGradOp::getFlops() { return perElement(getLogits(), 8); }
bool VocabularySumsOp::worksInPlace(unsigned) { return false; }
bool CrossEntropyOfSumsGradOp::worksInPlace(unsigned operand) { return operand == 0; }

ShardingRule VocabularySumsOp::getShardingRule() {
  ShardingRule rule;
  SmallVector<int> rows = addFactors(rule, shapeOf(getLabels()), FactorKind::Parallel);
  SmallVector<int> logits = rows, sums = rows;
  logits.push_back(rule.add("v", shapeOf(getLogits()).back(), FactorKind::Reduction));
  sums.push_back(ShardingRule::whole);
  rule.operand(logits);
  rule.operand(rows);
  rule.result(sums);
  return rule;
}
ShardingRule CrossEntropyOfSumsOp::getShardingRule() {
  ShardingRule rule;
  SmallVector<int> rows = addFactors(rule, shapeOf(getLabels()), FactorKind::Reduction);
  SmallVector<int> sums = rows;
  sums.push_back(ShardingRule::whole);
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
  sums.push_back(ShardingRule::whole);
  rule.operand(logits);
  rule.operand(rows);
  rule.operand(sums);
  if (getScale())
    rule.operand({});
  rule.result(logits);
  return rule;
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
                    gradients.lossScale, getCount(), sums.getValid(), /*part=*/nullptr));
}

} // namespace autopar::graph
