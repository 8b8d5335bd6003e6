// Products of matrices, [batch, heads, m, k] by [batch, heads, k, n].
#include "standin/cudnn/Operation.h"

using namespace standin;
using namespace standin::cudnn;

void standin::cudnn::multiply(const Descriptor &operation, Operands &operands) {
  const Descriptor &tensorA = operation.descriptor(CUDNN_ATTR_OPERATION_MATMUL_ADESC),
                   &tensorB = operation.descriptor(CUDNN_ATTR_OPERATION_MATMUL_BDESC),
                   &tensorC = operation.descriptor(CUDNN_ATTR_OPERATION_MATMUL_CDESC);
  const TensorType typeA(tensorA), typeB(tensorB);
  const Value a =
      asFactor(operands.get(tensorA), typeA.element, typeB.element, operands.isTf32);
  const Value b =
      asFactor(operands.get(tensorB), typeB.element, typeA.element, operands.isTf32);
  Value c(TensorType(tensorC).dims);
  const auto [batch, heads, m, n] = c.dims;
  const int64_t k = a.dims[3];
  for (int64_t matrix = 0; matrix < batch * heads; ++matrix)
    for (int64_t row = 0; row < m; ++row) {
      float *const sums = &c.numbers[(matrix * m + row) * n];
      for (int64_t p = 0; p < k; ++p) {
        const float by = a.numbers[(matrix * m + row) * k + p];
        const float *const from = &b.numbers[(matrix * k + p) * n];
        for (int64_t column = 0; column < n; ++column)
          sums[column] += by * from[column];
      }
    }
  operands.set(tensorC, std::move(c));
}
