// See Dropout.h.
#include "autopar/cpu/Dropout.h"

#include "autopar/cpu/DropoutFactors.h"
#include "autopar/cpu/Rows.h"

using namespace autopar::cpu;

void Dropout::operator()(const float *x, const int64_t *state, float *y) const {
  const DropoutFactors factorsOf(rate, site, state);
  // Runs that are contiguous in the whole tensor, cut where they are longer than a buffer.
  const int dims = shape.size();
  int outer = dims;
  int64_t run = 1;
  while (outer > 0 && (outer == dims || shape[outer] == part.whole[outer]))
    run *= shape[--outer];
  const int64_t runs = elements(shape) / std::max<int64_t>(run, 1);
  const int64_t pieces = divideUp(run, maxRun);

#pragma omp parallel for collapse(2) schedule(static) if (runs * run > serialElements)
  for (int64_t r = 0; r < runs; ++r)
    for (int64_t piece = 0; piece < pieces; ++piece) {
      // Where the run begins in the whole tensor, its outer dimensions counted by r.
      int64_t whole = 0, stride = 1, rest = r;
      for (int dim = dims - 1; dim >= 0; --dim) {
        const int64_t index = dim < outer ? rest % shape[dim] : 0;
        if (dim < outer)
          rest /= shape[dim];
        whole += (part.begin[dim] + index) * stride;
        stride *= part.whole[dim];
      }
      const int64_t begin = piece * maxRun, length = std::min(maxRun, run - begin);
      float factors[maxRun];
      factorsOf(whole + begin, length, factors);
      const float *const in = x + r * run + begin;
      float *const out = y + r * run + begin;
#pragma omp simd
      for (int64_t i = 0; i < length; ++i)
        out[i] = in[i] * factors[i];
    }
}
