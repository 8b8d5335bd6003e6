// y[i] = element(x[i], ...) over whole tensors: the shape of every kernel that reads each
// element once. The first elements go in packs, what is left over one by one.
#ifndef AUTOPAR_RUNTIME_CUDA_ELEMENTWISE_CUH
#define AUTOPAR_RUNTIME_CUDA_ELEMENTWISE_CUH

#include "autopar/cuda/Context.h"
#include "autopar/cuda/Kernel.cuh"

namespace autopar::cuda {

template <int N, class T, class Element, class... Xs>
__global__ void elementwiseKernel(int64_t packs, int64_t count, Element element, T *y,
                                  const Xs *...xs) {
  for (int64_t p = firstIndex(); p < packs; p += indexStride()) {
    Pack<T, N> result;
    [&](auto... in) {
#pragma unroll
      for (int i = 0; i < N; ++i)
        result.set(i, element(p * N + i, in[i]...));
    }(Pack<Xs, N>::load(xs + p * N)...);
    result.store(y + p * N);
  }
  for (int64_t i = packs * N + firstIndex(); i < count; i += indexStride())
    y[i] = static_cast<T>(element(i, static_cast<float>(xs[i])...));
}

/// `element(index, x...)` computes in f32. y may be any of xs of its own type.
template <class T, class Element, class... Xs>
void forEachElement(const Context &context, int64_t count, Element element, T *y,
                    const Xs *...xs) {
  if (count == 0)
    return;
  // Where types differ in size, the widest fixes how many elements make 16 bytes.
  constexpr int n = std::min({packSize<T>, packSize<Xs>...});
  const bool packed = isPacked(0, y, xs...);
  const int64_t packs = packed ? count / n : 0;
  launch(elementwiseKernel<n, T, Element, Xs...>,
         blocksFor(packed ? divideUp(count, n) : count), blockThreads, 0, context.compute,
         packs, count, element, y, xs...);
  checkLaunch();
}

} // namespace autopar::cuda

#endif // AUTOPAR_RUNTIME_CUDA_ELEMENTWISE_CUH
