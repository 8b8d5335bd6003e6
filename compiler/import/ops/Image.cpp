// Convolutions and pools: images [N, C, H, W] are channels-last in the graph.
#include "compiler/import/Operations.h"

using namespace mlir;

namespace autopar::pt2 {

/// PyTorch's order of a channels-last value.
static Held fromImage(Value value) {
  Held held;
  held.value = value;
  if (value) {
    ArrayRef<int64_t> shape = graph::shapeOf(value);
    held.shape = {shape[0], shape[3], shape[1], shape[2]};
    held.order = {0, 3, 1, 2};
  }
  return held;
}

/// The shape of the value for a result [N, C, H, W].
static std::optional<SmallVector<int64_t>> imageShape(Importer &importer) {
  ArrayRef<int64_t> shape = importer.resultShape();
  if (shape.size() != 4)
    return (void)importer.fail("its images are not of four dimensions"), std::nullopt;
  return SmallVector<int64_t>{shape[0], shape[2], shape[3], shape[1]};
}

using Pair = SmallVector<int64_t>;

/// Top, left, bottom, right: of "same", more at the bottom and right.
static std::optional<SmallVector<int64_t>> paddingOf(Importer &importer,
                                                     const Arguments &arguments,
                                                     ArrayRef<int64_t> kernel,
                                                     ArrayRef<int64_t> dilation) {
  if (std::optional<Pair> pad = arguments.integers("padding", 2))
    return Pair{(*pad)[0], (*pad)[1], (*pad)[0], (*pad)[1]};
  StringRef word = arguments.text("padding");
  if (word == "valid")
    return Pair{0, 0, 0, 0};
  if (word != "same")
    return (void)importer.fail("its padding is of no kind that is known"), std::nullopt;
  Pair total = {dilation[0] * (kernel[0] - 1), dilation[1] * (kernel[1] - 1)};
  return Pair{total[0] / 2, total[1] / 2, total[0] - total[0] / 2, total[1] - total[1] / 2};
}

namespace {
struct ConvolutionForm {
  Pair strides, padding, dilations;
  int64_t groups;
};
} // namespace

/// `Op` of an image and a weight, plus the bias that there may be.
template <typename Op>
static Value convolved(Importer &importer, const Arguments &arguments, ArrayRef<int64_t> shape,
                       Value input, Value weight, const ConvolutionForm &form) {
  bool hasBias = arguments.has("bias");
  Value output =
      importer.make<Op>(hasBias ? ".convolution" : "", shape, {input, weight},
                        {importer.attribute("strides", form.strides),
                         importer.attribute("padding", form.padding),
                         importer.attribute("dilations", form.dilations),
                         importer.attribute("groups", form.groups)});
  if (!hasBias || !output)
    return output;
  return importer.make<graph::BiasAddOp>(
      "", shape, {output, importer.variable(arguments.tensor("bias"))});
}

static LogicalResult convolution(Importer &importer, const Arguments &arguments) {
  const Held *x = importer.real(arguments.tensor("input"));
  Value input = x ? importer.image(*x) : Value();
  Value weight = input ? importer.variable(arguments.tensor("weight")) : Value();
  if (!weight)
    return failure();
  ArrayRef<int64_t> sizes = graph::shapeOf(weight);
  std::optional<Pair> stride = arguments.integers("stride", 2);
  std::optional<Pair> dilation = arguments.integers("dilation", 2);
  std::optional<int64_t> groups = arguments.integer("groups");
  if (sizes.size() != 4 || !stride || !dilation || !groups)
    return importer.fail("it is no convolution of two dimensions");
  auto padding = paddingOf(importer, arguments, sizes.take_back(2), *dilation);
  auto shape = imageShape(importer);
  if (!padding || !shape)
    return failure();
  return importer.result(fromImage(
      convolved<graph::Conv2dOp>(importer, arguments, *shape, input, weight,
                                 {*stride, *padding, *dilation, *groups})));
}

/// The image whose convolution by the weight would be of the input's shape. PyTorch's weight is
/// that convolution's.
static LogicalResult transposedConvolution(Importer &importer, const Arguments &arguments) {
  const Held *x = importer.real(arguments.tensor("input"));
  Value input = x ? importer.image(*x) : Value();
  Value weight = input ? importer.variable(arguments.tensor("weight")) : Value();
  auto shape = weight ? imageShape(importer) : std::nullopt;
  if (!shape)
    return failure();
  std::optional<Pair> stride = arguments.integers("stride", 2);
  std::optional<Pair> pad = arguments.integers("padding", 2);
  std::optional<Pair> more = arguments.integers("output_padding", 2);
  std::optional<Pair> dilation = arguments.integers("dilation", 2);
  std::optional<int64_t> groups = arguments.integer("groups");
  if (!stride || !pad || !more || !dilation || !groups)
    return importer.fail("it is no convolution of two dimensions");
  for (int i = 0; i < 2; ++i)
    if ((*more)[i] >= (*stride)[i])
      return importer.fail("its output_padding of " + Twine((*more)[i]) +
                           " is no less than its stride of " + Twine((*stride)[i]));
  Pair padding = {(*pad)[0], (*pad)[1], (*pad)[0], (*pad)[1]};
  return importer.result(fromImage(
      convolved<graph::Conv2dInputGradOp>(importer, arguments, *shape, input, weight,
                                          {*stride, padding, *dilation, *groups})));
}

/// Of sequences [N, C, T]: an image of one row.
static LogicalResult convolutionOfRow(Importer &importer, const Arguments &arguments) {
  const Held *x = importer.real(arguments.tensor("input"));
  Value rows = x && x->shape.size() == 3 ? importer.arranged(*x, {0, 2, 1}) : Value();
  Value kernel = rows ? importer.variable(arguments.tensor("weight")) : Value();
  ArrayRef<int64_t> shape = importer.resultShape();
  if (!kernel || graph::shapeOf(kernel).size() != 3 || shape.size() != 3)
    return importer.fail("it is no convolution of one dimension");
  ArrayRef<int64_t> in = graph::shapeOf(rows), taps = graph::shapeOf(kernel);
  std::optional<Pair> stride = arguments.integers("stride", 1);
  std::optional<Pair> dilation = arguments.integers("dilation", 1);
  std::optional<int64_t> groups = arguments.integer("groups");
  if (!stride || !dilation || !groups)
    return importer.fail("it is no convolution of one dimension");
  Pair padding = {0, 0, 0, 0};
  int64_t reach = (*dilation)[0] * (taps[2] - 1);
  if (auto pad = arguments.integers("padding", 1))
    padding[1] = padding[3] = (*pad)[0];
  else if (arguments.text("padding") == "same")
    padding = {0, reach / 2, 0, reach - reach / 2};
  else if (arguments.text("padding") != "valid")
    return importer.fail("its padding is of no kind that is known");
  Value output = convolved<graph::Conv2dOp>(
      importer, arguments, {shape[0], 1, shape[2], shape[1]},
      importer.reshaped(rows, {in[0], 1, in[1], in[2]}),
      importer.reshaped(kernel, {taps[0], taps[1], 1, taps[2]}),
      {{1, (*stride)[0]}, padding, {1, (*dilation)[0]}, *groups});
  Held held = Importer::plainly(importer.reshaped(output, {shape[0], shape[2], shape[1]}));
  if (!held.value)
    return failure();
  held.shape = shape.vec();
  held.order = {0, 2, 1};
  return importer.result(held);
}

namespace {
struct Window {
  Pair kernel, strides, padding;
};
} // namespace

/// The graph's windows all lie within the padded image: PyTorch's ceil_mode may add another.
static std::optional<Window> windowOf(Importer &importer, const Arguments &arguments,
                                      ArrayRef<int64_t> image) {
  std::optional<Pair> kernel = arguments.integers("kernel_size", 2);
  std::optional<Pair> pad = arguments.integers("padding", 2);
  std::optional<Pair> stride = arguments.integers("stride");
  if (!kernel || !pad || !stride)
    return (void)importer.fail("its window is of no kind that is known"), std::nullopt;
  *stride = stride->empty()       ? *kernel
            : stride->size() == 1 ? Pair(2, stride->front())
                                  : *stride;
  if (stride->size() != 2)
    return (void)importer.fail("its window is of no kind that is known"), std::nullopt;
  ArrayRef<int64_t> result = importer.resultShape().take_back(2);
  for (int i = 0; i < 2; ++i)
    if ((*stride)[i] < 1 ||
        (image[i] + 2 * (*pad)[i] - (*kernel)[i]) / (*stride)[i] + 1 != result[i])
      return (void)importer.fail("by ceil_mode it has windows that leave the image"),
             std::nullopt;
  return Window{*kernel, *stride, {(*pad)[0], (*pad)[1], (*pad)[0], (*pad)[1]}};
}

static LogicalResult maxPool(Importer &importer, const Arguments &arguments) {
  const Held *x = importer.real(arguments.tensor("self"));
  Value input = x ? importer.image(*x) : Value();
  auto shape = imageShape(importer);
  if (!input || !shape)
    return failure();
  if (arguments.integers("dilation", 2) != Pair{1, 1})
    return importer.fail("its window is dilated");
  auto window = windowOf(importer, arguments, graph::shapeOf(input).slice(1, 2));
  if (!window)
    return failure();
  Type indices = RankedTensorType::get(*shape, importer.builder().getI8Type());
  return importer.result(fromImage(
      importer.make<graph::MaxPoolOp>("", *shape, input,
                                      {importer.attribute("kernel", window->kernel),
                                       importer.attribute("strides", window->strides),
                                       importer.attribute("padding", window->padding)},
                                      indices)));
}

static LogicalResult averaged(Importer &importer, Value input, ArrayRef<int64_t> shape,
                              const Window &window, bool countsPadding) {
  return importer.result(fromImage(importer.make<graph::AvgPoolOp>(
      "", shape, input,
      {importer.attribute("kernel", window.kernel),
       importer.attribute("strides", window.strides),
       importer.attribute("padding", window.padding),
       importer.attribute("count_include_pad",
                          importer.builder().getBoolAttr(countsPadding))})));
}

static LogicalResult avgPool(Importer &importer, const Arguments &arguments) {
  const Held *x = importer.real(arguments.tensor("self"));
  Value input = x ? importer.image(*x) : Value();
  auto shape = imageShape(importer);
  if (!input || !shape)
    return failure();
  if (arguments.has("divisor_override"))
    return importer.fail("it divides by another number than its window's");
  auto window = windowOf(importer, arguments, graph::shapeOf(input).slice(1, 2));
  if (!window)
    return failure();
  return averaged(importer, input, *shape, *window, arguments.flag("count_include_pad"));
}

LogicalResult globalAverage(Importer &importer, Value input) {
  ArrayRef<int64_t> sizes = graph::shapeOf(input);
  Held mean =
      Importer::plainly(importer.make<graph::GlobalAvgPoolOp>("", {sizes[0], sizes[3]}, input));
  if (!mean.value)
    return failure();
  std::optional<Held> result = importer.reshaped(mean, importer.resultShape());
  return result ? importer.result(*result) : failure();
}

static LogicalResult adaptiveAvgPool(Importer &importer, const Arguments &arguments) {
  const Held *x = importer.real(arguments.tensor("self"));
  Value input = x ? importer.image(*x) : Value();
  auto shape = imageShape(importer);
  if (!input || !shape)
    return failure();
  ArrayRef<int64_t> from = graph::shapeOf(input).slice(1, 2);
  ArrayRef<int64_t> to = ArrayRef<int64_t>(*shape).slice(1, 2);
  if (to == ArrayRef<int64_t>{1, 1})
    return globalAverage(importer, input);
  if (from == to)
    return importer.result(fromImage(input));
  if (to[0] < 1 || to[1] < 1 || from[0] % to[0] != 0 || from[1] % to[1] != 0)
    return importer.fail("its windows are of different sizes");
  Pair kernel = {from[0] / to[0], from[1] / to[1]};
  return averaged(importer, input, *shape, {kernel, kernel, {0, 0, 0, 0}}, true);
}

static constexpr OperationForm imageForms[] = {
    {"aten.conv2d.default",
     "input weight bias=null stride=[1,1] padding=[0,0] dilation=[1,1] groups=1", convolution},
    {"aten.conv2d.padding",
     "input weight bias=null stride=[1,1] padding=\"valid\" dilation=[1,1] groups=1",
     convolution},
    {"aten.conv1d.default",
     "input weight bias=null stride=[1] padding=[0] dilation=[1] groups=1", convolutionOfRow},
    {"aten.conv1d.padding",
     "input weight bias=null stride=[1] padding=\"valid\" dilation=[1] groups=1",
     convolutionOfRow},
    {"aten.conv_transpose2d.input",
     "input weight bias=null stride=[1,1] padding=[0,0] output_padding=[0,0] groups=1 "
     "dilation=[1,1]",
     transposedConvolution},
    {"aten.max_pool2d.default",
     "self kernel_size stride=[] padding=[0,0] dilation=[1,1] ceil_mode=false", maxPool},
    {"aten.avg_pool2d.default",
     "self kernel_size stride=[] padding=[0,0] ceil_mode=false count_include_pad=true "
     "divisor_override=null",
     avgPool},
    {"aten.adaptive_avg_pool2d.default", "self output_size", adaptiveAvgPool},
};

ArrayRef<OperationForm> imageOperations() { return imageForms; }

} // namespace autopar::pt2
