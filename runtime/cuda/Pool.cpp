// See Pool.h; the kernels are in Pool.cu.
#include "autopar/cuda/Pool.h"

#include "autopar/core/Window.h"

#include <stdexcept>
#include <string>

using namespace autopar::cuda;
using autopar::Window;

static Window vertical(const PoolShape &s) {
  return {s.height, s.kernelH, s.strideH, s.padTop, s.padBottom};
}

static Window horizontal(const PoolShape &s) {
  return {s.width, s.kernelW, s.strideW, s.padLeft, s.padRight};
}

int64_t PoolShape::outputHeight() const { return vertical(*this).positions(); }
int64_t PoolShape::outputWidth() const { return horizontal(*this).positions(); }

PoolCall::PoolCall(const char *call, const PoolShape &shape) : shape(shape) {
  vertical(shape).check(call);
  horizontal(shape).check(call);
}

static void requireByteIndex(const char *call, const PoolShape &s) {
  if (s.kernelH * s.kernelW > 255)
    throw std::invalid_argument(std::string(call) + ": a window of " +
                                std::to_string(s.kernelH * s.kernelW) +
                                " elements exceeds the 255 that an index of one byte can tell "
                                "apart; pool in two steps");
}

MaxPool::MaxPool(const PoolShape &shape) : PoolCall("MaxPool", shape) {
  requireByteIndex("MaxPool", shape);
}
MaxPoolGrad::MaxPoolGrad(const PoolShape &shape) : PoolCall("MaxPoolGrad", shape) {
  requireByteIndex("MaxPoolGrad", shape);
}
AvgPool::AvgPool(const PoolShape &shape) : PoolCall("AvgPool", shape) {}
AvgPoolGrad::AvgPoolGrad(const PoolShape &shape) : PoolCall("AvgPoolGrad", shape) {}
