// Batch norm, with its running statistics as the program's state, and layer norm.
#include "compiler/import/Operations.h"

using namespace mlir;

namespace autopar::pt2 {

static LogicalResult batchNorm(Importer &importer, const Arguments &arguments) {
  if (!arguments.flag("training"))
    return importer.fail("it was exported in evaluation; call the module's train() before");
  for (StringRef name : {"weight", "bias", "running_mean", "running_var"})
    if (!arguments.has(name))
      return importer.fail("it has no " + name);
  std::optional<double> momentum = arguments.number("momentum");
  std::optional<double> epsilon = arguments.number("eps");
  if (!momentum || !epsilon)
    return importer.fail("it has no momentum: an average over all batches is not kept");
  const Held *read = importer.real(arguments.tensor("input"));
  if (!read)
    return failure();
  Held x = *read;
  size_t rank = x.shape.size();
  if (rank < 2 || rank > 4)
    return importer.fail("its input is of " + Twine(rank) + " dimensions");
  // [N, C] and [N, C, L] are images of one pixel and of one column.
  SmallVector<int> dims = {0};
  SmallVector<int64_t> image = {x.shape[0]};
  for (size_t dim = 2; dim < rank; ++dim) {
    dims.push_back(int(dim));
    image.push_back(x.shape[dim]);
  }
  image.resize(3, 1);
  image.push_back(x.shape[1]);
  dims.push_back(1);
  Value rows = importer.arranged(x, dims);
  if (!rows)
    return failure();
  SmallVector<int64_t> shape(graph::shapeOf(rows));
  Value output = importer.make<graph::BatchNormOp>(
      "", image,
      {importer.reshaped(rows, image), importer.variable(arguments.tensor("weight")),
       importer.variable(arguments.tensor("bias")),
       importer.variable(arguments.tensor("running_mean")),
       importer.variable(arguments.tensor("running_var"))},
      {importer.attribute("epsilon", *epsilon), importer.attribute("momentum", *momentum)});
  Held result = Importer::likewise(importer.reshaped(output, shape), x);
  for (auto [place, dim] : llvm::enumerate(dims))
    result.order[dim] = int(place);
  return importer.result(result);
}

static LogicalResult layerNorm(Importer &importer, const Arguments &arguments) {
  const Held *read = importer.real(arguments.tensor("input"));
  std::optional<double> epsilon = arguments.number("eps");
  if (!read || !epsilon)
    return failure();
  Held x = *read;
  auto normalized = arguments.integers("normalized_shape");
  if (!normalized || normalized->size() != 1 || x.shape.empty())
    return importer.fail("it normalizes more than the last dimension");
  for (StringRef name : {"weight", "bias"})
    if (!arguments.has(name))
      return importer.fail("it has no " + name);
  Value input = importer.plain(x);
  if (!input)
    return failure();
  Type rows = RankedTensorType::get(ArrayRef<int64_t>(x.shape).drop_back(),
                                    importer.builder().getF32Type());
  return importer.result(Importer::plainly(importer.make<graph::LayerNormOp>(
      "", x.shape,
      {input, importer.variable(arguments.tensor("weight")),
       importer.variable(arguments.tensor("bias"))},
      importer.attribute("epsilon", *epsilon), {rows, rows})));
}

static constexpr OperationForm normForms[] = {
    {"aten.batch_norm.default",
     "input weight bias running_mean running_var training momentum eps cudnn_enabled",
     batchNorm},
    {"aten.layer_norm.default",
     "input normalized_shape weight=null bias=null eps=1e-5 cudnn_enable=true", layerNorm},
};

ArrayRef<OperationForm> normOperations() { return normForms; }

} // namespace autopar::pt2
