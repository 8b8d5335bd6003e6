// The runtime's header of this name for a machine without a GPU: the same loop on the host, so that
// the kernels of a program can be run as they are.
#ifndef AUTOPAR_TEST_ELEMENTWISE_CUH
#define AUTOPAR_TEST_ELEMENTWISE_CUH

#include <cuda_bf16.h>
#include <cuda_fp16.h>

#include <cmath>
#include <cstdint>
#include <numbers>

/// CUDA's, which only nvcc declares.
inline float normcdff(float x) { return std::erfc(-x / std::numbers::sqrt2_v<float>) / 2; }

namespace autopar::cuda {

class Context {};

template <class T, class Element, class... Xs>
void forEachElement(const Context &, int64_t count, Element element, T *y, const Xs *...xs) {
  for (int64_t i = 0; i < count; ++i)
    y[i] = static_cast<T>(element(i, static_cast<float>(xs[i])...));
}

} // namespace autopar::cuda

#endif
