// Convolutions, pools and other sizes: images [N, C, H, W] are channels-last in the graph.
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

/// The shape of the value for a result [N, C, H, W], or [N, C, L]: an image of one row.
static std::optional<SmallVector<int64_t>> imageShape(Importer &importer) {
  ArrayRef<int64_t> shape = importer.resultShape();
  if (shape.size() == 3)
    return SmallVector<int64_t>{shape[0], 1, shape[2], shape[1]};
  if (shape.size() != 4)
    return (void)importer.fail("its images are not of four dimensions"), std::nullopt;
  return SmallVector<int64_t>{shape[0], shape[2], shape[3], shape[1]};
}

/// An argument as a channels-last value, a sequence [N, C, L] as an image of one row.
static Value imageOf(Importer &importer, StringRef name) {
  const Held *read = importer.real(name);
  if (!read)
    return Value();
  std::optional<Held> x = *read;
  if (x->shape.size() == 3)
    x = importer.reshaped(*x, {x->shape[0], x->shape[1], 1, x->shape[2]});
  return x ? importer.image(*x) : Value();
}

/// The node's result, in its own shape.
static LogicalResult imageResult(Importer &importer, Value image) {
  Held held = fromImage(image);
  std::optional<Held> result =
      image ? importer.reshaped(held, importer.resultShape()) : std::nullopt;
  return result ? importer.result(*result) : failure();
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
  bool leavesImage = false; ///< and its padding
};
} // namespace

/// By ceil_mode the last windows may leave the padded image: the graph pads as far as they go.
static std::optional<Window> windowOf(Importer &importer, const Arguments &arguments,
                                      ArrayRef<int64_t> image) {
  const bool isRow = importer.resultShape().size() == 3;
  auto both = [&](StringRef name, int64_t ofRows) {
    std::optional<Pair> pair = arguments.integers(name, isRow ? 1 : 2);
    if (pair && isRow)
      pair->insert(pair->begin(), ofRows);
    return pair;
  };
  std::optional<Pair> kernel = both("kernel_size", 1), pad = both("padding", 0);
  auto given = arguments.integers("stride");
  std::optional<Pair> stride = given && given->empty() ? kernel : both("stride", 1);
  auto shape = imageShape(importer);
  if (!kernel || !pad || !stride || !shape)
    return (void)importer.fail("its window is of no kind that is known"), std::nullopt;
  ArrayRef<int64_t> result = ArrayRef<int64_t>(*shape).slice(1, 2);
  Window window{*kernel, *stride, {(*pad)[0], (*pad)[1], (*pad)[0], (*pad)[1]}};
  for (int i = 0; i < 2; ++i) {
    const int64_t span = (result[i] - 1) * (*stride)[i] + (*kernel)[i];
    const int64_t beyond = span - (image[i] + 2 * (*pad)[i]);
    if ((*stride)[i] < 1 || beyond >= (*stride)[i] || beyond <= -(*stride)[i])
      return (void)importer.fail("its windows do not make what the export says"), std::nullopt;
    if (beyond > 0) {
      window.padding[2 + i] += beyond;
      window.leavesImage = true;
    }
  }
  return window;
}

static LogicalResult largest(Importer &importer, Value input, ArrayRef<int64_t> shape,
                             const Window &window) {
  Type indices = RankedTensorType::get(shape, importer.builder().getI8Type());
  return imageResult(importer, importer.make<graph::MaxPoolOp>(
                                   "", shape, input,
                                   {importer.attribute("kernel", window.kernel),
                                    importer.attribute("strides", window.strides),
                                    importer.attribute("padding", window.padding)},
                                   indices));
}

static LogicalResult maxPool(Importer &importer, const Arguments &arguments) {
  Value input = imageOf(importer, arguments.tensor("self"));
  auto shape = imageShape(importer);
  if (!input || !shape)
    return failure();
  if (auto dilation = arguments.integers("dilation", 2); !dilation || *dilation != Pair{1, 1})
    return importer.fail("its window is dilated");
  auto window = windowOf(importer, arguments, graph::shapeOf(input).slice(1, 2));
  if (!window)
    return failure();
  return largest(importer, input, *shape, *window);
}

static LogicalResult averaged(Importer &importer, Value input, ArrayRef<int64_t> shape,
                              const Window &window, bool countsPadding) {
  return imageResult(
      importer, importer.make<graph::AvgPoolOp>(
                    "", shape, input,
                    {importer.attribute("kernel", window.kernel),
                     importer.attribute("strides", window.strides),
                     importer.attribute("padding", window.padding),
                     importer.attribute("count_include_pad",
                                        importer.builder().getBoolAttr(countsPadding))}));
}

