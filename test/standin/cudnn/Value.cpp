// See Value.h.
#include "standin/cudnn/Value.h"

#include "standin/Report.h"

#include <algorithm>
#include <string>

using namespace standin;
using namespace standin::cudnn;

static Element elementOf(cudnnDataType_t type) {
  switch (type) {
  case CUDNN_DATA_FLOAT:
    return Element::F32;
  case CUDNN_DATA_BFLOAT16:
    return Element::BF16;
  case CUDNN_DATA_HALF:
    return Element::F16;
  case CUDNN_DATA_INT32:
    return Element::I32;
  case CUDNN_DATA_BOOLEAN:
    return Element::U8;
  default:
    report("a tensor of cuDNN's type " + std::to_string(type) +
           ", which the stand-in does not know");
  }
}

static Dims dimsOf(const Descriptor &tensor, cudnnBackendAttributeName_t name) {
  const std::vector<int64_t> values = tensor.values<int64_t>(name);
  Dims dims;
  if (values.size() != dims.size())
    report("a tensor of cuDNN's of " + std::to_string(values.size()) +
           " dimensions; the stand-in knows those of 4");
  std::ranges::copy(values, dims.begin());
  return dims;
}

TensorType::TensorType(const Descriptor &tensor)
    : id(tensor.value<int64_t>(CUDNN_ATTR_TENSOR_UNIQUE_ID)),
      element(elementOf(tensor.value<cudnnDataType_t>(CUDNN_ATTR_TENSOR_DATA_TYPE))),
      dims(dimsOf(tensor, CUDNN_ATTR_TENSOR_DIMENSIONS)),
      strides(dimsOf(tensor, CUDNN_ATTR_TENSOR_STRIDES)),
      isVirtual(tensor.valueOr<char>(CUDNN_ATTR_TENSOR_IS_VIRTUAL, 0)),
      isByValue(tensor.valueOr<char>(CUDNN_ATTR_TENSOR_IS_BY_VALUE, 0)),
      alignment(tensor.value<int64_t>(CUDNN_ATTR_TENSOR_BYTE_ALIGNMENT)) {}

int64_t TensorType::extent() const {
  int64_t last = 0;
  for (size_t d = 0; d < dims.size(); ++d)
    last += (dims[d] - 1) * strides[d];
  return last + 1;
}

Operand TensorType::operand(Use use, const void *begin) const {
  const int64_t bytes = bytesOf(element);
  std::vector<Operand::Repeat> repeats;
  for (size_t d = 0; d < dims.size(); ++d)
    repeats.push_back({static_cast<size_t>(dims[d]), static_cast<size_t>(strides[d] * bytes)});
  return strided(use, "operand " + std::to_string(id) + " of a cuDNN plan", begin, bytes,
                 std::move(repeats));
}

void Value::round(Element type) {
  if (type == Element::F32)
    return;
  for (float &number : numbers)
    number = static_cast<float>(rounded(number, type));
}
