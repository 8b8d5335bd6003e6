// Residual networks (He et al. 2015) as torchvision.models.resnet has them: bottlenecks stride
// in their 3x3 convolution, wide and ResNeXt forms widen or group it.
//
//   stem -> layer1 .. layer4 (residual blocks) -> avgpool -> fc -> loss
#include "compiler/models/ResNet.h"

#include "compiler/models/Layers.h"

using namespace mlir;

namespace autopar::models {

namespace {

enum class Block { Basic, Bottleneck };

/// A row of torchvision's table.
struct Member {
  StringRef name;
  Block block;
  std::array<int, 4> depths; ///< Blocks in layer1 .. layer4.
  int64_t groups = 1;        ///< Of a bottleneck's 3x3 convolution,
  int64_t groupWidth = 64;   ///< and the channels of one where the layer has 64 planes.

  /// Channels out of a block, over its planes.
  int64_t expansion() const { return block == Block::Bottleneck ? 4 : 1; }
};

constexpr Member members[] = {
    {"resnet18", Block::Basic, {2, 2, 2, 2}},
    {"resnet34", Block::Basic, {3, 4, 6, 3}},
    {"resnet50", Block::Bottleneck, {3, 4, 6, 3}},
    {"resnet101", Block::Bottleneck, {3, 4, 23, 3}},
    {"resnet152", Block::Bottleneck, {3, 8, 36, 3}},
    {"wide_resnet50_2", Block::Bottleneck, {3, 4, 6, 3}, 1, 128},
    {"wide_resnet101_2", Block::Bottleneck, {3, 4, 23, 3}, 1, 128},
    {"resnext50_32x4d", Block::Bottleneck, {3, 4, 6, 3}, 32, 4},
    {"resnext101_32x8d", Block::Bottleneck, {3, 4, 23, 3}, 32, 8},
    {"resnext101_64x4d", Block::Bottleneck, {3, 4, 23, 3}, 64, 4},
};

} // namespace

/// conv1, bn1, relu and, for ImageNet, a pool: 224x224 -> 56x56. Small images keep their size.
static Value stem(Network &network, Value images, bool cifar) {
  Window window =
      cifar ? Window{.size = 3, .padding = 1} : Window{.size = 7, .stride = 2, .padding = 3};
  Value x = conv2d(network, "conv1", images, 64, window);
  x = batchNorm(network, "bn1", x);
  x = relu(network, "relu", x);
  return cifar ? x : maxPool(network, "maxpool", x, {.size = 3, .stride = 2, .padding = 1});
}

/// Two 3x3 convolutions: C -> planes -> planes.
static Value basicBranch(Network &network, const std::string &name, Value x, int64_t planes,
                         int64_t stride) {
  x = conv2d(network, name + ".conv1", x, planes, {.size = 3, .stride = stride, .padding = 1});
  x = batchNorm(network, name + ".bn1", x);
  x = relu(network, name + ".relu", x);
  x = conv2d(network, name + ".conv2", x, planes, {.size = 3, .padding = 1});
  return batchNorm(network, name + ".bn2", x);
}

/// 1x1, 3x3 and 1x1 convolutions: C -> width -> width -> 4 planes.
static Value bottleneckBranch(Network &network, const std::string &name, Value x,
                              const Member &member, int64_t planes, int64_t stride) {
  int64_t width = planes * member.groupWidth / 64 * member.groups;
  x = conv2d(network, name + ".conv1", x, width, {.size = 1});
  x = batchNorm(network, name + ".bn1", x);
  x = relu(network, name + ".relu", x);
  x = conv2d(network, name + ".conv2", x, width, {.size = 3, .stride = stride, .padding = 1},
             member.groups);
  x = batchNorm(network, name + ".bn2", x);
  x = relu(network, name + ".relu", x);
  x = conv2d(network, name + ".conv3", x, planes * member.expansion(), {.size = 1});
  return batchNorm(network, name + ".bn3", x);
}

/// relu(branch(x) + x), with x projected where the branch changes its shape.
static Value residualBlock(Network &network, const std::string &name, Value x,
                           const Member &member, int64_t planes, int64_t stride) {
  Value branch = member.block == Block::Basic
                     ? basicBranch(network, name, x, planes, stride)
                     : bottleneckBranch(network, name, x, member, planes, stride);
  int64_t channels = planes * member.expansion();
  if (stride != 1 || graph::shapeOf(x)[3] != channels) {
    x = conv2d(network, name + ".downsample.0", x, channels, {.size = 1, .stride = stride});
    x = batchNorm(network, name + ".downsample.1", x);
  }
  return relu(network, name + ".relu", add(network, name + ".add", branch, x));
}

static OwningOpRef<ModuleOp> buildResNet(MLIRContext &context, StringRef name,
                                   const Options &options) {
  const Member &member = *llvm::find_if(members, [&](auto &m) { return m.name == name; });
  int64_t batch = options.batch.value_or(256);
  int64_t image = options.image.value_or(options.cifar ? 32 : 224);
  int64_t classes = options.classes.value_or(options.cifar ? 10 : 1000);
  if (failed(requireSize(context, "batch", batch)) ||
      failed(requireSize(context, "image", image)) ||
      failed(requireSize(context, "classes", classes)))
    return nullptr;
  Attribute optimizer = sgd(context, options);
  if (!optimizer)
    return nullptr;

  Builder types(&context);
  Network network(
      context, name, optimizer,
      {{"images", RankedTensorType::get({batch, image, image, 3}, types.getF32Type())},
       {"labels", RankedTensorType::get({batch}, types.getI32Type())}});
  Value x = stem(network, network.input(0), options.cifar);
  for (auto [layer, depth] : llvm::enumerate(member.depths))
    for (int block = 0; block < depth; ++block) {
      std::string path = "layer" + std::to_string(layer + 1) + "." + std::to_string(block);
      x = residualBlock(network, path, x, member, /*planes=*/int64_t(64) << layer,
                        /*stride=*/layer > 0 && block == 0 ? 2 : 1);
    }
  x = globalAvgPool(network, "avgpool", x);
  x = linear(network, "fc", x, classes);
  return network.finish(
      crossEntropy(network, "loss", x, network.input(1), options.labelSmoothing));
}

const Family resNet = {[] {
                         std::vector<StringRef> names;
                         for (const Member &member : members)
                           names.push_back(member.name);
                         return names;
                       }(),
                       buildResNet};

} // namespace autopar::models
