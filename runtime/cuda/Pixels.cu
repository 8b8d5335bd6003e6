// See Pixels.h.
#include "autopar/cuda/Pixels.h"

#include "autopar/cuda/Kernel.cuh"

using namespace autopar;
using namespace autopar::cuda;

namespace {

/// Bytes that a thread reads, and numbers that it writes, at once.
constexpr int packed = 4;

/// A block has the levels at hand: what threads look up lies apart, for which parameters are
/// slow.
__global__ void normalisePixelsKernel(int64_t packs, int64_t count, PixelLevels levels,
                                      const uint8_t *pixels, float *images) {
  constexpr int channels = PixelLevels::channels, values = PixelLevels::values;
  __shared__ float table[channels * values];
  for (int i = threadIdx.x; i < channels * values; i += blockDim.x)
    table[i] = levels.ofChannel[i / values][i % values];
  __syncthreads();
  const auto level = [&](int64_t i, uint8_t value) {
    return table[i % channels * values + value];
  };
  for (int64_t p = firstIndex(); p < packs; p += indexStride()) {
    const auto in = Pack<uint8_t, packed>::load(pixels + p * packed);
    Pack<float, packed> out;
#pragma unroll
    for (int i = 0; i < packed; ++i)
      out.items[i] = level(p * packed + i, in.items[i]);
    out.store(images + p * packed);
  }
  for (int64_t i = packs * packed + firstIndex(); i < count; i += indexStride())
    images[i] = level(i, pixels[i]);
}

} // namespace

void autopar::cuda::normalisePixels(const Stream &stream, float *images, const uint8_t *pixels,
                                    int64_t count, const PixelLevels &levels) {
  if (count == 0)
    return;
  const bool isPackable = reinterpret_cast<uintptr_t>(pixels) % packed == 0 &&
                          reinterpret_cast<uintptr_t>(images) % (packed * sizeof(float)) == 0;
  launch(normalisePixelsKernel, blocksFor(divideUp(count, packed)), blockThreads, 0, stream,
         isPackable ? count / packed : 0, count, levels, pixels, images);
  checkLaunch();
}
