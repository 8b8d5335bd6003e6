// See FusedConv2d.h: cuDNN's plans, and a norm's coefficients and sums on their way to them and
// back.
#include "autopar/cuda/FusedConv2d.h"

#include "autopar/cuda/Channels.cuh"
#include "autopar/cuda/Filters.cuh"
#include "autopar/cuda/FusedConv2dPlan.h"

using namespace autopar;
using namespace autopar::cuda;
using cudnn::Image, cudnn::Weights, cudnn::Output;

namespace {

/// The norm in front of a convolution of `shape`.
BatchMoments momentsOf(const Conv2dShape &shape, const double *stats) {
  return {stats, shape.channels, shape.count, shape.epsilon};
}

/// The norm as x scale + shift.
struct FoldedNorm {
  f16 *scale, *shift;
};

/// In `rows` at `room`. The shift makes up for the rounding of the scale, which a mean far from
/// 0 would magnify.
FoldedNorm fold(const Context &context, const BatchMoments &moments, const float *gamma,
                const float *beta, const ChannelRows &rows, std::byte *room) {
  const FoldedNorm to{rows.row<f16>(room, 0), rows.row<f16>(room, 1)};
  forEachChannel(context, moments.channels, [=] __device__(int64_t c) {
    const f16 scale = static_cast<f16>(static_cast<float>(gamma[c] * moments.inverseStd(c)));
    to.scale[c] = scale;
    to.shift[c] = static_cast<f16>(
        static_cast<float>(beta[c] - moments.mean(c) * static_cast<float>(scale)));
  });
  return to;
}

void writeMoments(const Context &context, const BatchMoments &moments, float *mean,
                  float *inverseStd) {
  forEachChannel(context, moments.channels, [=] __device__(int64_t c) {
    mean[c] = static_cast<float>(moments.mean(c));
    inverseStd[c] = static_cast<float>(moments.inverseStd(c));
  });
}

/// to: [2, channels]
void widenSums(const Context &context, int64_t channels, const float *first,
               const float *second, double *to) {
  forEachChannel(context, channels, [=] __device__(int64_t c) {
    to[c] = first[c];
    to[channels + c] = second[c];
  });
}

} // namespace

void Conv2dStats::operator()(const Context &context, const f16 *x, const float *w, f16 *y,
                             double *stats, void *workspace) const {
  const auto parts = state->split(workspace);
  const Conv2dShape &shape = state->shape;
  float *const sum = state->sums.row<float>(parts.sums, 0);
  float *const squareSum = state->sums.row<float>(parts.sums, 1);
  state->plan.run(context.cudnn(),
                  {{Image, x},
                   {Weights, toChannelsLast<f16>(context, Filters(shape), w, parts.weights)},
                   {Output, y},
                   {FirstSum, sum},
                   {SecondSum, squareSum}},
                  parts.ofPlan);
  widenSums(context, shape.filters, sum, squareSum, stats);
}

void NormConv2dStats::operator()(const Context &context, const f16 *x, const double *stats,
                                 const float *gamma, const float *beta, const float *w, f16 *y,
                                 double *statsOfY, void *workspace) const {
  const auto parts = state->split(workspace);
  const Conv2dShape &shape = state->shape;
  const FoldedNorm norm = fold(context, momentsOf(shape, stats), gamma, beta,
                               state->coefficients, parts.coefficients);
  float *const sum = state->sums.row<float>(parts.sums, 0);
  float *const squareSum = state->sums.row<float>(parts.sums, 1);
  state->plan.run(context.cudnn(),
                  {{Image, x},
                   {NormScale, norm.scale},
                   {NormShift, norm.shift},
                   {Weights, toChannelsLast<f16>(context, Filters(shape), w, parts.weights)},
                   {Output, y},
                   {FirstSum, sum},
                   {SecondSum, squareSum}},
                  parts.ofPlan);
  widenSums(context, shape.filters, sum, squareSum, statsOfY);
}

void NormConv2dWeightGrad::operator()(const Context &context, const f16 *x, const double *stats,
                                      const float *gamma, const float *beta, const f16 *dy,
                                      float *dw, void *workspace) const {
  const auto parts = state->split(workspace);
  const Conv2dShape &shape = state->shape;
  const FoldedNorm norm = fold(context, momentsOf(shape, stats), gamma, beta,
                               state->coefficients, parts.coefficients);
  state->plan.run(context.cudnn(),
                  {{Image, x},
                   {NormScale, norm.scale},
                   {NormShift, norm.shift},
                   {Weights, parts.weights},
                   {Output, dy}},
                  parts.ofPlan);
  fromChannelsLast(context, Filters(shape), reinterpret_cast<const f16 *>(parts.weights), dw);
}

void NormConv2dInputGrad::operator()(const Context &context, const f16 *dy, const float *w,
                                     const f16 *x, const double *stats, const float *gamma,
                                     const float *beta, f16 *dz, double *sums,
                                     void *workspace) const {
  const auto parts = state->split(workspace);
  const Conv2dShape &shape = state->shape;
  float *const mean = state->coefficients.row<float>(parts.coefficients, 0);
  float *const inverseStd = state->coefficients.row<float>(parts.coefficients, 1);
  writeMoments(context, momentsOf(shape, stats), mean, inverseStd);
  const auto sum = [&](int i) { return state->sums.row<float>(parts.sums, i); };
  state->plan.run(context.cudnn(),
                  {{Output, dy},
                   {Weights, toChannelsLast<f16>(context, Filters(shape), w, parts.weights)},
                   {Image, x},
                   {NormMean, mean},
                   {NormInverseStd, inverseStd},
                   {NormGamma, gamma},
                   {NormBeta, beta},
                   {MaskedGrad, dz},
                   {FirstSum, sum(0)},
                   {SecondSum, sum(1)},
                   {GradFactor, sum(2)},
                   {ImageFactor, sum(3)},
                   {GradOffset, sum(4)}},
                  parts.ofPlan);
  widenSums(context, shape.channels, sum(0), sum(1), sums);
}
