// See Linear.h.
#include "autopar/cpu/Linear.h"

#include "autopar/cpu/ChannelSums.h"
#include "autopar/cpu/OneDnnPlan.h"
#include "autopar/cpu/Rows.h"

using namespace autopar::cpu;
using dnnl::memory;
using Role = OneDnnPlan::Role;

namespace {

/// A shape in oneDNN's terms.
struct InnerProduct {
  memory::desc x, w, y;
  memory::desc anyW; ///< Lets the implementation choose the layout of the weights.

  explicit InnerProduct(const LinearShape &s)
      : x({s.batch, s.inputs}, memory::data_type::f32, memory::format_tag::nc),
        w({s.outputs, s.inputs}, memory::data_type::f32, memory::format_tag::oi),
        y({s.batch, s.outputs}, memory::data_type::f32, memory::format_tag::nc),
        anyW({s.outputs, s.inputs}, memory::data_type::f32, memory::format_tag::any) {}

  dnnl::inner_product_forward::primitive_desc forward() const {
    return {{dnnl::prop_kind::forward_training, x, anyW, y}, callersScratchpad(), engine()};
  }

  dnnl::inner_product_backward_data::primitive_desc inputGrad() const {
    return {{x, anyW, y}, callersScratchpad(), engine(), forward()};
  }

  dnnl::inner_product_backward_weights::primitive_desc weightGrad() const {
    return {{x, anyW, y}, callersScratchpad(), engine(), forward()};
  }
};

} // namespace

static OneDnnPlan planForward(const LinearShape &shape) {
  const InnerProduct product(shape);
  const auto primitive = product.forward();
  return {"LinearForward",
          primitive,
          {{DNNL_ARG_SRC, Role::Input, product.x, primitive.src_desc()},
           {DNNL_ARG_WEIGHTS, Role::Input, product.w, primitive.weights_desc()},
           {DNNL_ARG_DST, Role::Output, product.y, primitive.dst_desc()}}};
}

static OneDnnPlan planInputGrad(const LinearShape &shape) {
  const InnerProduct product(shape);
  const auto primitive = product.inputGrad();
  return {"LinearInputGrad",
          primitive,
          {{DNNL_ARG_DIFF_DST, Role::Input, product.y, primitive.diff_dst_desc()},
           {DNNL_ARG_WEIGHTS, Role::Input, product.w, primitive.weights_desc()},
           {DNNL_ARG_DIFF_SRC, Role::Output, product.x, primitive.diff_src_desc()}}};
}

static OneDnnPlan planWeightGrad(const LinearShape &shape) {
  const InnerProduct product(shape);
  const auto primitive = product.weightGrad();
  return {"LinearWeightGrad",
          primitive,
          {{DNNL_ARG_SRC, Role::Input, product.x, primitive.src_desc()},
           {DNNL_ARG_DIFF_DST, Role::Input, product.y, primitive.diff_dst_desc()},
           {DNNL_ARG_DIFF_WEIGHTS, Role::Output, product.w, primitive.diff_weights_desc()}}};
}

LinearForward::LinearForward(const LinearShape &shape) : OneDnnCall(planForward(shape)) {}
LinearInputGrad::LinearInputGrad(const LinearShape &shape) : OneDnnCall(planInputGrad(shape)) {}
LinearWeightGrad::LinearWeightGrad(const LinearShape &shape)
    : OneDnnCall(planWeightGrad(shape)) {}

void LinearForward::operator()(const float *x, const float *w, float *y,
                               void *workspace) const {
  run({x, w, y}, workspace);
}

void LinearInputGrad::operator()(const float *dy, const float *w, float *dx,
                                 void *workspace) const {
  run({dy, w, dx}, workspace);
}

void LinearWeightGrad::operator()(const float *x, const float *dy, float *dw,
                                  void *workspace) const {
  run({x, dy, dw}, workspace);
}

//===- The bias
//----------------------------------------------------------------------------===//

namespace {

struct BiasRun {
  RunValues bias;

  BiasRun(const float *b, const Rows &rows, int64_t strip) {
    bias.fill(rows, strip, [&](int64_t c) { return b[c]; });
  }
};

struct NoCoefficients {
  NoCoefficients(const BiasGrad &, const Rows &, int64_t) {}
};

} // namespace

void BiasAdd::operator()(const float *x, const float *b, float *y) const {
  forEachRun<BiasRun>(Rows(rows, channels), b,
                      [=](int64_t offset, int64_t length, const BiasRun &run) {
#pragma omp simd
                        for (int64_t i = 0; i < length; ++i)
                          y[offset + i] = x[offset + i] + run.bias[i];
                      });
}

size_t BiasGrad::workspaceBytes() const {
  return ChannelSums<1>(rows, channels).workspaceBytes();
}

void BiasGrad::requireWorkspace(size_t planned) const {
  cpu::requireWorkspace("BiasGrad", workspaceBytes(), planned);
}

void BiasGrad::operator()(const float *dy, float *db, void *workspace) const {
  ChannelSums<1>(rows, channels)
      .
      operator()<double, NoCoefficients>(
          *this, workspace,
          [=](int64_t offset, int64_t, const NoCoefficients &, double(&terms)[1]) {
            terms[0] = dy[offset];
          },
          [=](int64_t c, const double(&total)[1]) { db[c] = static_cast<float>(total[0]); });
}
