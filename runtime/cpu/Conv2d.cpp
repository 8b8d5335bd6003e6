// See Conv2d.h.
#include "autopar/cpu/Conv2d.h"

#include "autopar/cpu/LinearPlans.h"
#include "autopar/cpu/OneDnnPlan.h"

#include <stdexcept>
#include <string_view>

using namespace autopar::cpu;
using autopar::shapes::checkConv2d;
using dnnl::memory;
using Role = OneDnnPlan::Role;

namespace {

/// A shape in oneDNN's terms. Dimensions are named NCHW and OIHW there, whatever the layout.
struct Convolution {
  memory::dims x, w, y, strides, dilation, padBefore, padAfter;
  memory::desc keptX, keptW, keptY;
  memory::desc anyW; ///< Lets the implementation choose the layout of the weights.

  Convolution(const char *call, const Conv2dShape &s) {
    checkConv2d(call, s);
    const bool grouped = s.groups > 1;
    x = {s.batch, s.channels, s.height, s.width};
    y = {s.batch, s.filters, s.outputHeight(), s.outputWidth()};
    w = {s.filters / s.groups, s.channels / s.groups, s.kernelH, s.kernelW};
    if (grouped)
      w.insert(w.begin(), s.groups);
    strides = {s.strideH, s.strideW};
    dilation = {s.dilationH - 1, s.dilationW - 1};
    padBefore = {s.padTop, s.padLeft};
    padAfter = {s.padBottom, s.padRight};

    keptX = {x, memory::data_type::f32, memory::format_tag::nhwc};
    keptY = {y, memory::data_type::f32, memory::format_tag::nhwc};
    keptW = {w, memory::data_type::f32,
             grouped ? memory::format_tag::goihw : memory::format_tag::oihw};
    anyW = {w, memory::data_type::f32, memory::format_tag::any};
  }

  dnnl::convolution_forward::primitive_desc forward() const {
    return {{dnnl::prop_kind::forward_training, dnnl::algorithm::convolution_direct, keptX,
             anyW, keptY, strides, dilation, padBefore, padAfter},
            callersScratchpad(),
            engine()};
  }

  dnnl::convolution_backward_data::primitive_desc inputGrad() const {
    return {{dnnl::algorithm::convolution_direct, keptX, anyW, keptY, strides, dilation,
             padBefore, padAfter},
            callersScratchpad(),
            engine(),
            forward()};
  }

  dnnl::convolution_backward_weights::primitive_desc weightGrad() const {
    // next_impl() asks all three again.
    const dnnl::convolution_backward_weights::desc description(
        dnnl::algorithm::convolution_direct, keptX, anyW, keptY, strides, dilation, padBefore,
        padAfter);
    const dnnl::primitive_attr attributes = callersScratchpad();
    const auto hint = forward();
    dnnl::convolution_backward_weights::primitive_desc primitive{description, attributes, engine(),
                                                                 hint};
    // Where it walks with strides, oneDNN's AVX2 kernel for 1x1 windows (seen in 2.6.3) takes the
    // channels for whole blocks of 8: it computes wrongly, and writes behind its workspace.
    const bool hasPartOfABlock = w[w.size() - 3] % 8 != 0;
    const bool isStrided = strides[0] > 1 || strides[1] > 1;
    while (hasPartOfABlock && isStrided &&
           std::string_view(primitive.impl_info_str()).starts_with("jit_1x1"))
      if (!primitive.next_impl())
        throw std::runtime_error("oneDNN has no weight gradient for a strided 1x1 window");
    return primitive;
  }
};

} // namespace

/// Whether the convolution is a matrix product of so few rows that reordering the weights for a
/// convolution would cost more than its kernel gains over a plain product: the reorder moves
/// each weight twice (8 bytes at 25 GB/s), the kernel is 8 % faster at 2 operations (320
/// GFLOP/s) for each weight and row, which even out at 640 rows. Both grow alike with the
/// cores.
static bool isSmallProduct(const Conv2dShape &s) {
  constexpr int64_t fewRows = 640;
  return s.kernelH == 1 && s.kernelW == 1 && s.strideH == 1 && s.strideW == 1 &&
         s.groups == 1 && s.outputHeight() == s.height && s.outputWidth() == s.width &&
         s.padTop == 0 && s.padLeft == 0 && s.batch * s.height * s.width <= fewRows;
}

static LinearShape asProduct(const Conv2dShape &s) {
  return {s.batch * s.height * s.width, s.channels, s.filters};
}

static OneDnnPlan planForward(const Conv2dShape &shape) {
  const Convolution conv("Conv2dForward", shape);
  if (isSmallProduct(shape))
    return planLinearForward("Conv2dForward", asProduct(shape));
  const auto primitive = conv.forward();
  return {"Conv2dForward",
          primitive,
          {{DNNL_ARG_SRC, Role::Input, conv.keptX, primitive.src_desc()},
           {DNNL_ARG_WEIGHTS, Role::Input, conv.keptW, primitive.weights_desc()},
           {DNNL_ARG_DST, Role::Output, conv.keptY, primitive.dst_desc()}}};
}

static OneDnnPlan planInputGrad(const Conv2dShape &shape) {
  const Convolution conv("Conv2dInputGrad", shape);
  if (isSmallProduct(shape))
    return planLinearInputGrad("Conv2dInputGrad", asProduct(shape));
  const auto primitive = conv.inputGrad();
  return {"Conv2dInputGrad",
          primitive,
          {{DNNL_ARG_DIFF_DST, Role::Input, conv.keptY, primitive.diff_dst_desc()},
           {DNNL_ARG_WEIGHTS, Role::Input, conv.keptW, primitive.weights_desc()},
           {DNNL_ARG_DIFF_SRC, Role::Output, conv.keptX, primitive.diff_src_desc()}}};
}

static OneDnnPlan planWeightGrad(const Conv2dShape &shape) {
  const Convolution conv("Conv2dWeightGrad", shape);
  if (isSmallProduct(shape))
    return planLinearWeightGrad("Conv2dWeightGrad", asProduct(shape));
  const auto primitive = conv.weightGrad();
  return {"Conv2dWeightGrad",
          primitive,
          {{DNNL_ARG_SRC, Role::Input, conv.keptX, primitive.src_desc()},
           {DNNL_ARG_DIFF_DST, Role::Input, conv.keptY, primitive.diff_dst_desc()},
           {DNNL_ARG_DIFF_WEIGHTS, Role::Output, conv.keptW, primitive.diff_weights_desc()}}};
}

Conv2dForward::Conv2dForward(const Conv2dShape &shape) : OneDnnCall(planForward(shape)) {}
Conv2dInputGrad::Conv2dInputGrad(const Conv2dShape &shape) : OneDnnCall(planInputGrad(shape)) {}
Conv2dWeightGrad::Conv2dWeightGrad(const Conv2dShape &shape)
    : OneDnnCall(planWeightGrad(shape)) {}

void Conv2dForward::operator()(const float *x, const float *w, float *y,
                               void *workspace) const {
  run({x, w, y}, workspace);
}

void Conv2dInputGrad::operator()(const float *dy, const float *w, float *dx,
                                 void *workspace) const {
  run({dy, w, dx}, workspace);
}

void Conv2dWeightGrad::operator()(const float *x, const float *dy, float *dw,
                                  void *workspace) const {
  run({x, dy, dw}, workspace);
}
