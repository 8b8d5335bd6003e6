// See Embedding.h.
#include "autopar/cuda/Embedding.h"

#include "autopar/cuda/Context.h"
#include "autopar/cuda/Faults.cuh"
#include "autopar/cuda/Kernel.cuh"

using namespace autopar;
using namespace autopar::cuda;

namespace {

/// This rank's rows of the table.
struct Rows {
  int64_t first, length, vocabulary;

  Rows(const Part &table, int64_t length)
      : first(table.begin[0]), length(length), vocabulary(table.whole[0]) {}

  /// The row of a token here, or -1 where it is another rank's or nobody's.
  __device__ int64_t own(int32_t token) const {
    const int64_t row = token - first;
    return row >= 0 && row < length ? row : -1;
  }
  __device__ void check(Fault *faults, Fault::Call call, int64_t r, int32_t token) const {
    if (token < 0 || token >= vocabulary)
      report(faults, call, r, token, vocabulary);
  }
};

template <int N, class T>
__global__ void embeddingKernel(Rows mine, int64_t rows, int64_t channels,
                                const int32_t *tokens, const float *table, T *y,
                                Fault *faults) {
  const int64_t packs = channels / N;
  for (int64_t p = firstIndex(); p < rows * packs; p += indexStride()) {
    const int64_t r = p / packs, channel = p % packs * N;
    const int32_t token = tokens[r];
    if (channel == 0)
      mine.check(faults, Fault::Embedding, r, token);
    const int64_t row = mine.own(token);
    Pack<T, N> out;
#pragma unroll
    for (int i = 0; i < N; ++i)
      out.set(i, row < 0 ? 0.0f : table[row * channels + channel + i]);
    out.store(y + r * channels + channel);
  }
}

/// How a block shares out a token's rows: a warp has every eighth of them, and its lanes the
/// channels of a strip.
constexpr int warps = blockThreads / 32, stripChannels = blockThreads,
              laneChannels = stripChannels / 32;

/// A block for each strip of each row that is the first with its token; it finds the others and
/// adds all, always in the same order. A token that is in many rows so has as many threads as
/// its channels and warps make. Rows of the table that no token names are zero before.
template <class T>
__global__ void __launch_bounds__(blockThreads)
    embeddingGradKernel(Rows mine, int64_t padding, int64_t rows, int64_t channels,
                        const int32_t *tokens, const T *dy, float *dtable, Fault *faults) {
  __shared__ int64_t found[blockThreads];
  __shared__ int foundOfWarp[warps];
  __shared__ double ofWarps[warps][stripChannels];
  const int64_t first = blockIdx.x;
  const int32_t token = tokens[first];
  if (threadIdx.x == 0 && blockIdx.y == 0)
    mine.check(faults, Fault::EmbeddingGrad, first, token);
  const int64_t row = mine.own(token);
  if (row < 0 || token == padding)
    return;
  bool earlier = false;
  for (int64_t r = threadIdx.x; r < first && !earlier; r += blockThreads)
    earlier = tokens[r] == token;
  if (__syncthreads_or(earlier))
    return;

  const int lane = threadIdx.x % 32, warp = threadIdx.x / 32;
  const int64_t strip = int64_t(blockIdx.y) * stripChannels;
  double sums[laneChannels] = {};
  for (int64_t r = first; r < rows; r += blockThreads) {
    const bool mineToo = r + threadIdx.x < rows && tokens[r + threadIdx.x] == token;
    const unsigned matches = __ballot_sync(0xffffffffu, mineToo);
    if (lane == 0)
      foundOfWarp[warp] = __popc(matches);
    __syncthreads();
    int before = __popc(matches & ((1u << lane) - 1)), all = 0;
    for (int w = 0; w < warps; ++w) {
      before += w < warp ? foundOfWarp[w] : 0;
      all += foundOfWarp[w];
    }
    if (mineToo)
      found[before] = r + threadIdx.x;
    __syncthreads();
#pragma unroll 4
    for (int f = warp; f < all; f += warps)
#pragma unroll
      for (int k = 0; k < laneChannels; ++k) {
        const int64_t c = strip + k * 32 + lane;
        if (c < channels)
          sums[k] += static_cast<float>(dy[found[f] * channels + c]);
      }
    __syncthreads(); // All have read what the next rows overwrite.
  }
#pragma unroll
  for (int k = 0; k < laneChannels; ++k)
    ofWarps[warp][k * 32 + lane] = sums[k];
  __syncthreads();
  const int64_t c = strip + threadIdx.x;
  if (c >= channels)
    return;
  double sum = 0;
  for (int w = 0; w < warps; ++w)
    sum += ofWarps[w][threadIdx.x];
  dtable[row * channels + c] = static_cast<float>(sum);
}

} // namespace

template <class T>
void Embedding::operator()(const Context &context, const int32_t *tokens, const float *table,
                           T *y) const {
  const Rows mine(this->table, length);
  withPacks<T>(isPacked(channels, y), [&](auto n) {
    launch(embeddingKernel<n, T>, blocksFor(rows * channels / n), blockThreads, 0,
           context.compute, mine, rows, channels, tokens, table, y, context.faults.onDevice());
    checkLaunch();
  });
}

template <class T>
void EmbeddingGrad::operator()(const Context &context, const int32_t *tokens, const T *dy,
                               float *dtable, void *) const {
  check(cudaMemsetAsync(dtable, 0, length * channels * sizeof *dtable, context.compute));
  if (rows == 0 || channels == 0)
    return;
  const dim3 grid(static_cast<unsigned>(rows),
                  static_cast<unsigned>(divideUp(channels, stripChannels)));
  launch(embeddingGradKernel<T>, grid, blockThreads, 0, context.compute, Rows(table, length),
         padding, rows, channels, tokens, dy, dtable, context.faults.onDevice());
  checkLaunch();
}

#define INSTANTIATE(T)                                                                         \
  template void Embedding::operator()(const Context &, const int32_t *, const float *, T *)    \
      const;                                                                                   \
  template void EmbeddingGrad::operator()(const Context &, const int32_t *, const T *,         \
                                          float *, void *) const;
AUTOPAR_FOR_ACTIVATIONS(INSTANTIATE)
