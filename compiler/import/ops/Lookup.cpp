// Rows of a table: of tokens, or of positions that are known.
#include "compiler/import/Broadcast.h"
#include "compiler/import/Operations.h"

using namespace mlir;

namespace autopar::pt2 {

/// Whether each is the one before and one.
static bool follow(const Constant &indices) {
  for (auto [i, row] : llvm::enumerate(indices.numbers))
    if (row != indices.numbers.front() + double(i))
      return false;
  return true;
}

/// Positions that follow each other are a slice of the table.
static LogicalResult rowsOf(Importer &importer, Value table, const Constant &indices,
                            ArrayRef<int64_t> shape) {
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
  std::optional<Held> result = rows.value ? importer.reshaped(rows, shape) : std::nullopt;
  if (!result)
    return failure();
  if (ArrayRef<int64_t>(result->shape) == importer.resultShape())
    return importer.result(*result);
  return importer.result(repeated(importer, *result, importer.resultShape()));
}

static LogicalResult embedding(Importer &importer, const Arguments &arguments) {
  Value table = importer.variable(arguments.tensor("weight"));
  if (!table)
    return failure();
  if (arguments.flag("scale_grad_by_freq") || arguments.flag("sparse"))
    return importer.fail("its gradient is scaled or sparse");
  if (graph::shapeOf(table).size() != 2)
    return importer.fail("its table is no matrix");
  if (auto constant = importer.constant(arguments.tensor("indices"))) {
    Constant indices = withoutRepetition(*constant);
    if (follow(indices)) {
      // Repeated where it is read: the table's rows are of variables alone.
      std::vector<int64_t> shape = indices.shape;
      shape.push_back(graph::shapeOf(table)[1]);
      return rowsOf(importer, table, indices, shape);
    }
  }
  const Held *tokens = importer.integers(arguments.tensor("indices"));
  if (!tokens)
    return failure();
  if (ArrayRef<int64_t>(tokens->shape) != graph::shapeOf(tokens->value))
    return importer.fail("its tokens are not in the shape of the module's input");
  SmallVector<int64_t> shape(tokens->shape.begin(), tokens->shape.end());
  shape.push_back(graph::shapeOf(table)[1]);
  SmallVector<NamedAttribute> attributes;
  if (int64_t padding = arguments.integer("padding_idx").value_or(-1); padding >= 0)
    attributes.push_back(importer.attribute("padding", padding));
  return importer.result(Importer::plainly(
      importer.make<graph::EmbeddingOp>("", shape, {tokens->value, table}, attributes)));
}

/// A dimension's elements at indices that are known.
static std::optional<Held> pickedAt(Importer &importer, const Held &given, int dim,
                                    const Constant &indices) {
  Held x = importer.whole(given);
  if (!x.value)
    return std::nullopt;
  const int64_t size = x.shape[dim], count = int64_t(indices.numbers.size());
  std::vector<int64_t> places;
  for (double number : indices.numbers) {
    const auto place = int64_t(number < 0 ? number + double(size) : number);
    if (place < 0 || place >= size)
      return (void)importer.fail("its indices leave the dimension"), std::nullopt;
    places.push_back(place);
  }
  Held result = x;
  result.shape[dim] = count;
  result.variable = nullptr;
  if (count > 0 && follow(Constant{{count}, {places.begin(), places.end()}})) {
    SmallVector<int64_t> shape(graph::shapeOf(x.value));
    shape[x.order[dim]] = count;
    if (count != size)
      result.value = importer.make<graph::SliceOp>(
          "", shape, x.value,
          {importer.attribute("dim", int64_t(x.order[dim])),
           importer.attribute("begin", places[0]), importer.attribute("length", count)});
    return result.value ? std::optional(result) : std::nullopt;
  }
  SmallVector<int> dims = {dim};
  SmallVector<int64_t> rest;
  for (int other = 0; other < int(x.shape.size()); ++other)
    if (other != dim) {
      dims.push_back(other);
      rest.push_back(x.shape[other]);
    }
  SmallVector<int64_t> shape = {count};
  shape.append(rest);
  if (x.isOfVariables) { // rows of a table
    Value table = importer.reshaped(importer.arranged(x, dims), {size, elementsOf(rest)});
    Value rows = importer.make<graph::EmbeddingOp>(
        "", {count, elementsOf(rest)},
        {importer.given({{count}, {places.begin(), places.end()}}, /*isReal=*/false), table});
    result.value = importer.reshaped(rows, shape);
    for (auto [place, of] : llvm::enumerate(dims))
      result.order[of] = int(place);
    return result.value ? std::optional(result) : std::nullopt;
  }
  // A product by a matrix that has a single 1 in each row.
  Constant matrix{{count, size}, std::vector<double>(count * size)};
  for (auto [row, place] : llvm::enumerate(places))
    matrix.numbers[row * size + place] = 1;
  std::string from, to;
  for (size_t place = 0; place < x.shape.size(); ++place) {
    const bool isPicked = int(place) == x.order[dim];
    from += isPicked ? 'y' : char('a' + place);
    to += isPicked ? 'z' : char('a' + place);
  }
  SmallVector<int64_t> inOrder(graph::shapeOf(x.value));
  inOrder[x.order[dim]] = count;
  const std::string equation = from + ",zy->" + to;
  result.value = importer.make<graph::EinsumOp>(
      "", inOrder, {x.value, importer.given(matrix)},
      importer.attribute("equation", StringRef(equation)));
  return result.value ? std::optional(result) : std::nullopt;
}

/// x[:, i]: one dimension by an index of any shape, which takes its place.
static LogicalResult index(Importer &importer, const Arguments &arguments) {
  ArrayRef<std::string> names = arguments.tensors("indices");
  const Held *read = importer.real(arguments.tensor("self"));
  if (!read)
    return failure();
  Held x = *read;
  int dim = -1;
  std::shared_ptr<const Constant> indices;
  for (auto [at, name] : llvm::enumerate(names)) {
    if (name.empty())
      continue;
    if (indices)
      return importer.fail("it looks up in several dimensions at a time");
    indices = importer.constant(name);
    dim = int(at);
    if (!indices || importer.typeOf(name) == ScalarType::Bool)
      return importer.fail("its indices are no constants");
  }
  if (!indices || dim >= int(x.shape.size()))
    return importer.fail("its indices are of dimensions that there are not");
  std::optional<Held> picked = pickedAt(importer, x, dim, *indices);
  std::optional<Held> result =
      picked ? importer.reshaped(*picked, importer.resultShape()) : std::nullopt;
  return result ? importer.result(*result) : failure();
}

static LogicalResult indexSelect(Importer &importer, const Arguments &arguments) {
  const Held *read = importer.real(arguments.tensor("self"));
  if (!read)
    return failure();
  Held x = *read;
  std::optional<int> dim = importer.dimension(arguments.integer("dim"), x);
  auto indices = importer.constant(arguments.tensor("index"));
  if (!dim)
    return failure();
  if (!indices)
    return importer.fail("its indices are no constants");
  std::optional<Held> picked = pickedAt(importer, x, *dim, *indices);
  return picked ? importer.result(*picked) : failure();
}

static LogicalResult flip(Importer &importer, const Arguments &arguments) {
  const Held *read = importer.real(arguments.tensor("self"));
  auto dims = arguments.integers("dims");
  if (!read || !dims)
    return failure();
  std::optional<Held> x = *read;
  for (int64_t dim : *dims) {
    std::optional<int> known = importer.dimension(dim, *x);
    if (!known)
      return failure();
    Constant places{{x->shape[*known]}, {}};
    for (int64_t i = x->shape[*known]; i-- > 0;)
      places.numbers.push_back(double(i));
    x = pickedAt(importer, *x, *known, places);
    if (!x)
      return failure();
  }
  return importer.result(*x);
}

static constexpr OperationForm lookupForms[] = {
    {"aten.embedding.default",
     "weight indices padding_idx=-1 scale_grad_by_freq=false sparse=false", embedding},
    {"aten.index.Tensor", "self indices", index},
    {"aten.index_select.default", "self dim index", indexSelect},
    {"aten.flip.default", "self dims", flip},
};

ArrayRef<OperationForm> lookupOperations() { return lookupForms; }

} // namespace autopar::pt2
