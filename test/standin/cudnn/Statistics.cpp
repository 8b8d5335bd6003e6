// The sums that batch norms are computed from, per channel, and their gradients.
#include "standin/cudnn/Operation.h"

using namespace standin;
using namespace standin::cudnn;

/// visit(channel, element's place) for each element of [n, c, h, w].
template <class Visit> static void forEachOfChannel(const Dims &dims, Visit visit) {
  const auto [n, channels, h, w] = dims;
  for (int64_t i = 0; i < n; ++i)
    for (int64_t c = 0; c < channels; ++c)
      for (int64_t p = 0; p < h * w; ++p)
        visit(c, (i * channels + c) * h * w + p);
}

void standin::cudnn::sumStatistics(const Descriptor &operation, Operands &operands) {
  const Value &x = operands.get(operation.descriptor(CUDNN_ATTR_OPERATION_GENSTATS_XDESC));
  const Dims perChannel{1, x.dims[1], 1, 1};
  Value sums(perChannel), squares(perChannel);
  forEachOfChannel(x.dims, [&](int64_t c, int64_t place) {
    sums.numbers[c] += x.numbers[place];
    squares.numbers[c] += x.numbers[place] * x.numbers[place];
  });
  operands.set(operation.descriptor(CUDNN_ATTR_OPERATION_GENSTATS_SUMDESC), std::move(sums));
  operands.set(operation.descriptor(CUDNN_ATTR_OPERATION_GENSTATS_SQSUMDESC),
               std::move(squares));
}

/// With g dy's sums and the count of a channel's values, dx = dyScale dy + xScale x + offset.
void standin::cudnn::sumNormGradients(const Descriptor &operation, Operands &operands) {
  const auto get = [&](cudnnBackendAttributeName_t name) -> const Value & {
    return operands.get(operation.descriptor(name));
  };
  const Value &x = get(CUDNN_ATTR_OPERATION_BN_BWD_WEIGHTS_X_DESC),
              &dy = get(CUDNN_ATTR_OPERATION_BN_BWD_WEIGHTS_DY_DESC),
              &means = get(CUDNN_ATTR_OPERATION_BN_BWD_WEIGHTS_MEAN_DESC),
              &inverseStds = get(CUDNN_ATTR_OPERATION_BN_BWD_WEIGHTS_INVSTD_DESC),
              &gammas = get(CUDNN_ATTR_OPERATION_BN_BWD_WEIGHTS_BN_SCALE_DESC);
  const Dims perChannel{1, x.dims[1], 1, 1};
  Value dBias(perChannel), dScale(perChannel), dyScale(perChannel), xScale(perChannel),
      offset(perChannel);
  forEachOfChannel(x.dims, [&](int64_t c, int64_t place) {
    dBias.numbers[c] += dy.numbers[place];
    dScale.numbers[c] +=
        dy.numbers[place] * (x.numbers[place] - means.numbers[c]) * inverseStds.numbers[c];
  });
  const auto count = static_cast<float>(x.dims[0] * x.dims[2] * x.dims[3]);
  for (int64_t c = 0; c < x.dims[1]; ++c) {
    const float inverseStd = inverseStds.numbers[c], factor = gammas.numbers[c] * inverseStd;
    const float slope = factor * inverseStd * dScale.numbers[c] / count;
    dyScale.numbers[c] = factor;
    xScale.numbers[c] = -slope;
    offset.numbers[c] = slope * means.numbers[c] - factor * dBias.numbers[c] / count;
  }
  const auto set = [&](cudnnBackendAttributeName_t name, Value &value) {
    operands.set(operation.descriptor(name), std::move(value));
  };
  set(CUDNN_ATTR_OPERATION_BN_BWD_WEIGHTS_DBN_BIAS_DESC, dBias);
  set(CUDNN_ATTR_OPERATION_BN_BWD_WEIGHTS_DBN_SCALE_DESC, dScale);
  set(CUDNN_ATTR_OPERATION_BN_BWD_WEIGHTS_EQ_DY_SCALE_DESC, dyScale);
  set(CUDNN_ATTR_OPERATION_BN_BWD_WEIGHTS_EQ_X_SCALE_DESC, xScale);
  set(CUDNN_ATTR_OPERATION_BN_BWD_WEIGHTS_EQ_BIAS, offset);
}
