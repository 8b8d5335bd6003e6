// Convolutions and norms one after the other, forward and back. See RandomCalls.h.
#include "RandomCalls.h"

#include "RandomText.h"

#include "llvm/ADT/STLExtras.h"

#include <optional>

using llvm::formatv;

namespace autopar {

namespace {

constexpr int64_t batch = 2, size = 4, pixels = batch * size * size;

struct Image {
  std::string name;
  int64_t channels;
  std::string element;
  bool isRead = false;

  std::string type() const {
    return formatv("tensor<{0}x{1}x{1}x{2}x{3}>", batch, size, channels, element);
  }
};

std::string channelsType(int64_t channels) { return formatv("tensor<{0}xf32>", channels); }
std::string sumsType(int64_t channels) { return formatv("tensor<2x{0}xf64>", channels); }

/// What the backward pass needs of a convolution and of the norm behind it.
struct Layer {
  Image input;
  std::string weight, weightType, convolution; ///< The latter: its configuration.
  Image convolved;
  std::string norm, stats, parameter, gamma, beta; ///< The first: the norm's configuration.
  std::optional<Image> residual;
  bool isSynchronised, hasRelu;
  Image output;
};

class ImageProgram : RandomText {
public:
  explicit ImageProgram(unsigned seed) : RandomText(seed), element(seed % 4 ? "f16" : "f32") {
    for (int64_t channels : {8, 16})
      images.push_back({formatv("%x{0}", channels), channels, element});
  }

  std::string text() {
    std::string arguments;
    for (const Image &image : images)
      arguments +=
          formatv("{0}{1}: {2} {{graph.input = \"{3}\"}", arguments.empty() ? "" : ", ",
                  image.name, image.type(), image.name.substr(1));
    std::vector<Layer> layers;
    for (int i = 0; i < 5; ++i) {
      layers.push_back(forward());
      addBetween();
    }
    for (Layer &layer : llvm::reverse(layers)) {
      backward(layer);
      addBetween();
    }
    returnUnread(images);
    return cudaModule(/*ranks=*/2, function("step", arguments));
  }

private:
  Image takeOf(int64_t channels) {
    return take(images, [&](const Image &image) { return image.channels == channels; });
  }
  Image make(int64_t channels) {
    images.push_back({fresh(), channels, element});
    return images.back();
  }

  /// Sometimes another call, which reads what is between others.
  void addBetween() {
    if (draw(2))
      return;
    const Image x = take(images, [](const Image &) { return true; });
    const int64_t count = pixels * x.channels;
    if (draw(2)) {
      const Image y = make(x.channels);
      return line("{0} = rt.call \"Relu\" {{count = {1} : i64} ({2}) : ({3}) -> {3}", y.name,
                  count, x.name, x.type());
    }
    const Image other = takeOf(x.channels), y = make(x.channels);
    line("{0} = rt.call \"Add\" {{count = {1} : i64} ({2}, {3}) : ({4}, {4}) -> {4}", y.name,
         count, x.name, other.name, x.type());
  }

