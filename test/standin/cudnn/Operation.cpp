// See Operation.h.
#include "standin/cudnn/Operation.h"

#include "standin/Report.h"

#include <map>
#include <string>

namespace standin::cudnn {

namespace {

struct Kind {
  std::vector<Role> roles;
  void (*compute)(const Descriptor &operation, Operands &operands);
};

constexpr bool result = true;

const Kind &kindOf(cudnnBackendDescriptorType_t type) {
  static const std::map<cudnnBackendDescriptorType_t, Kind> kinds = {
      {CUDNN_BACKEND_OPERATION_CONVOLUTION_FORWARD_DESCRIPTOR,
       {{{CUDNN_ATTR_OPERATION_CONVOLUTION_FORWARD_X},
         {CUDNN_ATTR_OPERATION_CONVOLUTION_FORWARD_W},
         {CUDNN_ATTR_OPERATION_CONVOLUTION_FORWARD_Y, result}},
        convolve}},
      {CUDNN_BACKEND_OPERATION_CONVOLUTION_BACKWARD_DATA_DESCRIPTOR,
       {{{CUDNN_ATTR_OPERATION_CONVOLUTION_BWD_DATA_DX, result},
         {CUDNN_ATTR_OPERATION_CONVOLUTION_BWD_DATA_W},
         {CUDNN_ATTR_OPERATION_CONVOLUTION_BWD_DATA_DY}},
        convolve}},
      {CUDNN_BACKEND_OPERATION_CONVOLUTION_BACKWARD_FILTER_DESCRIPTOR,
       {{{CUDNN_ATTR_OPERATION_CONVOLUTION_BWD_FILTER_X},
         {CUDNN_ATTR_OPERATION_CONVOLUTION_BWD_FILTER_DW, result},
         {CUDNN_ATTR_OPERATION_CONVOLUTION_BWD_FILTER_DY}},
        convolve}},
      {CUDNN_BACKEND_OPERATION_POINTWISE_DESCRIPTOR,
       {{{CUDNN_ATTR_OPERATION_POINTWISE_XDESC},
         {CUDNN_ATTR_OPERATION_POINTWISE_BDESC},
         {CUDNN_ATTR_OPERATION_POINTWISE_TDESC},
         {CUDNN_ATTR_OPERATION_POINTWISE_DYDESC},
         {CUDNN_ATTR_OPERATION_POINTWISE_YDESC, result},
         {CUDNN_ATTR_OPERATION_POINTWISE_DXDESC, result}},
        computePointwise}},
      {CUDNN_BACKEND_OPERATION_MATMUL_DESCRIPTOR,
       {{{CUDNN_ATTR_OPERATION_MATMUL_ADESC},
         {CUDNN_ATTR_OPERATION_MATMUL_BDESC},
         {CUDNN_ATTR_OPERATION_MATMUL_CDESC, result}},
        multiply}},
      {CUDNN_BACKEND_OPERATION_REDUCTION_DESCRIPTOR,
       {{{CUDNN_ATTR_OPERATION_REDUCTION_XDESC},
         {CUDNN_ATTR_OPERATION_REDUCTION_YDESC, result}},
        reduce}},
      {CUDNN_BACKEND_OPERATION_RESHAPE_DESCRIPTOR,
       {{{CUDNN_ATTR_OPERATION_RESHAPE_XDESC}, {CUDNN_ATTR_OPERATION_RESHAPE_YDESC, result}},
        reshape}},
      {CUDNN_BACKEND_OPERATION_GEN_STATS_DESCRIPTOR,
       {{{CUDNN_ATTR_OPERATION_GENSTATS_XDESC},
         {CUDNN_ATTR_OPERATION_GENSTATS_SUMDESC, result},
         {CUDNN_ATTR_OPERATION_GENSTATS_SQSUMDESC, result}},
        sumStatistics}},
      {CUDNN_BACKEND_OPERATION_BN_BWD_WEIGHTS_DESCRIPTOR,
       {{{CUDNN_ATTR_OPERATION_BN_BWD_WEIGHTS_MEAN_DESC},
         {CUDNN_ATTR_OPERATION_BN_BWD_WEIGHTS_INVSTD_DESC},
         {CUDNN_ATTR_OPERATION_BN_BWD_WEIGHTS_BN_SCALE_DESC},
         {CUDNN_ATTR_OPERATION_BN_BWD_WEIGHTS_X_DESC},
         {CUDNN_ATTR_OPERATION_BN_BWD_WEIGHTS_DY_DESC},
         {CUDNN_ATTR_OPERATION_BN_BWD_WEIGHTS_DBN_SCALE_DESC, result},
         {CUDNN_ATTR_OPERATION_BN_BWD_WEIGHTS_DBN_BIAS_DESC, result},
         {CUDNN_ATTR_OPERATION_BN_BWD_WEIGHTS_EQ_DY_SCALE_DESC, result},
         {CUDNN_ATTR_OPERATION_BN_BWD_WEIGHTS_EQ_X_SCALE_DESC, result},
         {CUDNN_ATTR_OPERATION_BN_BWD_WEIGHTS_EQ_BIAS, result}},
        sumNormGradients}}};
  const auto found = kinds.find(type);
  if (found == kinds.end())
    report("cuDNN's operation of descriptor type " + std::to_string(type) +
           " is one that the stand-in does not know");
  return found->second;
}

} // namespace

const std::vector<Role> &rolesOf(cudnnBackendDescriptorType_t type) {
  return kindOf(type).roles;
}

void execute(const Descriptor &operation, Operands &operands) {
  kindOf(operation.type).compute(operation, operands);
}

Value asFactor(Value factor, Element own, Element other, bool isTf32) {
  if (other == Element::BF16 || other == Element::F16)
    factor.round(other);
  else if (own == Element::F32 && other == Element::F32 && isTf32)
    for (float &number : factor.numbers)
      number = roundedToTf32(number);
  return factor;
}

} // namespace standin::cudnn
