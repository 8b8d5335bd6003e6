// Reductions of the dimensions that are 1 in the result.
#include "standin/Report.h"
#include "standin/cudnn/Operation.h"

#include <algorithm>
#include <cmath>
#include <string>

using namespace standin;
using namespace standin::cudnn;

void standin::cudnn::reduce(const Descriptor &operation, Operands &operands) {
  const auto mode = operation.descriptor(CUDNN_ATTR_OPERATION_REDUCTION_DESC)
                        .value<cudnnReduceTensorOp_t>(CUDNN_ATTR_REDUCTION_OPERATOR);
  if (mode != CUDNN_REDUCE_TENSOR_ADD && mode != CUDNN_REDUCE_TENSOR_MAX)
    report("cuDNN's reduction " + std::to_string(mode) +
           " is one that the stand-in does not know");
  const Value &x = operands.get(operation.descriptor(CUDNN_ATTR_OPERATION_REDUCTION_XDESC));
  const Descriptor &to = operation.descriptor(CUDNN_ATTR_OPERATION_REDUCTION_YDESC);
  Value y(TensorType(to).dims);
  const bool isMax = mode == CUDNN_REDUCE_TENSOR_MAX;
  std::ranges::fill(y.numbers, isMax ? -INFINITY : 0.0f);
  for (int64_t a = 0; a < x.dims[0]; ++a)
    for (int64_t b = 0; b < x.dims[1]; ++b)
      for (int64_t c = 0; c < x.dims[2]; ++c)
        for (int64_t d = 0; d < x.dims[3]; ++d) {
          float &result = y.at(y.dims[0] == 1 ? 0 : a, y.dims[1] == 1 ? 0 : b,
                               y.dims[2] == 1 ? 0 : c, y.dims[3] == 1 ? 0 : d);
          const float value = x.at(a, b, c, d);
          result = isMax ? std::max(result, value) : result + value;
        }
  operands.set(to, std::move(y));
}
