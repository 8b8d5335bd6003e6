// What nvcc gives device code without being asked, for a host compiler: put in front of every
// .cu file (g++ -x c++ -include). Only what the runtime's kernels use is here.
#ifndef AUTOPAR_TEST_STANDIN_KERNELS_DEVICECODE_H
#define AUTOPAR_TEST_STANDIN_KERNELS_DEVICECODE_H

#include "standin/checks/KernelMemory.h"
#include "standin/kernels/Block.h"
#include "standin/kernels/Launch.h"

#include <cuda_runtime.h>

#include <bit>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <type_traits>

// Blocks run one after the other, so that one copy serves all. (That a block finds what the one
// before has left is no help to it: a GPU's finds anything.)
#undef __shared__
#define __shared__ static
#undef __launch_bounds__
#define __launch_bounds__(...)

extern uint3 threadIdx, blockIdx;
extern dim3 blockDim, gridDim;

// The toolkit's passes the arguments as addresses, whose types nobody can tell any more.
#define cudaLaunchKernelEx ::standin::launchKernel

//===- barriers and warps ----------------------------------------------------------------===//

using StandinPlace = std::source_location;

inline void __syncthreads(const StandinPlace &where = StandinPlace::current()) {
  standin::barrier(false, where);
}
inline int __syncthreads_or(int predicate,
                            const StandinPlace &where = StandinPlace::current()) {
  return standin::barrier(predicate, where);
}

template <class T>
T __shfl_xor_sync(unsigned mask, T value, int laneMask,
                  const StandinPlace &where = StandinPlace::current()) {
  static_assert(sizeof value <= sizeof(uint64_t));
  uint64_t bits = 0;
  std::memcpy(&bits, &value, sizeof value);
  const int source = standin::laneOfThread() ^ laneMask;
  bits = standin::exchange(standin::Exchange::Shuffle, mask, bits, source, where);
  std::memcpy(&value, &bits, sizeof value);
  return value;
}

inline unsigned __ballot_sync(unsigned mask, int predicate,
                              const StandinPlace &where = StandinPlace::current()) {
  return static_cast<unsigned>(
      standin::exchange(standin::Exchange::Ballot, mask, predicate != 0, 0, where));
}

inline void __syncwarp(unsigned mask = 0xffffffffu,
                       const StandinPlace &where = StandinPlace::current()) {
  standin::exchange(standin::Exchange::Order, mask, 0, 0, where);
}

//===- atomics: threads are never interrupted --------------------------------------------===//

template <class T> void standinTouchAtomic(T *address) {
  if (standin::isWatching)
    standin::touch(address, sizeof(T), standin::Use::Read, /*isAtomic=*/true);
  if (standin::isWatching)
    standin::touch(address, sizeof(T), standin::Use::Write, /*isAtomic=*/true);
}
// Their loads and stores are not what races.
#define STANDIN_ATOMIC __attribute__((no_sanitize("thread"))) inline

STANDIN_ATOMIC float atomicAdd(float *address, float value) {
  standinTouchAtomic(address);
  const float before = *address;
  *address = before + value;
  return before;
}
STANDIN_ATOMIC int atomicCAS_system(int *address, int compare, int value) {
  standinTouchAtomic(address);
  const int before = *address;
  if (before == compare)
    *address = value;
  return before;
}
inline void __threadfence_system() {}

//===- arithmetic ------------------------------------------------------------------------===//

inline int __popc(unsigned value) { return std::popcount(value); }

inline float rsqrtf(float x) { return 1 / std::sqrt(x); }
inline float normcdff(float x) { return 0.5f * std::erfc(x * -0.70710678f); }

template <class A, class B> constexpr std::common_type_t<A, B> min(A a, B b) {
  using Both = std::common_type_t<A, B>;
  return Both(b) < Both(a) ? Both(b) : Both(a);
}
template <class A, class B> constexpr std::common_type_t<A, B> max(A a, B b) {
  using Both = std::common_type_t<A, B>;
  return Both(a) < Both(b) ? Both(b) : Both(a);
}

using std::isfinite;
using std::isnan;

#endif // AUTOPAR_TEST_STANDIN_KERNELS_DEVICECODE_H
