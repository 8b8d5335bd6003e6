// The configurations of convolutions and pools: shapes of images, and how a window moves.
#ifndef AUTOPAR_TEST_UNIT_PROGRAMS_CALLS_IMAGESHAPES_H
#define AUTOPAR_TEST_UNIT_PROGRAMS_CALLS_IMAGESHAPES_H

#include "test/unit/programs/CallKernels.h"
#include "test/unit/programs/Windows.h"

namespace autopar {

/// [N, H, W, C]
using ImageShape = std::array<int64_t, 4>;

inline Pair pairOf(const GivenCall &call, llvm::StringRef rows, llvm::StringRef columns) {
  return {call.integer(rows), call.integer(columns)};
}
inline Pair kernelOf(const GivenCall &call) { return pairOf(call, "kernelH", "kernelW"); }
inline Pair stridesOf(const GivenCall &call) { return pairOf(call, "strideH", "strideW"); }
inline Pair paddingOf(const GivenCall &call) { return pairOf(call, "padTop", "padLeft"); }

inline ImageShape imageOf(const GivenCall &call) {
  return {call.integer("batch"), call.integer("height"), call.integer("width"),
          call.integer("channels")};
}
/// What a window over that leaves.
inline ImageShape outputOf(const GivenCall &call, int64_t channels, Pair dilations) {
  auto size = [&](llvm::StringRef image, int64_t before, llvm::StringRef behind, int dim) {
    int64_t window = dilations[dim] * (kernelOf(call)[dim] - 1) + 1;
    return (call.integer(image) + before + call.integer(behind) - window) /
               stridesOf(call)[dim] +
           1;
  };
  auto [top, left] = paddingOf(call);
  return {call.integer("batch"), size("height", top, "padBottom", 0),
          size("width", left, "padRight", 1), channels};
}

/// x, w and y of a convolution, whichever of them the call has.
struct ConvolutionCall {
  Convolution convolution;
  ImageShape x, w, y;

  explicit ConvolutionCall(const GivenCall &call)
      : convolution{stridesOf(call), paddingOf(call), pairOf(call, "dilationH", "dilationW"),
                    call.integer("groups")},
        x(imageOf(call)), w{call.integer("filters"), x[3] / convolution.groups,
                            kernelOf(call)[0], kernelOf(call)[1]},
        y(outputOf(call, w[0], convolution.dilations)) {}
};

} // namespace autopar

#endif
