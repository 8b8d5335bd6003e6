// A convolution by its definition: what the tests of convolutions share.
#ifndef AUTOPAR_RUNTIME_CONFORMANCE_CONVOLUTION_H
#define AUTOPAR_RUNTIME_CONFORMANCE_CONVOLUTION_H

#include "Random.h"
#include "Shapes.h"
#include "Target.h"

namespace autopar::conformance {

/// One whose window fits images of `least` to `most` rows and columns.
inline Conv2dShape randomConv2d(Random &random, int64_t least, int64_t most) {
  Conv2dShape shape;
  do {
    const int64_t groups = random.pick<int64_t>({1, 1, 2, 3});
    shape = {.batch = random.number(1, 3),
             .height = random.number(least, most),
             .width = random.number(least, most),
             .channels = groups * random.number(1, 20),
             .filters = groups * random.number(1, 20),
             .kernelH = random.number(1, 5),
             .kernelW = random.number(1, 5),
             .strideH = random.number(1, 3),
             .strideW = random.number(1, 3),
             .padTop = random.number(0, 2),
             .padLeft = random.number(0, 2),
             .padBottom = random.number(0, 2),
             .padRight = random.number(0, 2),
             .dilationH = random.number(1, 2),
             .dilationW = random.number(1, 2),
             .groups = groups};
  } while (!shapes::vertical(shape).fits() || !shapes::horizontal(shape).fits());
  return shape;
}

inline size_t inputSize(const Conv2dShape &s) {
  return s.batch * s.height * s.width * s.channels;
}
inline size_t weightSize(const Conv2dShape &s) {
  return shapes::weightsOf(s);
}
inline size_t outputSize(const Conv2dShape &s) {
  return s.batch * s.outputHeight() * s.outputWidth() * s.filters;
}

/// Calls visit(x, w, y) with the offsets of the three elements of each product.
template <class Visit> void forEachProduct(const Conv2dShape &s, Visit visit) {
  const int64_t groupChannels = s.channels / s.groups, groupFilters = s.filters / s.groups;
  for (int64_t n = 0; n < s.batch; ++n)
    for (int64_t oh = 0; oh < s.outputHeight(); ++oh)
      for (int64_t ow = 0; ow < s.outputWidth(); ++ow)
        for (int64_t kh = 0; kh < s.kernelH; ++kh)
          for (int64_t kw = 0; kw < s.kernelW; ++kw) {
            const int64_t h = oh * s.strideH - s.padTop + kh * s.dilationH;
            const int64_t w = ow * s.strideW - s.padLeft + kw * s.dilationW;
            if (h < 0 || h >= s.height || w < 0 || w >= s.width)
              continue;
            for (int64_t f = 0; f < s.filters; ++f)
              for (int64_t c = 0; c < groupChannels; ++c)
                visit(((n * s.height + h) * s.width + w) * s.channels +
                          f / groupFilters * groupChannels + c,
                      ((f * groupChannels + c) * s.kernelH + kh) * s.kernelW + kw,
                      ((n * s.outputHeight() + oh) * s.outputWidth() + ow) * s.filters + f);
          }
}

} // namespace autopar::conformance

#endif // AUTOPAR_RUNTIME_CONFORMANCE_CONVOLUTION_H
