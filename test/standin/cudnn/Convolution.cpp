// Convolutions: y = x * w, and the gradients of its operands. Sums are in f32, as cuDNN's are.
#include "standin/Report.h"
#include "standin/cudnn/Operation.h"

using namespace standin;
using namespace standin::cudnn;

namespace {

enum class Pass { Forward, InputGrad, WeightGrad };

/// What cuDNN calls the parts of one of the three operations.
struct Names {
  Pass pass;
  cudnnBackendAttributeName_t alpha, beta, window, image, weights, output;
};

Names namesOf(cudnnBackendDescriptorType_t type) {
  switch (type) {
  case CUDNN_BACKEND_OPERATION_CONVOLUTION_FORWARD_DESCRIPTOR:
    return {Pass::Forward,
            CUDNN_ATTR_OPERATION_CONVOLUTION_FORWARD_ALPHA,
            CUDNN_ATTR_OPERATION_CONVOLUTION_FORWARD_BETA,
            CUDNN_ATTR_OPERATION_CONVOLUTION_FORWARD_CONV_DESC,
            CUDNN_ATTR_OPERATION_CONVOLUTION_FORWARD_X,
            CUDNN_ATTR_OPERATION_CONVOLUTION_FORWARD_W,
            CUDNN_ATTR_OPERATION_CONVOLUTION_FORWARD_Y};
  case CUDNN_BACKEND_OPERATION_CONVOLUTION_BACKWARD_DATA_DESCRIPTOR:
    return {Pass::InputGrad,
            CUDNN_ATTR_OPERATION_CONVOLUTION_BWD_DATA_ALPHA,
            CUDNN_ATTR_OPERATION_CONVOLUTION_BWD_DATA_BETA,
            CUDNN_ATTR_OPERATION_CONVOLUTION_BWD_DATA_CONV_DESC,
            CUDNN_ATTR_OPERATION_CONVOLUTION_BWD_DATA_DX,
            CUDNN_ATTR_OPERATION_CONVOLUTION_BWD_DATA_W,
            CUDNN_ATTR_OPERATION_CONVOLUTION_BWD_DATA_DY};
  default:
    return {Pass::WeightGrad,
            CUDNN_ATTR_OPERATION_CONVOLUTION_BWD_FILTER_ALPHA,
            CUDNN_ATTR_OPERATION_CONVOLUTION_BWD_FILTER_BETA,
            CUDNN_ATTR_OPERATION_CONVOLUTION_BWD_FILTER_CONV_DESC,
            CUDNN_ATTR_OPERATION_CONVOLUTION_BWD_FILTER_X,
            CUDNN_ATTR_OPERATION_CONVOLUTION_BWD_FILTER_DW,
            CUDNN_ATTR_OPERATION_CONVOLUTION_BWD_FILTER_DY};
  }
}

/// [a, b, c, d] as [a, c, d, b].
std::vector<float> channelsLast(const Value &value) {
  const auto [a, b, c, d] = value.dims;
  std::vector<float> result(value.numbers.size());
  for (int64_t i = 0; i < a; ++i)
    for (int64_t j = 0; j < b; ++j)
      for (int64_t k = 0; k < c * d; ++k)
        result[(i * c * d + k) * b + j] = value.numbers[(i * b + j) * c * d + k];
  return result;
}

Value channelsSecond(const std::vector<float> &numbers, const Dims &dims) {
  Value result(dims);
  const auto [a, b, c, d] = dims;
  for (int64_t i = 0; i < a; ++i)
    for (int64_t j = 0; j < b; ++j)
      for (int64_t k = 0; k < c * d; ++k)
        result.numbers[(i * b + j) * c * d + k] = numbers[(i * c * d + k) * b + j];
  return result;
}

/// The places where image, weights and output meet.
struct Window {
  Dims image;                              ///< [n, c, h, w]
  Dims weights;                            ///< [filters, c / groups, kernel h, kernel w]
  Dims output;                             ///< [n, filters, h, w]
  std::vector<int64_t> strides, dilations; ///< of h and w
  std::vector<int64_t> before;             ///< padding

