// See Pool.h.
#include "autopar/cpu/Pool.h"

#include "autopar/cpu/OneDnnPlan.h"

using namespace autopar::cpu;
using namespace autopar::shapes;
using dnnl::memory;
using Role = OneDnnPlan::Role;

namespace {

/// A shape in oneDNN's terms.
struct Pooling {
  dnnl::algorithm algorithm;
  memory::dims strides, kernel, padBefore, padAfter;
  memory::desc x, y, indices;

  Pooling(const char *call, dnnl::algorithm algorithm, const PoolShape &s)
      : algorithm(algorithm) {
    checkWindow(call, s);
    if (algorithm == dnnl::algorithm::pooling_max)
      checkByteIndex(call, s);
    strides = {s.strideH, s.strideW};
    kernel = {s.kernelH, s.kernelW};
    padBefore = {s.padTop, s.padLeft};
    padAfter = {s.padBottom, s.padRight};
    const memory::dims outputs = {s.batch, s.channels, s.outputHeight(), s.outputWidth()};
    x = {{s.batch, s.channels, s.height, s.width},
         memory::data_type::f32,
         memory::format_tag::nhwc};
    y = {outputs, memory::data_type::f32, memory::format_tag::nhwc};
    indices = {outputs, memory::data_type::u8, memory::format_tag::nhwc};
  }

  dnnl::pooling_forward::primitive_desc forward() const {
    return {{dnnl::prop_kind::forward_training, algorithm, x, y, strides, kernel, padBefore,
             padAfter},
            callersScratchpad(),
            engine()};
  }

  dnnl::pooling_backward::primitive_desc backward() const {
    return {{algorithm, x, y, strides, kernel, padBefore, padAfter},
            callersScratchpad(),
            engine(),
            forward()};
  }
};

} // namespace

static dnnl::algorithm average(const PoolShape &shape) {
  return shape.countIncludePad ? dnnl::algorithm::pooling_avg_include_padding
                               : dnnl::algorithm::pooling_avg_exclude_padding;
}

static OneDnnPlan planMax(const PoolShape &shape) {
  const Pooling pool("MaxPool", dnnl::algorithm::pooling_max, shape);
  const auto primitive = pool.forward();
  return {"MaxPool",
          primitive,
          {{DNNL_ARG_SRC, Role::Input, pool.x, primitive.src_desc()},
           {DNNL_ARG_DST, Role::Output, pool.y, primitive.dst_desc()},
           {DNNL_ARG_WORKSPACE, Role::Output, pool.indices, primitive.workspace_desc()}}};
}

static OneDnnPlan planMaxGrad(const PoolShape &shape) {
  const Pooling pool("MaxPoolGrad", dnnl::algorithm::pooling_max, shape);
  const auto primitive = pool.backward();
  return {"MaxPoolGrad",
          primitive,
          {{DNNL_ARG_DIFF_DST, Role::Input, pool.y, primitive.diff_dst_desc()},
           {DNNL_ARG_WORKSPACE, Role::Input, pool.indices, primitive.workspace_desc()},
           {DNNL_ARG_DIFF_SRC, Role::Output, pool.x, primitive.diff_src_desc()}}};
}

static OneDnnPlan planAvg(const PoolShape &shape) {
  const Pooling pool("AvgPool", average(shape), shape);
  const auto primitive = pool.forward();
  return {"AvgPool",
          primitive,
          {{DNNL_ARG_SRC, Role::Input, pool.x, primitive.src_desc()},
           {DNNL_ARG_DST, Role::Output, pool.y, primitive.dst_desc()}}};
}

static OneDnnPlan planAvgGrad(const PoolShape &shape) {
  const Pooling pool("AvgPoolGrad", average(shape), shape);
  const auto primitive = pool.backward();
  return {"AvgPoolGrad",
          primitive,
          {{DNNL_ARG_DIFF_DST, Role::Input, pool.y, primitive.diff_dst_desc()},
           {DNNL_ARG_DIFF_SRC, Role::Output, pool.x, primitive.diff_src_desc()}}};
}

MaxPool::MaxPool(const PoolShape &shape) : OneDnnCall(planMax(shape)) {}
MaxPoolGrad::MaxPoolGrad(const PoolShape &shape) : OneDnnCall(planMaxGrad(shape)) {}
AvgPool::AvgPool(const PoolShape &shape) : OneDnnCall(planAvg(shape)) {}
AvgPoolGrad::AvgPoolGrad(const PoolShape &shape) : OneDnnCall(planAvgGrad(shape)) {}

void MaxPool::operator()(const float *x, float *y, uint8_t *indices, void *workspace) const {
  run({x, y, indices}, workspace);
}

void MaxPoolGrad::operator()(const float *dy, const uint8_t *indices, float *dx,
                             void *workspace) const {
  run({dy, indices, dx}, workspace);
}

void AvgPool::operator()(const float *x, float *y, void *workspace) const {
  run({x, y}, workspace);
}

void AvgPoolGrad::operator()(const float *dy, float *dx, void *workspace) const {
  run({dy, dx}, workspace);
}