static LogicalResult avgPool(Importer &importer, const Arguments &arguments) {
  Value input = imageOf(importer, arguments.tensor("self"));
  auto shape = imageShape(importer);
  if (!input || !shape)
    return failure();
  if (arguments.has("divisor_override"))
    return importer.fail("it divides by another number than its window's");
  auto window = windowOf(importer, arguments, graph::shapeOf(input).slice(1, 2));
  if (!window)
    return failure();
  bool countsPadding = arguments.flag("count_include_pad");
  if (window->leavesImage && countsPadding) {
    // What is beyond the padding counts for nothing; without padding that is all around.
    if (window->padding[0] || window->padding[1])
      return importer.fail("by ceil_mode it counts padding, and what is beyond it not");
    countsPadding = false;
  }
  return averaged(importer, input, *shape, *window, countsPadding);
}

/// An image's rows, or columns, as sums of other ones: a product by a matrix [to, from].
static Value mixed(Importer &importer, const Twine &suffix, Value image, int dim,
                   const Constant &matrix) {
  if (!image)
    return Value();
  SmallVector<int64_t> shape(graph::shapeOf(image));
  shape[dim] = matrix.shape[0];
  return importer.make<graph::EinsumOp>(
      suffix, shape, {image, importer.given(matrix)},
      importer.attribute("equation", dim == 1 ? "nhwc,oh->nowc" : "nhwc,ow->nhoc"));
}

