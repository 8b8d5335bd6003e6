// Rows of a table: of tokens, or of positions that are known.
#include "compiler/import/Operations.h"

using namespace mlir;

namespace autopar::pt2 {

/// Positions that follow each other are a slice of the table.
static LogicalResult rowsOf(Importer &importer, Value table, const Constant &indices) {
  for (auto [i, row] : llvm::enumerate(indices.numbers))
    if (row != indices.numbers.front() + double(i))
      return importer.fail("its indices are constants that do not follow each other");
  ArrayRef<int64_t> sizes = graph::shapeOf(table);
  int64_t count = int64_t(indices.numbers.size());
  int64_t begin = count ? int64_t(indices.numbers.front()) : 0;
  if (count < 1 || begin < 0 || begin > sizes[0] - count)
    return importer.fail("its indices leave the table");
  Held rows = Importer::plainly(
      count == sizes[0] ? table
                        : importer.make<graph::SliceOp>("", {count, sizes[1]}, table,
                                                        {importer.attribute("dim", int64_t(0)),
                                                         importer.attribute("begin", begin),
                                                         importer.attribute("length", count)}));
  rows.isOfVariables = true;
  std::optional<Held> result =
      rows.value ? importer.reshaped(rows, importer.resultShape()) : std::nullopt;
  return result ? importer.result(*result) : failure();
}

static LogicalResult embedding(Importer &importer, const Arguments &arguments) {
  Value table = importer.variable(arguments.tensor("weight"));
  if (!table)
    return failure();
  if (arguments.integer("padding_idx").value_or(-1) >= 0)
    return importer.fail("its padding_idx keeps a row from being trained");
  if (arguments.flag("scale_grad_by_freq") || arguments.flag("sparse"))
    return importer.fail("its gradient is scaled or sparse");
  if (graph::shapeOf(table).size() != 2)
    return importer.fail("its table is no matrix");
  if (auto indices = importer.constant(arguments.tensor("indices")))
    return rowsOf(importer, table, *indices);
  const Held *tokens = importer.integers(arguments.tensor("indices"));
  if (!tokens)
    return failure();
  if (ArrayRef<int64_t>(tokens->shape) != graph::shapeOf(tokens->value))
    return importer.fail("its tokens are not in the shape of the module's input");
  SmallVector<int64_t> shape(tokens->shape.begin(), tokens->shape.end());
  shape.push_back(graph::shapeOf(table)[1]);
  return importer.result(
      Importer::plainly(importer.make<graph::EmbeddingOp>("", shape, {tokens->value, table})));
}

static constexpr OperationForm lookupForms[] = {
    {"aten.embedding.default",
     "weight indices padding_idx=-1 scale_grad_by_freq=false sparse=false", embedding},
};

ArrayRef<OperationForm> lookupOperations() { return lookupForms; }

} // namespace autopar::pt2
