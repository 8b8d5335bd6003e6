// Convolutions with the batch norms around them, relu's gradient computed again or added up, and
// batch norms in tables: see runtime/cuda/FusedConv2d.h and BatchNorm.h.
#include "test/unit/programs/calls/BatchNorms.h"
#include "test/unit/programs/calls/ImageShapes.h"

namespace autopar {

namespace {

/// relu(batch norm of x), where x, stats, gamma and beta are the inputs from `first` on.
struct ReluNorm {
  Tensor x, stats, gamma;
  BatchNorm norm;
  Tensor y;

  ReluNorm(const GivenCall &call, unsigned first, Shape shape)
      : x(call.input(first, shape)), stats(sumsOf(call, first + 1)),
        gamma(channelsOf(call, first + 2)), norm(normBy(call, stats)),
        y(relu(norm.apply(x, gamma, channelsOf(call, first + 3)))) {}
  ReluNorm(const ReluNorm &) = delete;
};

llvm::SmallVector<int64_t> rowsOf(const GivenCall &call) {
  return {call.integer("rows"), call.integer("channels")};
}

Tensors withStats(Tensor y) {
  Tensor stats = batchStats(y, y.dim(3));
  return {std::move(y), std::move(stats)};
}

} // namespace

void addFusedImageCalls(CallKernels &kernels) {
  kernels["Conv2dStats"] = [](const GivenCall &call) { // x, w
    ConvolutionCall of(call);
    return withStats(of.convolution.forward(call.input(0, of.x), call.input(1, of.w), of.y));
  };
  kernels["NormConv2dStats"] = [](const GivenCall &call) { // x, stats, gamma, beta, w
    ConvolutionCall of(call);
    ReluNorm x(call, 0, of.x);
    return withStats(of.convolution.forward(x.y, call.input(4, of.w), of.y));
  };
  kernels["NormConv2dWeightGrad"] = [](const GivenCall &call) -> Tensors { // the same four, dy
    ConvolutionCall of(call);
    ReluNorm x(call, 0, of.x);
    return {of.convolution.weightGrad(x.y, call.input(4, of.y), of.w)};
  };
  kernels["NormConv2dInputGrad"] = [](const GivenCall &call) -> Tensors { // dy, w, those four
    ConvolutionCall of(call);
    ReluNorm x(call, 2, of.x);
    Tensor dz =
        reluGrad(of.convolution.inputGrad(call.input(0, of.y), call.input(1, of.w), of.x), x.y);
    return {dz, x.norm.gradSums(x.x, dz)};
  };
  kernels["BatchNormRunningAll"] = [](const GivenCall &call) { // rows of stats, mean, variance
    Tensors results;
    for (auto [row, channels] : llvm::enumerate(call.integers("channels"))) {
      const unsigned first = row * 3;
      const Tensor stats = call.input(first, {2, channels});
      const auto count = static_cast<double>(call.integers("count")[row]);
      llvm::append_range(results,
                         BatchNorm{stats, count, 0}.running(call.input(first + 1, {channels}),
                                                            call.input(first + 2, {channels}),
                                                            call.real("momentum")));
    }
    return results;
  };
  kernels["BatchNormGradParametersAll"] = [](const GivenCall &call) { // rows of sums
    Tensors results;
    for (auto [row, channels] : llvm::enumerate(call.integers("channels")))
      llvm::append_range(results, batchNormParameterGrads(call.input(row, {2, channels})));
    return results;
  };
  kernels["BatchNormReluGradSums"] = [](const GivenCall &call) -> Tensors { // those four, dy
    ReluNorm x(call, 0, rowsOf(call));
    return {x.norm.gradSums(x.x, reluGrad(call.input(4, rowsOf(call)), x.y))};
  };
  // x, stats, the two that are added, y
  kernels["BatchNormAddReluGradSums"] = [](const GivenCall &call) -> Tensors {
    const auto image = [&](unsigned input) { return call.input(input, rowsOf(call)); };
    const Tensor stats = sumsOf(call, 1);
    Tensor dz = reluGrad(sum({image(2), image(3)}), image(4));
    return {dz, normBy(call, stats).gradSums(image(0), dz)};
  };
  // those four, sums, dy
  kernels["BatchNormReluGradInput"] = [](const GivenCall &call) -> Tensors {
    ReluNorm x(call, 0, rowsOf(call));
    return {x.norm.gradInput(x.x, x.gamma, sumsOf(call, 4),
                             reluGrad(call.input(5, rowsOf(call)), x.y))};
  };
}

} // namespace autopar