  Layer forward() {
    Layer layer;
    layer.input = take(images, [](const Image &) { return true; });
    layer.convolved = make(draw(2) ? 8 : 16);
    convolve(layer);
    addBetween();
    normalize(layer);
    return layer;
  }
  void convolve(Layer &layer) {
    const Image &x = layer.input, &y = layer.convolved;
    const bool isWide = draw(2);
    layer.convolution = formatv(
        "batch = {0} : i64, height = {1} : i64, width = {1} : i64, channels = {2} : i64, "
        "filters = {3} : i64, kernelH = {4} : i64, kernelW = {4} : i64, padTop = {5} : i64, "
        "padLeft = {5} : i64, padBottom = {5} : i64, padRight = {5} : i64{6}",
        batch, size, x.channels, y.channels, isWide ? 3 : 1, isWide ? 1 : 0,
        elementField("type", element));
    layer.weightType =
        formatv("tensor<{0}x{1}x{2}x{2}xf32>", y.channels, x.channels, isWide ? 3 : 1);
    layer.weight = variable("parameter", layer.weightType);
    line("{0} = rt.call \"Conv2dForward\" {{{1}} ({2}, {3}) workspace 0 : ({4}, {5}) -> {6}",
         y.name, layer.convolution, x.name, layer.weight, x.type(), layer.weightType, y.type());
  }
  /// The sum over ranks, or over this rank alone.
  std::string sumOverRanks(const std::string &sums, int64_t channels) {
    const std::string sum = fresh();
    line("{0} = rt.call \"AllReduce\" {{axes = array<i64: 0>} ({1}) workspace 0 : ({2}) -> {2}",
         sum, sums, sumsType(channels));
    return sum;
  }
  void normalize(Layer &layer) {
    const Image &x = layer.convolved;
    const int64_t channels = x.channels;
    markRead(x);
    layer.stats = fresh();
    line("{0} = rt.call \"BatchNormStats\" {{rows = {1} : i64, channels = {2} : i64} ({3}) "
         "workspace 0 : ({4}) -> {5}",
         layer.stats, pixels, channels, x.name, x.type(), sumsType(channels));
    layer.isSynchronised = draw(2);
    if (layer.isSynchronised)
      layer.stats = sumOverRanks(layer.stats, channels);
    if (draw(4) == 0)
      results.push_back({layer.stats, sumsType(channels)});
    layer.norm = formatv("rows = {0} : i64, channels = {1} : i64, count = {2} : i64, epsilon = "
                         "1.0e-5 : f64",
                         pixels, channels, layer.isSynchronised ? 2 * pixels : pixels);
    if (draw(4))
      updateRunning(layer);
    layer.gamma = gamma(layer);
    layer.beta = variable("parameter", channelsType(channels));
    layer.hasRelu = draw(4);
    if (draw(4) == 0)
      layer.residual = takeOf(channels);
    apply(layer);
  }
  void updateRunning(const Layer &layer) {
    const int64_t channels = layer.convolved.channels;
    const std::string type = channelsType(channels), mean = variable("state", type),
                      variance = variable("state", type), now = fresh();
    line("{0}, {0}.v = rt.call \"BatchNormRunning\" {{channels = {1} : i64, count = {2} : i64, "
         "momentum = 0.1 : f64} ({3}, {4}, {5}) : ({6}, {7}, {7}) -> ({7}, {7})",
         now, channels, layer.isSynchronised ? 2 * pixels : pixels, layer.stats, mean, variance,
         sumsType(channels), type);
    assign(mean, now, type);
    assign(variance, now + ".v", type);
  }
  /// A parameter, or what a call makes of one, as parts of it are gathered.
  std::string gamma(Layer &layer) {
    const int64_t channels = layer.convolved.channels;
    const std::string type = channelsType(channels);
    if (layer.parameter.empty())
      layer.parameter = variable("parameter", type);
    if (draw(2))
      return layer.parameter;
    const std::string scaled = fresh();
    line(
        "{0} = rt.call \"Scale\" {{count = {1} : i64, factor = 1.0 : f64} ({2}) : ({3}) -> {3}",
        scaled, channels, layer.parameter, type);
    return scaled;
  }
  void apply(Layer &layer) {
    const Image &x = layer.convolved;
    layer.output = make(x.channels);
    line(
        "{0} = rt.call \"BatchNormApply\" {{{1}{2}} ({3}, {4}, {5}, {6}{7}) : ({8}, {9}, {10}, "
        "{10}{11}) -> {8}",
        layer.output.name, layer.norm, layer.hasRelu ? ", relu = true" : "", x.name,
        layer.stats, layer.gamma, layer.beta, layer.residual ? ", " + layer.residual->name : "",
        x.type(), sumsType(x.channels), channelsType(x.channels),
        layer.residual ? ", " + layer.residual->type() : "");
  }
  /// The norm once more, as it is where its output is not kept.
  void applyAgain(Layer &layer) {
    layer.gamma = gamma(layer);
    apply(layer);
    markRead(layer.output);
  }