  /// visit(place in the image, in the output, in the kernel), each a number of its pixels.
  template <class Visit> void forEachPixel(Visit visit) const {
    for (int64_t n = 0; n < output[0]; ++n)
      for (int64_t y = 0; y < output[2]; ++y)
        for (int64_t x = 0; x < output[3]; ++x)
          for (int64_t r = 0; r < weights[2]; ++r)
            for (int64_t s = 0; s < weights[3]; ++s) {
              const int64_t h = y * strides[0] - before[0] + r * dilations[0];
              const int64_t w = x * strides[1] - before[1] + s * dilations[1];
              if (h >= 0 && h < image[2] && w >= 0 && w < image[3])
                visit((n * image[2] + h) * image[3] + w, (n * output[2] + y) * output[3] + x,
                      r * weights[3] + s);
            }
  }
};

/// Filters as [kernel pixel, channel of the group, filter], which the inner loops run along.
std::vector<float> filtersLast(const Value &weights) {
  const auto [filters, channels, h, w] = weights.dims;
  std::vector<float> result(weights.numbers.size());
  for (int64_t k = 0; k < filters; ++k)
    for (int64_t c = 0; c < channels; ++c)
      for (int64_t p = 0; p < h * w; ++p)
        result[(p * channels + c) * filters + k] =
            weights.numbers[(k * channels + c) * h * w + p];
  return result;
}

} // namespace

void standin::cudnn::convolve(const Descriptor &operation, Operands &operands) {
  const Names names = namesOf(operation.type);
  const Descriptor &how = operation.descriptor(names.window);
  if (operation.value<double>(names.alpha) != 1 || operation.value<double>(names.beta) != 0)
    report("a convolution of cuDNN's that is scaled, or added to what is there");
  const Descriptor &imageTensor = operation.descriptor(names.image),
                   &weightsTensor = operation.descriptor(names.weights),
                   &outputTensor = operation.descriptor(names.output);
  const TensorType imageType(imageTensor), weightsType(weightsTensor), outputType(outputTensor);
  const Window window{imageType.dims,
                      weightsType.dims,
                      outputType.dims,
                      how.values<int64_t>(CUDNN_ATTR_CONVOLUTION_FILTER_STRIDES),
                      how.values<int64_t>(CUDNN_ATTR_CONVOLUTION_DILATIONS),
                      how.values<int64_t>(CUDNN_ATTR_CONVOLUTION_PRE_PADDINGS)};
  const int64_t channels = imageType.dims[1], filters = outputType.dims[1];
  const int64_t channelsOfGroup = weightsType.dims[1], groups = channels / channelsOfGroup;
  const int64_t filtersOfGroup = filters / groups;

  const auto factorOf = [&](const Descriptor &tensor, const TensorType &own,
                            const TensorType &other) {
    return asFactor(operands.get(tensor), own.element, other.element, operands.isTf32);
  };
  std::vector<float> image(imageType.count()), weights(weightsType.count()),
      output(outputType.count());
  if (names.pass != Pass::InputGrad)
    image = channelsLast(factorOf(imageTensor, imageType,
                                  names.pass == Pass::Forward ? weightsType : outputType));
  if (names.pass != Pass::WeightGrad)
    weights = filtersLast(factorOf(weightsTensor, weightsType,
                                   names.pass == Pass::Forward ? imageType : outputType));
  if (names.pass != Pass::Forward)
    output = channelsLast(factorOf(outputTensor, outputType,
                                   names.pass == Pass::InputGrad ? weightsType : imageType));

  window.forEachPixel([&](int64_t imagePixel, int64_t outputPixel, int64_t kernelPixel) {
    for (int64_t group = 0; group < groups; ++group) {
      float *const y = &output[outputPixel * filters + group * filtersOfGroup];
      for (int64_t c = 0; c < channelsOfGroup; ++c) {
        float &x = image[imagePixel * channels + group * channelsOfGroup + c];
        float *const w =
            &weights[(kernelPixel * channelsOfGroup + c) * filters + group * filtersOfGroup];
        if (names.pass == Pass::Forward)
          for (int64_t k = 0; k < filtersOfGroup; ++k)
            y[k] += x * w[k];
        else if (names.pass == Pass::WeightGrad)
          for (int64_t k = 0; k < filtersOfGroup; ++k)
            w[k] += x * y[k];
        else
          for (int64_t k = 0; k < filtersOfGroup; ++k)
            x += y[k] * w[k];
      }
    }
  });

  switch (names.pass) {
  case Pass::Forward:
    return operands.set(outputTensor, channelsSecond(output, outputType.dims));
  case Pass::InputGrad:
    return operands.set(imageTensor, channelsSecond(image, imageType.dims));
  case Pass::WeightGrad: {
    Value result(weightsType.dims);
    const int64_t pixels = weightsType.dims[2] * weightsType.dims[3];
    for (int64_t k = 0; k < filters; ++k)
      for (int64_t c = 0; c < channelsOfGroup; ++c)
        for (int64_t p = 0; p < pixels; ++p)
          result.numbers[(k * channelsOfGroup + c) * pixels + p] =
              weights[(p * channelsOfGroup + c) * filters + k];
    return operands.set(weightsTensor, std::move(result));
  }
  }
}
