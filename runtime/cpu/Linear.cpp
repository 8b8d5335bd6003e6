// See Linear.h.
#include "autopar/cpu/Linear.h"

#include "autopar/cpu/ChannelSums.h"
#include "autopar/cpu/LinearPlans.h"
#include "autopar/cpu/Rows.h"

using namespace autopar::cpu;

LinearForward::LinearForward(const LinearShape &shape)
    : OneDnnCall(planLinearForward("LinearForward", shape)) {}
LinearInputGrad::LinearInputGrad(const LinearShape &shape)
    : OneDnnCall(planLinearInputGrad("LinearInputGrad", shape)) {}
LinearWeightGrad::LinearWeightGrad(const LinearShape &shape)
    : OneDnnCall(planLinearWeightGrad("LinearWeightGrad", shape)) {}

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

//===- The bias ----------------------------------------------------------------------===//

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

void BiasAdd::operator()(const float *x, const float *bias, float *biased) const {
  forEachRun<BiasRun>(Rows(rows, channels), bias,
                      [=](int64_t offset, int64_t length, const BiasRun &run) {
#pragma omp simd
                        for (int64_t i = 0; i < length; ++i)
                          biased[offset + i] = x[offset + i] + run.bias[i];
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
