// A convolution by its definition: what the tests of convolutions share.
#ifndef AUTOPAR_RUNTIME_CONFORMANCE_CONVOLUTION_H
#define AUTOPAR_RUNTIME_CONFORMANCE_CONVOLUTION_H

#include "Target.h"

#include <sstream>
#include <string>

namespace autopar::conformance {

/// For messages.
inline std::string named(const Conv2dShape &s) {
  std::ostringstream out;
  out << "batch " << s.batch << " image " << s.height << "x" << s.width << "x" << s.channels
      << " filters " << s.filters << " kernel " << s.kernelH << "x" << s.kernelW << " stride "
      << s.strideH << "x" << s.strideW << " pad " << s.padTop << "," << s.padLeft << ","
      << s.padBottom << "," << s.padRight << " dilation " << s.dilationH << "x" << s.dilationW
      << " groups " << s.groups;
  return out.str();
}

inline size_t inputSize(const Conv2dShape &s) {
  return s.batch * s.height * s.width * s.channels;
}
inline size_t weightSize(const Conv2dShape &s) {
  return s.filters * (s.channels / s.groups) * s.kernelH * s.kernelW;
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
