// Embedding: tokens and channels are parallel, the vocabulary is summed over; in the gradient
// it is the other way round.
#include "dialects/graph/Graph.h"
#include "dialects/graph/Rules.h"

using namespace mlir;

namespace autopar::graph {

LogicalResult EmbeddingOp::inferReturnTypes(MLIRContext *, std::optional<Location>,
                                            ValueRange operands, DictionaryAttr,
                                            OpaqueProperties, RegionRange,
                                            SmallVectorImpl<Type> &types) {
  EmbeddingOpAdaptor embedding(operands);
  RankedTensorType table = typeOf(embedding.getTable());
  SmallVector<int64_t> shape(shapeOf(embedding.getTokens()));
  shape.push_back(table.getDimSize(1));
  types.push_back(table.clone(shape));
  return success();
}

LogicalResult EmbeddingGradOp::verify() {
  SmallVector<int64_t> expected(shapeOf(getTokens()));
  expected.push_back(shapeOf(getTableGrad())[1]);
  if (shapeOf(getOutputGrad()) != ArrayRef<int64_t>(expected))
    return emitOpError("has a gradient of [")
           << shapeOf(getOutputGrad()) << "] for tokens of [" << shapeOf(getTokens())
           << "] and a table of [" << shapeOf(getTableGrad()) << "]";
  return success();
}

namespace {
struct EmbeddingDims {
  SmallVector<int> tokens, rows, table;
};
} // namespace

static EmbeddingDims embeddingFactors(ShardingRule &rule, Value tokens, Value table,
                                      FactorKind ofTokens, FactorKind ofVocabulary) {
  EmbeddingDims dims;
  dims.tokens = dims.rows = addFactors(rule, shapeOf(tokens), ofTokens);
  int v = rule.add("v", shapeOf(table)[0], ofVocabulary);
  int c = rule.add("c", shapeOf(table)[1], FactorKind::Parallel);
  dims.rows.push_back(c);
  dims.table = {v, c};
  return dims;
}
ShardingRule EmbeddingOp::getShardingRule() {
  ShardingRule rule;
  EmbeddingDims dims = embeddingFactors(rule, getTokens(), getTable(), FactorKind::Parallel,
                                        FactorKind::Reduction);
  rule.operand(dims.tokens);
  rule.operand(dims.table);
  rule.result(dims.rows);
  return rule;
}
ShardingRule EmbeddingGradOp::getShardingRule() {
  ShardingRule rule;
  EmbeddingDims dims = embeddingFactors(rule, getTokens(), getTableGrad(),
                                        FactorKind::Reduction, FactorKind::Parallel);
  rule.operand(dims.tokens);
  rule.operand(dims.rows);
  rule.result(dims.table);
  return rule;
}

void EmbeddingOp::localize(Operation *whole) {
  setPartAttr(partOfOperand(whole, getTableMutable().getOperandNumber()));
}
void EmbeddingGradOp::localize(Operation *whole) { setPartAttr(partOfResult(whole, 0)); }

void EmbeddingOp::buildGradient(Gradients &gradients) {
  gradients.add(getTable(),
                EmbeddingGradOp::create(gradients.builder, gradients.nameFor(getTable()),
                                        getTable().getType(), getTokens(),
                                        gradients.of(getOutput()), getPaddingAttr(),
                                        /*part=*/nullptr));
}

} // namespace autopar::graph
