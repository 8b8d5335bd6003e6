// Norms: of batches, with running statistics as the program's state, of rows and of groups.
#include "compiler/import/Operations.h"

#include <limits>

using namespace mlir;

namespace autopar::pt2 {

/// A parameter of so many numbers in a row; one number everywhere where there is none.
static Value rowOf(Importer &importer, const Arguments &arguments, StringRef name,
                   int64_t channels, double otherwise) {
  if (!arguments.has(name))
    return importer.given({channels}, otherwise);
  Value row = importer.variable(arguments.tensor(name));
  return importer.reshaped(row, {channels});
}

static LogicalResult batchNorm(Importer &importer, const Arguments &arguments) {
  if (!arguments.flag("training"))
    return importer.fail("it was exported in evaluation; call the module's train() before");
  for (StringRef name : {"running_mean", "running_var"})
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
      {importer.reshaped(rows, image), rowOf(importer, arguments, "weight", image.back(), 1),
       rowOf(importer, arguments, "bias", image.back(), 0),
       importer.variable(arguments.tensor("running_mean")),
       importer.variable(arguments.tensor("running_var"))},
      {importer.attribute("epsilon", *epsilon), importer.attribute("momentum", *momentum)});
  Held result = Importer::likewise(importer.reshaped(output, shape), x);
  for (auto [place, dim] : llvm::enumerate(dims))
    result.order[dim] = int(place);
  return importer.result(result);
}

/// Rows [.., channels], each less its mean and over its deviation.
static Value normalized(Importer &importer, const Twine &suffix, Value rows, Value gamma,
                        Value beta, double epsilon) {
  if (!rows)
    return Value();
  SmallVector<int64_t> shape(graph::shapeOf(rows));
  Type sums = RankedTensorType::get(ArrayRef<int64_t>(shape).drop_back(),
                                    importer.builder().getF32Type());
  return importer.make<graph::LayerNormOp>(suffix, shape, {rows, gamma, beta},
                                           importer.attribute("epsilon", epsilon),
                                           {sums, sums});
}

/// Over the last dimensions, as one.
static LogicalResult layerNorm(Importer &importer, const Arguments &arguments) {
  const Held *read = importer.real(arguments.tensor("input"));
  std::optional<double> epsilon = arguments.number("eps");
  auto over = arguments.integers("normalized_shape");
  if (!read || !epsilon || !over)
    return failure();
  Held x = *read;
  if (over->empty() || ArrayRef<int64_t>(*over) != ArrayRef<int64_t>(x.shape).take_back(over->size()))
    return importer.fail("it normalizes other dimensions than the last ones");
  SmallVector<int64_t> rows(ArrayRef<int64_t>(x.shape).drop_back(over->size()));
  int64_t channels = elementsOf(*over);
  rows.push_back(channels);
  Value input = importer.reshaped(importer.plain(x), rows);
  if (!input)
    return failure();
  Value output = normalized(importer, "", input, rowOf(importer, arguments, "weight", channels, 1),
                            rowOf(importer, arguments, "bias", channels, 0), *epsilon);
  return importer.result(Importer::plainly(importer.reshaped(output, x.shape)));
}

/// x times a number and plus a number for each of its channels, its second dimension.
static LogicalResult byChannel(Importer &importer, const Arguments &arguments, Held x) {
  const bool isScaled = arguments.has("weight"), isShifted = arguments.has("bias");
  if (!isScaled && !isShifted)
    return importer.result(x);
  SmallVector<int> dims = {0};
  for (int dim = 2; dim < int(x.shape.size()); ++dim)
    dims.push_back(dim);
  dims.push_back(1);
  Value value = importer.arranged(x, dims);
  if (!value)
    return failure();
  SmallVector<int64_t> shape(graph::shapeOf(value)), one(shape.size(), 1);
  one.back() = shape.back();
  if (isScaled) {
    Value gamma = importer.reshaped(importer.variable(arguments.tensor("weight")), one);
    gamma = importer.make<graph::ExpandOp>(".weight", shape, gamma);
    value = importer.make<graph::MulOp>(isShifted ? ".scaled" : "", shape, {value, gamma});
  }
  if (isShifted && value)
    value = importer.make<graph::BiasAddOp>(
        "", shape, {value, importer.variable(arguments.tensor("bias"))});
  Held result = Importer::likewise(value, x);
  for (auto [place, dim] : llvm::enumerate(dims))
    result.order[dim] = int(place);
  return importer.result(result);
}

