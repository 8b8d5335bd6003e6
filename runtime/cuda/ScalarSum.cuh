// The end of every sum that becomes one number: a single block adds what others have left, in
// one order, in double precision.
#ifndef AUTOPAR_RUNTIME_CUDA_SCALARSUM_CUH
#define AUTOPAR_RUNTIME_CUDA_SCALARSUM_CUH

#include "autopar/cuda/Context.h"
#include "autopar/cuda/Kernel.cuh"

namespace autopar::cuda {

template <class Finish>
__global__ void __launch_bounds__(blockThreads)
    scalarSumKernel(const double *terms, int64_t count, Finish finish) {
  double sum = 0;
  for (int64_t i = threadIdx.x; i < count; i += blockThreads)
    sum += terms[i];
  sum = blockSum(sum);
  if (threadIdx.x == 0)
    finish(sum);
}

/// finish(sum of the terms), on one thread.
template <class Finish>
void scalarSum(const Context &context, const double *terms, int64_t count,
               const Finish &finish) {
  launch(scalarSumKernel<Finish>, 1, blockThreads, 0, context.compute, terms, count, finish);
  checkLaunch();
}

} // namespace autopar::cuda

#endif // AUTOPAR_RUNTIME_CUDA_SCALARSUM_CUH
