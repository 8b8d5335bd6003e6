// Convolutions that cuDNN fuses with batch norms: channels and filters are multiples of 8, and
// an image is padded alike on both sides.
#ifndef AUTOPAR_RUNTIME_CONFORMANCE_CUDA_FUSABLESHAPES_H
#define AUTOPAR_RUNTIME_CONFORMANCE_CUDA_FUSABLESHAPES_H

#include "Random.h"

#include "autopar/cuda/FusedConv2d.h"

namespace autopar::conformance {

/// In front is a norm over the images of this rank, or of two.
inline cuda::Conv2dShape randomFusable(Random &random) {
  const int64_t padH = random.number(0, 1), padW = random.number(0, 1);
  cuda::Conv2dShape shape{.batch = random.number(1, 3),
                          .height = random.number(6, 12),
                          .width = random.number(6, 12),
                          .channels = 8 * random.number(1, 6),
                          .filters = 8 * random.number(1, 6),
                          .kernelH = random.number(1, 3),
                          .kernelW = random.number(1, 3),
                          .strideH = random.number(1, 2),
                          .strideW = random.number(1, 2),
                          .padTop = padH,
                          .padLeft = padW,
                          .padBottom = padH,
                          .padRight = padW,
                          .dilationH = random.number(1, 2),
                          .dilationW = random.number(1, 2),
                          .type = DataType::F16,
                          .epsilon = 1e-5};
  const int64_t ranks = random.number(1, 2);
  shape.count = ranks * shape.batch * shape.height * shape.width;
  return shape;
}

} // namespace autopar::conformance

#endif // AUTOPAR_RUNTIME_CONFORMANCE_CUDA_FUSABLESHAPES_H
