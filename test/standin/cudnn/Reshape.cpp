// The same elements in the same places of memory under other dimensions and strides.
#include "standin/Report.h"
#include "standin/cudnn/Operation.h"

using namespace standin;
using namespace standin::cudnn;

void standin::cudnn::reshape(const Descriptor &operation, Operands &operands) {
  const Descriptor &from = operation.descriptor(CUDNN_ATTR_OPERATION_RESHAPE_XDESC),
                   &to = operation.descriptor(CUDNN_ATTR_OPERATION_RESHAPE_YDESC);
  const TensorType fromType(from), toType(to);
  if (fromType.extent() != toType.extent() || fromType.count() != toType.count())
    report("a reshape of cuDNN's between tensors of different sizes");
  const Value &x = operands.get(from);
  std::vector<float> memory(fromType.extent());
  fromType.forEach([&](int64_t place, int64_t offset) { memory[offset] = x.numbers[place]; });
  Value y(toType.dims);
  toType.forEach([&](int64_t place, int64_t offset) { y.numbers[place] = memory[offset]; });
  operands.set(to, std::move(y));
}
