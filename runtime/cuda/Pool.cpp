// See Pool.h; the kernels are in Pool.cu.
#include "autopar/cuda/Pool.h"

using namespace autopar::cuda;
using namespace autopar::shapes;

PoolCall::PoolCall(const char *call, const PoolShape &shape) : shape(shape) {
  checkWindow(call, shape);
}

MaxPool::MaxPool(const PoolShape &shape) : PoolCall("MaxPool", shape) {
  checkByteIndex("MaxPool", shape);
}
MaxPoolGrad::MaxPoolGrad(const PoolShape &shape) : PoolCall("MaxPoolGrad", shape) {
  checkByteIndex("MaxPoolGrad", shape);
}
AvgPool::AvgPool(const PoolShape &shape) : PoolCall("AvgPool", shape) {}
AvgPoolGrad::AvgPoolGrad(const PoolShape &shape) : PoolCall("AvgPoolGrad", shape) {}
