// See Reduction.h. A warp reduces neighbours; where columns of results are neighbours instead, a
// thread owns one of them, and the rows of a block of threads share what is reduced. Blocks'
// results are joined by a second kernel, in order.
#include "autopar/cuda/Reduction.h"

#include "autopar/cuda/ElementSteps.cuh"
#include "autopar/cuda/Elementwise.cuh"
#include "autopar/cuda/ReductionBlocks.h"

using namespace autopar;
using namespace autopar::cuda;

namespace {

struct Adding {
  using Number = double;
  static __device__ Number start() { return 0; }
  static __device__ Number join(Number a, Number b) { return a + b; }
};

struct Largest {
  using Number = float;
  static __device__ Number start() { return -INFINITY; }
  static __device__ Number join(Number a, Number b) { return b > a || b != b ? b : a; }
};

/// Where a block's results go: [rows, blocks, columns], or those of the call where one block is
/// all.
template <class Way, class T> struct Results {
  typename Way::Number *partial;
  T *y;

  __device__ void put(int64_t i, typename Way::Number value) const {
    if (partial)
      partial[i] = value;
    else
      y[i] = static_cast<T>(static_cast<float>(value));
  }
};

constexpr int lanes = 32, warps = blockThreads / lanes;

template <class Way, class T>
__global__ void __launch_bounds__(blockThreads)
    reduceNeighboursKernel(const __grid_constant__ Reduction all, const T *x,
                           Results<Way, T> results) {
  const int64_t parts = all.rows() * all.blocks;
  for (int64_t part = int64_t(blockIdx.x) * warps + threadIdx.y; part < parts;
       part += int64_t(gridDim.x) * warps) {
    typename Way::Number value = Way::start();
    all.forEachPiece(part / all.blocks, part % all.blocks, [&](int64_t offset, int64_t count) {
      for (int64_t i = threadIdx.x; i < count; i += lanes)
        value = Way::join(value, static_cast<float>(x[offset + i]));
    });
    for (int step = lanes / 2; step; step /= 2)
      value = Way::join(value, __shfl_xor_sync(0xffffffffu, value, step));
    if (threadIdx.x == 0)
      results.put(part, value);
  }
}

template <class Way, class T>
__global__ void __launch_bounds__(blockThreads)
    reduceColumnsKernel(const __grid_constant__ Reduction all, const T *x,
                        Results<Way, T> results) {
  __shared__ typename Way::Number shared[warps][lanes];
  const int64_t parts = all.rows() * all.blocks, strips = divideUp(all.columns, lanes);
  for (int64_t task = blockIdx.x; task < parts * strips; task += gridDim.x) {
    const int64_t part = task / strips, column = task % strips * lanes + threadIdx.x;
    typename Way::Number value = Way::start();
    if (column < all.columns)
      all.forEachPiece(
          part / all.blocks, part % all.blocks, [&](int64_t offset, int64_t count) {
            for (int64_t i = threadIdx.y; i < count; i += warps)
              value = Way::join(value, static_cast<float>(x[offset + i * all.apart + column]));
          });
    __syncthreads(); // What was shared before has been read.
    shared[threadIdx.y][threadIdx.x] = value;
    __syncthreads();
    if (threadIdx.y != 0 || column >= all.columns)
      continue;
    for (int row = 1; row < warps; ++row)
      value = Way::join(value, shared[row][threadIdx.x]);
    results.put(part * all.columns + column, value);
  }
}

template <class Way, class T>
__global__ void joinBlocksKernel(int64_t count, int64_t blocks, int64_t columns,
                                 const typename Way::Number *partial, T *y) {
  for (int64_t i = firstIndex(); i < count; i += indexStride()) {
    const int64_t row = i / columns, column = i % columns;
    typename Way::Number value = Way::start();
    for (int64_t block = 0; block < blocks; ++block)
      value = Way::join(value, partial[(row * blocks + block) * columns + column]);
    y[i] = static_cast<T>(static_cast<float>(value));
  }
}

template <class Way, class T>
void reduce(const Context &context, const Shape &shape, const Shape &dims, const T *x, T *y,
            void *workspace) {
  const Reduction all = reductionOf(shape, dims);
  const bool isCut = all.blocks > 1;
  auto *const partial = static_cast<typename Way::Number *>(isCut ? workspace : nullptr);
  const Results<Way, T> results{partial, y};
  const int64_t parts = all.rows() * all.blocks, count = all.rows() * all.columns;
  if (count == 0)
    return;
  const dim3 block(lanes, warps);
  constexpr int64_t mostGrid = 4 * manyBlocks;
  if (all.columns == 1 && all.apart == 1)
    launch(reduceNeighboursKernel<Way, T>, std::min(divideUp(parts, warps), mostGrid), block, 0,
           context.compute, all, x, results);
  else
    launch(reduceColumnsKernel<Way, T>,
           std::min(parts * divideUp(all.columns, lanes), mostGrid), block, 0, context.compute,
           all, x, results);
  checkLaunch();
  if (!isCut)
    return;
  launch(joinBlocksKernel<Way, T>, blocksFor(count), blockThreads, 0, context.compute, count,
         all.blocks, all.columns, partial, y);
  checkLaunch();
}

} // namespace

template <class T>
void Sum::operator()(const Context &context, const T *x, T *y, void *workspace) const {
  reduce<Adding>(context, shape, dims, x, y, workspace);
}

template <class T>
void Max::operator()(const Context &context, const T *x, T *y, void *workspace) const {
  reduce<Largest>(context, shape, dims, x, y, workspace);
}

template <class T> void Expand::operator()(const Context &context, const T *x, T *y) const {
  forEachElement(context, elements(shape), ExpandElement(*this, x), y);
}

#define INSTANTIATE(T)                                                                         \
  template void Sum::operator()(const Context &, const T *, T *, void *) const;                \
  template void Max::operator()(const Context &, const T *, T *, void *) const;                \
  template void Expand::operator()(const Context &, const T *, T *) const;
AUTOPAR_FOR_ACTIVATIONS(INSTANTIATE)