/// Each sample's channels in so many groups: a group is a row.
static LogicalResult inGroups(Importer &importer, const Arguments &arguments, StringRef input,
                              int64_t groups) {
  const Held *read = importer.real(arguments.tensor(input));
  std::optional<double> epsilon = arguments.number("eps");
  if (!read || !epsilon)
    return failure();
  Held x = *read;
  if (x.shape.size() < 2 || groups < 1 || x.shape[1] % groups != 0)
    return importer.fail("its channels do not make " + Twine(groups) + " groups");
  int64_t channels = elementsOf(ArrayRef<int64_t>(x.shape).drop_front()) / groups;
  Value rows = importer.reshaped(importer.plain(x), {x.shape[0], groups, channels});
  Value output = normalized(importer, ".normalized", rows, importer.given({channels}, 1),
                            importer.given({channels}, 0), *epsilon);
  return byChannel(importer, arguments,
                   Importer::plainly(importer.reshaped(output, x.shape)));
}

static LogicalResult groupNorm(Importer &importer, const Arguments &arguments) {
  return inGroups(importer, arguments, "input", arguments.integer("num_groups").value_or(0));
}

/// Each channel of each sample is a group.
static LogicalResult instanceNorm(Importer &importer, const Arguments &arguments) {
  if (!arguments.flag("use_input_stats"))
    return importer.fail("it was exported in evaluation; call the module's train() before");
  if (arguments.has("running_mean") || arguments.has("running_var"))
    return importer.fail("it keeps running statistics of its samples; leave "
                         "track_running_stats at False");
  ArrayRef<int64_t> shape = importer.resultShape();
  return inGroups(importer, arguments, "input", shape.size() < 2 ? 0 : shape[1]);
}

/// Each row over the root of its mean square.
static LogicalResult rmsNorm(Importer &importer, const Arguments &arguments) {
  const Held *read = importer.real(arguments.tensor("input"));
  auto over = arguments.integers("normalized_shape");
  if (!read || !over)
    return failure();
  Held x = *read;
  if (over->empty() || ArrayRef<int64_t>(*over) != ArrayRef<int64_t>(x.shape).take_back(over->size()))
    return importer.fail("it normalizes other dimensions than the last ones");
  double epsilon =
      arguments.number("eps").value_or(std::numeric_limits<float>::epsilon());
  SmallVector<int64_t> rows(ArrayRef<int64_t>(x.shape).drop_back(over->size()));
  int64_t channels = elementsOf(*over);
  rows.push_back(channels);
  SmallVector<int64_t> each = rows;
  each.back() = 1;
  Value input = importer.reshaped(importer.plain(x), rows);
  Value squares = importer.make<graph::MulOp>(".square", rows, {input, input});
  Value sum = importer.make<graph::SumOp>(
      ".sum", each, squares,
      importer.attribute("dims", ArrayRef<int64_t>{int64_t(rows.size()) - 1}));
  Value mean = importer.make<graph::ScaleOp>(".mean", each, sum,
                                             importer.attribute("factor", 1.0 / double(channels)));
  Value moved =
      importer.make<graph::ShiftOp>(".shift", each, mean, importer.attribute("term", epsilon));
  Value factor = importer.make<graph::RsqrtOp>(".rsqrt", each, moved);
  factor = importer.make<graph::ExpandOp>(".factor", rows, factor);
  bool isScaled = arguments.has("weight");
  Value output = importer.make<graph::MulOp>(isScaled ? ".normalized" : "", rows, {input, factor});
  if (isScaled && output) {
    SmallVector<int64_t> one(rows.size(), 1);
    one.back() = channels;
    Value gamma = importer.reshaped(rowOf(importer, arguments, "weight", channels, 1), one);
    gamma = importer.make<graph::ExpandOp>(".weight", rows, gamma);
    output = importer.make<graph::MulOp>("", rows, {output, gamma});
  }
  return importer.result(Importer::plainly(importer.reshaped(output, x.shape)));
}

static constexpr OperationForm normForms[] = {
    {"aten.batch_norm.default",
     "input weight bias running_mean running_var training momentum eps cudnn_enabled",
     batchNorm},
    {"aten.layer_norm.default",
     "input normalized_shape weight=null bias=null eps=1e-5 cudnn_enable=true", layerNorm},
    {"aten.group_norm.default",
     "input num_groups weight=null bias=null eps=1e-5 cudnn_enabled=true", groupNorm},
    {"aten.instance_norm.default",
     "input weight bias running_mean running_var use_input_stats momentum eps cudnn_enabled",
     instanceNorm},
    {"aten.rms_norm.default", "input normalized_shape weight=null eps=null", rmsNorm},
};

ArrayRef<OperationForm> normOperations() { return normForms; }

} // namespace autopar::pt2