  void backward(Layer &layer) {
    const int64_t channels = layer.output.channels;
    Image dy = takeOf(channels);
    if (!layer.hasRelu && draw(2))
      dy = behindSum(dy);
    if (layer.hasRelu && draw(3) == 0)
      applyAgain(layer);
    const std::string mask = layer.hasRelu ? ", " + layer.output.name : "",
                      maskType = layer.hasRelu ? ", " + layer.output.type() : "";
    std::string sums = fresh();
    line("{0} = rt.call \"BatchNormGradSums\" {{{1}} ({2}, {3}, {4}{5}) workspace 0 : ({6}, "
         "{7}, "
         "{6}{8}) -> {7}",
         sums, layer.norm, layer.convolved.name, layer.stats, dy.name, mask, dy.type(),
         sumsType(channels), maskType);
    const std::string parameters = fresh();
    line("{0}, {0}.b = rt.call \"BatchNormGradParameters\" {{channels = {1} : i64} ({2}) : "
         "({3}) "
         "-> ({4}, {4})",
         parameters, channels, sums, sumsType(channels), channelsType(channels));
    results.push_back({parameters, channelsType(channels)});
    results.push_back({parameters + ".b", channelsType(channels)});
    if (layer.isSynchronised)
      sums = sumOverRanks(sums, channels);
    if (draw(4) == 0)
      addBetween();
    const Image dx = make(channels);
    line(
        "{0} = rt.call \"BatchNormGradInput\" {{{1}} ({2}, {3}, {4}, {5}, {6}{7}) : ({8}, {9}, "
        "{10}, {9}, {8}{11}) -> {8}",
        dx.name, layer.norm, layer.convolved.name, layer.stats, layer.gamma, sums, dy.name,
        mask, dx.type(), sumsType(channels), channelsType(channels), maskType);
    const bool weightFirst = draw(2);
    if (weightFirst)
      weightGradient(layer, dx);
    const Image before = make(layer.input.channels);
    markRead(dx);
    line("{0} = rt.call \"Conv2dInputGrad\" {{{1}} ({2}, {3}) workspace 0 : ({4}, {5}) -> {6}",
         before.name, layer.convolution, dx.name, layer.weight, dx.type(), layer.weightType,
         before.type());
    if (!weightFirst)
      weightGradient(layer, dx);
  }
  /// The gradient that has come two ways to a residual's sum, before the relu behind that.
  Image behindSum(const Image &dy) {
    const Image other = takeOf(dy.channels), output = takeOf(dy.channels);
    const std::string sum = fresh();
    const int64_t count = pixels * dy.channels;
    line("{0} = rt.call \"Add\" {{count = {1} : i64} ({2}, {3}) : ({4}, {4}) -> {4}", sum, count,
         dy.name, other.name, dy.type());
    const Image behind = make(dy.channels);
    markRead(behind);
    line("{0} = rt.call \"ReluGrad\" {{count = {1} : i64} ({2}, {3}) : ({4}, {4}) -> {4}",
         behind.name, count, sum, output.name, dy.type());
    return behind;
  }
  void weightGradient(const Layer &layer, const Image &dy) {
    const std::string gradient = fresh();
    line("{0} = rt.call \"Conv2dWeightGrad\" {{{1}} ({2}, {3}) workspace 0 : ({4}, {5}) -> {6}",
         gradient, layer.convolution, layer.input.name, dy.name, layer.input.type(), dy.type(),
         layer.weightType);
    results.push_back({gradient, layer.weightType});
  }
  void markRead(const Image &read) {
    for (Image &image : images)
      image.isRead |= image.name == read.name;
  }

  const std::string element;
  std::vector<Image> images;
};

} // namespace

std::string randomImageCalls(unsigned seed) { return ImageProgram(seed).text(); }

} // namespace autopar
