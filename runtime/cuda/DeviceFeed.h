// The next batch's way to a device: a stream of its own, beside the step, and then a pass on
// the device, which takes the step's stream a fraction of what the bus took.
#ifndef AUTOPAR_RUNTIME_CUDA_DEVICEFEED_H
#define AUTOPAR_RUNTIME_CUDA_DEVICEFEED_H

#include "autopar/core/Feed.h"
#include "autopar/cuda/Stream.h"

#include <functional>

namespace autopar::cuda {

class Context;

class DeviceFeed final : public Feed {
public:
  /// `await` blocks the host until an event is passed: a copy's end, and so that of all work
  /// that was put out before the batch in front was placed.
  DeviceFeed(const Context &context, std::function<void(const Event &)> await)
      : context(context), await(std::move(await)) {}

  void bring(void *beside, const void *hostFrom, size_t bytes) override;
  void place(void *to, const void *beside, size_t bytes) override;
  void placePixels(float *to, const uint8_t *pixels, int64_t count,
                   const PixelLevels &levels) override;

private:
  const Context &context;
  std::function<void(const Event &)> await;
  Stream stream;
  Event brought, placed;
  bool hasBrought = false;
};

} // namespace autopar::cuda

#endif // AUTOPAR_RUNTIME_CUDA_DEVICEFEED_H
