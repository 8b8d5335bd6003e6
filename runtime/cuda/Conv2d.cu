// See Conv2d.h: cuDNN's plan, and the weights' way to it and back.
#include "autopar/cuda/Conv2d.h"

#include "autopar/cuda/Context.h"
#include "autopar/cuda/Conv2dPlan.h"
#include "autopar/cuda/Filters.cuh"

using namespace autopar;
using namespace autopar::cuda;
using cudnn::Image, cudnn::Weights, cudnn::Output;

/// The weights as cuDNN wants them.
template <class T>
static const void *bring(const Context &context, const Conv2dShape &shape, bool asKept,
                         const float *w, void *room) {
  if (asKept)
    return w;
  return toChannelsLast<T>(context, Filters(shape), w, room);
}

template <class T>
void Conv2dForward::operator()(const Context &context, const T *x, const float *w, T *y,
                               void *workspace) const {
  requireType(state->call, "images", state->shape.type, typeOf<T>());
  const auto parts = state->split(workspace);
  const void *weights =
      bring<T>(context, state->shape, state->keepsWeights(), w, parts.weights);
  state->plan.run(context.cudnn(), {{Image, x}, {Weights, weights}, {Output, y}}, parts.ofPlan);
}

template <class T>
void Conv2dInputGrad::operator()(const Context &context, const T *dy, const float *w, T *dx,
                                 void *workspace) const {
  requireType(state->call, "images", state->shape.type, typeOf<T>());
  const auto parts = state->split(workspace);
  const void *weights =
      bring<T>(context, state->shape, state->keepsWeights(), w, parts.weights);
  state->plan.run(context.cudnn(), {{Image, dx}, {Weights, weights}, {Output, dy}},
                  parts.ofPlan);
}

template <class T>
void Conv2dWeightGrad::operator()(const Context &context, const T *x, const T *dy, float *dw,
                                  void *workspace) const {
  requireType(state->call, "images", state->shape.type, typeOf<T>());
  const auto parts = state->split(workspace);
  const bool asKept = state->keepsWeights();
  void *const weights = asKept ? static_cast<void *>(dw) : parts.weights;
  state->plan.run(context.cudnn(), {{Image, x}, {Weights, weights}, {Output, dy}},
                  parts.ofPlan);
  if (!asKept)
    fromChannelsLast(context, Filters(state->shape), static_cast<const T *>(weights), dw);
}

#define INSTANTIATE(T)                                                                         \
  template void Conv2dForward::operator()(const Context &, const T *, const float *, T *,      \
                                          void *) const;                                       \
  template void Conv2dInputGrad::operator()(const Context &, const T *, const float *, T *,    \
                                            void *) const;                                     \
  template void Conv2dWeightGrad::operator()(const Context &, const T *, const T *, float *,   \
                                             void *) const;
AUTOPAR_FOR_ACTIVATIONS(INSTANTIATE)
