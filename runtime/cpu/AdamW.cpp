// See AdamW.h.
#include "autopar/cpu/AdamW.h"

#include "autopar/cpu/Rows.h"

#include <cmath>
#include <cstring>
#include <utility>

using namespace autopar::cpu;

void AdamW::operator()(const float *parameter, const float *gradient, const float *lr,
                       const int64_t *state, const float *m, const float *v,
                       float *newParameter, float *newM, float *newV) const {
  constexpr float asItIs = 1;
  (*this)(parameter, gradient, lr, state, m, v, &asItIs, newParameter, newM, newV);
}

void AdamW::operator()(const float *parameter, const float *gradient, const float *lr,
                       const int64_t *state, const float *m, const float *v,
                       const float *factor, float *newParameter, float *newM,
                       float *newV) const {
  if (*factor == 0) {
    for (auto [old, kept] : {std::pair(parameter, newParameter), {m, newM}, {v, newV}})
      std::memmove(kept, old, count * sizeof(float));
    return;
  }
  const auto t = static_cast<double>(state[1] + 1);
  const double rate = *lr;
  const float keepM = static_cast<float>(beta1), takeM = static_cast<float>(1 - beta1);
  const float keepV = static_cast<float>(beta2), takeV = static_cast<float>(1 - beta2);
  const float scale = *factor, keep = static_cast<float>(1 - rate * weightDecay);
  const float step = static_cast<float>(rate / (1 - std::pow(beta1, t)));
  const float ofRoot = static_cast<float>(1 / std::sqrt(1 - std::pow(beta2, t)));
  const float least = static_cast<float>(epsilon);
#pragma omp parallel for simd schedule(simd : static) if (parallel : count > serialElements)
  for (int64_t i = 0; i < count; ++i) {
    const float g = scale * gradient[i];
    const float first = keepM * m[i] + takeM * g;
    const float second = keepV * v[i] + takeV * g * g;
    newM[i] = first;
    newV[i] = second;
    newParameter[i] = keep * parameter[i] - step * first / (std::sqrt(second) * ofRoot + least);
  }
}
