// What the kernels share: elements read and written 16 bytes at a time, computed on in f32, and
// loops that cover any count. A kernel is compiled for packs of 16 bytes and, where a tensor's
// rows are no multiple of that, for single elements.
#ifndef AUTOPAR_RUNTIME_CUDA_KERNEL_CUH
#define AUTOPAR_RUNTIME_CUDA_KERNEL_CUH

#include "autopar/cuda/Check.h"
#include "autopar/cuda/Elements.h"
#include "autopar/cuda/Launch.cuh"

#include <cuda_bf16.h>
#include <cuda_fp16.h>

#include <algorithm>
#include <cstdint>

/// Applies X to each type of activations.
#define AUTOPAR_FOR_ACTIVATIONS(X)                                                             \
  X(float)                                                                                     \
  X(autopar::cuda::bf16)                                                                       \
  X(autopar::cuda::f16)

namespace autopar::cuda {

constexpr int64_t divideUp(int64_t a, int64_t b) { return (a + b - 1) / b; }

/// Threads of a block, unless a kernel says otherwise.
inline constexpr int blockThreads = 256;

/// Blocks that keep every device busy, when each loops over its share.
inline constexpr int64_t manyBlocks = 4096;

/// Elements of T in 16 bytes.
template <class T> inline constexpr int packSize = 16 / sizeof(T);

/// N elements that are moved at once.
template <class T, int N> struct alignas(sizeof(T) * N) Pack {
  T items[N];

  static __device__ Pack load(const T *from) { return *reinterpret_cast<const Pack *>(from); }
  __device__ void store(T *to) const { *reinterpret_cast<Pack *>(to) = *this; }

  __device__ float operator[](int i) const { return static_cast<float>(items[i]); }
  __device__ void set(int i, float value) { items[i] = static_cast<T>(value); }
};

/// Whether rows of `length` elements at `pointers` can be walked in packs.
template <class T, class... Others>
bool isPacked(int64_t length, const T *pointer, const Others *...others) {
  const auto aligned = [](const void *p) { return reinterpret_cast<uintptr_t>(p) % 16 == 0; };
  return length % packSize<T> == 0 && aligned(pointer) && (aligned(others) && ...);
}

/// body(integral_constant N) with N the elements that the kernel moves at once.
template <class T, class Body> void withPacks(bool packed, Body body) {
  if (packed)
    body(std::integral_constant<int, packSize<T>>());
  else
    body(std::integral_constant<int, 1>());
}

/// Blocks for `count` threads' work, each thread taking what is left in strides.
inline unsigned blocksFor(int64_t count) {
  return static_cast<unsigned>(
      std::clamp<int64_t>(divideUp(count, blockThreads), 1, manyBlocks));
}

inline __device__ int64_t firstIndex() {
  return int64_t(blockIdx.x) * blockDim.x + threadIdx.x;
}
inline __device__ int64_t indexStride() { return int64_t(gridDim.x) * blockDim.x; }

/// The sum over a warp's lanes, in every lane, always added in the same order.
template <class V> __device__ V warpSum(V value) {
  for (int offset = 16; offset; offset >>= 1)
    value += __shfl_xor_sync(0xffffffffu, value, offset);
  return value;
}

inline __device__ float warpMax(float value) {
  for (int offset = 16; offset; offset >>= 1)
    value = fmaxf(value, __shfl_xor_sync(0xffffffffu, value, offset));
  return value;
}

/// The sum over a block of blockThreads threads, in every thread.
template <class V> __device__ V blockSum(V value) {
  __shared__ V sums[blockThreads / 32];
  value = warpSum(value);
  __syncthreads(); // A sum before this one has been read.
  if (threadIdx.x % 32 == 0)
    sums[threadIdx.x / 32] = value;
  __syncthreads();
  V total = 0;
  for (V sum : sums)
    total += sum;
  return total;
}

inline __device__ float blockMax(float value) {
  __shared__ float most[blockThreads / 32];
  value = warpMax(value);
  __syncthreads();
  if (threadIdx.x % 32 == 0)
    most[threadIdx.x / 32] = value;
  __syncthreads();
  float total = most[0];
  for (float candidate : most)
    total = fmaxf(total, candidate);
  return total;
}

} // namespace autopar::cuda

#endif // AUTOPAR_RUNTIME_CUDA_KERNEL_CUH