/// Both dimensions of an image to other sizes, by the weights of a size's places in the other.
static LogicalResult resized(Importer &importer, Value input, ArrayRef<int64_t> to,
                             llvm::function_ref<Constant(int dim, int64_t from, int64_t to)> matrix) {
  for (int dim : {1, 2}) {
    if (!input)
      return failure();
    const int64_t from = graph::shapeOf(input)[dim];
    if (from != to[dim])
      input = mixed(importer, dim == 1 && graph::shapeOf(input)[2] != to[2] ? ".rows" : "", input,
                    dim, matrix(dim, from, to[dim]));
  }
  return imageResult(importer, input);
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

/// Windows that make the result of the image, each as large as the others.
static std::optional<Window> equalWindows(ArrayRef<int64_t> from, ArrayRef<int64_t> to) {
  if (to[0] < 1 || to[1] < 1 || from[0] % to[0] != 0 || from[1] % to[1] != 0)
    return std::nullopt;
  Pair kernel = {from[0] / to[0], from[1] / to[1]};
  return Window{kernel, kernel, {0, 0, 0, 0}};
}

static LogicalResult adaptiveMaxPool(Importer &importer, const Arguments &arguments) {
  Value input = imageOf(importer, arguments.tensor("self"));
  auto shape = imageShape(importer);
  if (!input || !shape)
    return failure();
  auto window = equalWindows(graph::shapeOf(input).slice(1, 2),
                             ArrayRef<int64_t>(*shape).slice(1, 2));
  return window ? largest(importer, input, *shape, *window)
                : importer.fail("its windows are of different sizes");
}

static LogicalResult adaptiveAvgPool(Importer &importer, const Arguments &arguments) {
  Value input = imageOf(importer, arguments.tensor("self"));
  auto shape = imageShape(importer);
  if (!input || !shape)
    return failure();
  ArrayRef<int64_t> from = graph::shapeOf(input).slice(1, 2);
  ArrayRef<int64_t> to = ArrayRef<int64_t>(*shape).slice(1, 2);
  if (to == ArrayRef<int64_t>{1, 1})
    return globalAverage(importer, input);
  if (from == to)
    return imageResult(importer, input);
  if (to[0] < 1 || to[1] < 1)
    return importer.fail("its windows are of no kind that is known");
  auto window = equalWindows(from, to);
  if (!window)
    return resized(importer, input, *shape, [](int, int64_t from, int64_t to) {
      Constant matrix{{to, from}, std::vector<double>(to * from)};
      for (int64_t i = 0; i < to; ++i) {
        const int64_t begin = i * from / to, end = ((i + 1) * from + to - 1) / to;
        for (int64_t j = begin; j < end; ++j)
          matrix.numbers[i * from + j] = 1.0 / double(end - begin);
      }
      return matrix;
    });
  return averaged(importer, input, *shape, *window, /*countsPadding=*/true);
}

/// How many of the source one step of the result is: by the factor that was asked for, where one
/// was.
static double stepOf(const Arguments &arguments, int dim, int64_t from, int64_t to) {
  std::optional<double> factor = arguments.numberIn("scale_factors", size_t(dim) - 1);
  return factor && *factor > 0 ? 1 / *factor : double(from) / double(to);
}

/// The nearest of the source's places.
static LogicalResult nearest(Importer &importer, const Arguments &arguments) {
  const Held *x = importer.real(arguments.tensor("input"));
  Value input = x ? importer.image(*x) : Value();
  auto shape = imageShape(importer);
  if (!input || !shape)
    return failure();
  SmallVector<int64_t> from(graph::shapeOf(input));
  auto factorOf = [&](int dim) { return (*shape)[dim] / from[dim]; };
  bool isRepeated = (*shape)[1] % from[1] == 0 && (*shape)[2] % from[2] == 0 &&
                    stepOf(arguments, 1, from[1], (*shape)[1]) == 1.0 / double(factorOf(1)) &&
                    stepOf(arguments, 2, from[2], (*shape)[2]) == 1.0 / double(factorOf(2));
  if (isRepeated) {
    SmallVector<int64_t> each = {from[0], from[1], 1, from[2], 1, from[3]};
    Value value = importer.reshaped(input, each);
    each[2] = factorOf(1);
    each[4] = factorOf(2);
    value = importer.make<graph::ExpandOp>(".expand", each, value);
    return importer.result(fromImage(importer.reshaped(value, *shape)));
  }
  return resized(importer, input, *shape, [&](int dim, int64_t from, int64_t to) {
    Constant matrix{{to, from}, std::vector<double>(to * from)};
    const double step = stepOf(arguments, dim, from, to);
    for (int64_t i = 0; i < to; ++i)
      matrix.numbers[i * from + std::min(int64_t(float(i) * float(step)), from - 1)] = 1;
    return matrix;
  });
}

/// Between the two nearest of the source's places, in each dimension.
static LogicalResult bilinear(Importer &importer, const Arguments &arguments) {
  const Held *x = importer.real(arguments.tensor("input"));
  Value input = x ? importer.image(*x) : Value();
  auto shape = imageShape(importer);
  if (!input || !shape)
    return failure();
  const bool alignsCorners = arguments.flag("align_corners");
  return resized(importer, input, *shape, [&](int dim, int64_t from, int64_t to) {
    Constant matrix{{to, from}, std::vector<double>(to * from)};
    for (int64_t i = 0; i < to; ++i) {
      double at = alignsCorners
                      ? (to > 1 ? double(i) * double(from - 1) / double(to - 1) : 0)
                      : std::max((double(i) + 0.5) * stepOf(arguments, dim, from, to) - 0.5, 0.0);
      const int64_t below = std::min(int64_t(at), from - 1), above = std::min(below + 1, from - 1);
      matrix.numbers[i * from + below] += 1 - (at - double(below));
      matrix.numbers[i * from + above] += at - double(below);
    }
    return matrix;
  });
}

/// Six dimensions that come apart, change places and come together again.
static LogicalResult shuffled(Importer &importer, const Held &x, ArrayRef<int64_t> apart,
                              ArrayRef<int> order) {
  std::optional<Held> parts = importer.reshaped(x, apart);
  std::optional<Held> result =
      parts ? importer.reshaped(Importer::permuted(*parts, order), importer.resultShape())
            : std::nullopt;
  return result ? importer.result(*result) : failure();
}

/// Of images: [N, C r r, H, W] as [N, C, H r, W r], or the other way round.
template <bool isUp>
static LogicalResult pixelShuffle(Importer &importer, const Arguments &arguments) {
  const Held *x = importer.real(arguments.tensor("self"));
  std::optional<int64_t> r = arguments.integer(isUp ? "upscale_factor" : "downscale_factor");
  ArrayRef<int64_t> shape = importer.resultShape();
  if (!x || !r || shape.size() != 4 || x->shape.size() != 4 || *r < 1)
    return importer.fail("its images are not of four dimensions");
  ArrayRef<int64_t> from = x->shape;
  return isUp ? shuffled(importer, *x, {from[0], shape[1], *r, *r, from[2], from[3]},
                         {0, 1, 4, 2, 5, 3})
              : shuffled(importer, *x, {from[0], from[1], shape[2], *r, shape[3], *r},
                         {0, 1, 3, 5, 2, 4});
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
    {"aten.adaptive_avg_pool1d.default", "self output_size", adaptiveAvgPool},
    {"aten.adaptive_max_pool1d.default", "self output_size", adaptiveMaxPool},
    {"aten.adaptive_max_pool2d.default", "self output_size", adaptiveMaxPool},
    {"aten.max_pool1d.default",
     "self kernel_size stride=[] padding=[0] dilation=[1] ceil_mode=false", maxPool},
    {"aten.avg_pool1d.default",
     "self kernel_size stride=[] padding=[0] ceil_mode=false count_include_pad=true", avgPool},
    {"aten.upsample_nearest2d.vec", "input output_size=null scale_factors=null", nearest},
    {"aten.upsample_bilinear2d.vec", "input output_size align_corners scale_factors=null",
     bilinear},
    {"aten.pixel_shuffle.default", "self upscale_factor", pixelShuffle<true>},
    {"aten.pixel_unshuffle.default", "self downscale_factor", pixelShuffle<false>},
};

ArrayRef<OperationForm> imageOperations() { return imageForms; }

} // namespace autopar::pt2
