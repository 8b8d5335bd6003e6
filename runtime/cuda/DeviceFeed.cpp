// See DeviceFeed.h.
#include "autopar/cuda/DeviceFeed.h"

#include "autopar/cuda/Context.h"
#include "autopar/cuda/Pixels.h"

#include <utility>

using namespace autopar;
using namespace autopar::cuda;

void DeviceFeed::bring(void *beside, const void *hostFrom, size_t bytes) {
  if (!std::exchange(hasBrought, true))
    placed.record(context.compute); // What fills the arena at first comes before, too.
  stream.wait(placed);
  check(cudaMemcpyAsync(beside, hostFrom, bytes, cudaMemcpyHostToDevice, stream));
  brought.record(stream);
  await(brought);
}

void DeviceFeed::place(void *to, const void *beside, size_t bytes) {
  context.compute.wait(brought);
  check(cudaMemcpyAsync(to, beside, bytes, cudaMemcpyDeviceToDevice, context.compute));
  placed.record(context.compute);
}

void DeviceFeed::placePixels(float *to, const uint8_t *pixels, int64_t count,
                             const PixelLevels &levels) {
  context.compute.wait(brought);
  normalisePixels(context.compute, to, pixels, count, levels);
  placed.record(context.compute);
}
