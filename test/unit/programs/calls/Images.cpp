// Calls on images: see runtime/*/Conv2d.h, BatchNorm.h and Pool.h.
#include "test/unit/programs/calls/BatchNorms.h"
#include "test/unit/programs/calls/ImageShapes.h"

namespace autopar {

//===- pools ------------------------------------------------------------------------------===//

namespace {

struct PoolCall {
  Pool pool;
  ImageShape x, y;

  explicit PoolCall(const GivenCall &call)
      : pool{kernelOf(call), stridesOf(call), paddingOf(call), call.flag("countIncludePad")},
        x(imageOf(call)), y(outputOf(call, x.back(), {1, 1})) {}
};

//===- batch norm -------------------------------------------------------------------------===//

/// A residual, where the call has an input `residual`, and a relu.
Tensor finish(const GivenCall &call, Tensor y, unsigned residual) {
  if (call.numInputs() > residual)
    y = sum({y, rowsOf(call, residual)});
  return call.flag("relu") ? relu(y) : y;
}
Tensor masked(const GivenCall &call, unsigned dy, unsigned mask) {
  Tensor dz = rowsOf(call, dy);
  return call.numInputs() > mask ? reluGrad(dz, rowsOf(call, mask)) : dz;
}

void addPools(CallKernels &kernels) {
  kernels["MaxPool"] = [](const GivenCall &call) -> Tensors {
    PoolCall of(call);
    return of.pool.largest(call.input(0, of.x), of.y);
  };
  kernels["MaxPoolGrad"] = [](const GivenCall &call) -> Tensors {
    PoolCall of(call);
    return {of.pool.largestGrad(call.input(0, of.y), call.input(1, of.y), of.x)};
  };
  kernels["AvgPool"] = [](const GivenCall &call) -> Tensors {
    PoolCall of(call);
    return {of.pool.average(call.input(0, of.x), of.y)};
  };
  kernels["AvgPoolGrad"] = [](const GivenCall &call) -> Tensors {
    PoolCall of(call);
    return {of.pool.averageGrad(call.input(0, of.y), of.x)};
  };
}

void addBatchNorms(CallKernels &kernels) {
  kernels["BatchNormStats"] = [](const GivenCall &call) -> Tensors {
    return {batchStats(rowsOf(call, 0), call.integer("channels"))};
  };
  kernels["BatchNormApply"] = [](const GivenCall &call) -> Tensors {
    Tensor stats = sumsOf(call, 1);
    return {finish(
        call,
        normBy(call, stats).apply(rowsOf(call, 0), channelsOf(call, 2), channelsOf(call, 3)),
        4)};
  };
  kernels["BatchNormGradSums"] = [](const GivenCall &call) -> Tensors {
    Tensor stats = sumsOf(call, 1);
    return {normBy(call, stats).gradSums(rowsOf(call, 0), masked(call, 2, 3))};
  };
  kernels["BatchNormGradInput"] = [](const GivenCall &call) -> Tensors {
    Tensor stats = sumsOf(call, 1);
    return {normBy(call, stats)
                .gradInput(rowsOf(call, 0), channelsOf(call, 2), sumsOf(call, 3),
                           masked(call, 4, 5))};
  };
  kernels["BatchNormGradParameters"] = [](const GivenCall &call) -> Tensors {
    return batchNormParameterGrads(sumsOf(call, 0));
  };
  kernels["BatchNormRunning"] = [](const GivenCall &call) -> Tensors {
    Tensor stats = sumsOf(call, 0);
    return BatchNorm{stats, static_cast<double>(call.integer("count")), 0}.running(
        channelsOf(call, 1), channelsOf(call, 2), call.real("momentum"));
  };
  kernels["BatchNormInference"] = [](const GivenCall &call) -> Tensors {
    return {finish(call,
                   batchNormInference(rowsOf(call, 0), channelsOf(call, 1), channelsOf(call, 2),
                                      channelsOf(call, 3), channelsOf(call, 4),
                                      call.real("epsilon")),
                   5)};
  };
}

} // namespace

void addImageCalls(CallKernels &kernels) {
  addPools(kernels);
  addBatchNorms(kernels);
  kernels["Conv2dForward"] = [](const GivenCall &call) -> Tensors {
    ConvolutionCall of(call);
    return {of.convolution.forward(call.input(0, of.x), call.input(1, of.w), of.y)};
  };
  kernels["Conv2dInputGrad"] = [](const GivenCall &call) -> Tensors {
    ConvolutionCall of(call);
    return {of.convolution.inputGrad(call.input(0, of.y), call.input(1, of.w), of.x)};
  };
  kernels["Conv2dWeightGrad"] = [](const GivenCall &call) -> Tensors {
    ConvolutionCall of(call);
    return {of.convolution.weightGrad(call.input(0, of.x), call.input(1, of.y), of.w)};
  };
}

} // namespace autopar
