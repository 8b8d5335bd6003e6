// What calls that work element by element compute of one element, in f32: for their own
// kernels, and for those that a program brings for chains of such calls (its kernels.cu). A
// call whose configuration counts, or that reads more than its elements, is an object made of
// the call and of what else that reads.
#ifndef AUTOPAR_RUNTIME_CUDA_ELEMENTSTEPS_CUH
#define AUTOPAR_RUNTIME_CUDA_ELEMENTSTEPS_CUH

#include "autopar/cuda/Dropout.h"
#include "autopar/cuda/DropoutFactor.cuh"
#include "autopar/cuda/Elementwise.h"
#include "autopar/cuda/Linear.h"
#include "autopar/cuda/Reduction.h"

#include <cmath>
#include <limits>
#include <type_traits>

namespace autopar::cuda {

inline __device__ float add(float a, float b) { return a + b; }

/// It is rounded where it is stored.
inline __device__ float cast(float x) { return x; }

inline __device__ float expOf(float x) { return expf(x); }
inline __device__ float tanhOf(float x) { return tanhf(x); }
inline __device__ float logistic(float x) { return 1 / (1 + expf(-x)); }

#define AUTOPAR_PARAMETER(field) , float field
#define AUTOPAR_UNARY(Name, function, x, y, fields, operations, ...)                           \
  inline __device__ float function(float x AUTOPAR_EACH(AUTOPAR_PARAMETER, fields)) __VA_ARGS__
#define AUTOPAR_BINARY(Name, function, a, b, y, fields, operations, ...)                       \
  inline __device__ float function(float a, float b AUTOPAR_EACH(AUTOPAR_PARAMETER, fields))   \
      __VA_ARGS__
#include "autopar/core/Elements.inc"
#undef AUTOPAR_PARAMETER

// With the fields of the call.
#define AUTOPAR_ARGUMENT(field) , call.field
#define AUTOPAR_UNARY(Name, function, x, y, fields, ...)                                       \
  struct Name##Element {                                                                       \
    Name call;                                                                                 \
    explicit Name##Element(const Name &call) : call(call) {}                                   \
    __device__ float operator()(int64_t, float x) const {                                      \
      return function(x AUTOPAR_EACH(AUTOPAR_ARGUMENT, fields));                               \
    }                                                                                          \
  };
#define AUTOPAR_BINARY(Name, function, a, b, y, fields, ...)                                   \
  struct Name##Element {                                                                       \
    Name call;                                                                                 \
    explicit Name##Element(const Name &call) : call(call) {}                                   \
    __device__ float operator()(int64_t, float a, float b) const {                             \
      return function(a, b AUTOPAR_EACH(AUTOPAR_ARGUMENT, fields));                            \
    }                                                                                          \
  };
#include "autopar/core/Elements.inc"
#undef AUTOPAR_ARGUMENT

//===- GELU -------------------------------------------------------------------------------===//

/// Φ, the normal distribution's, and its derivative.
struct ExactPhi {
  static __device__ float phi(float x) { return normcdff(x); }
  static __device__ float slope(float x) {
    constexpr float scale = 0.39894228f; // 1 / sqrt(2π)
    return scale * expf(-0.5f * x * x);
  }
};

/// (1 + tanh(u)) / 2 with u = sqrt(2/π) (x + 0.044715 x³), which is the logistic function of
/// 2u.
struct TanhPhi {
  static constexpr float factor = 0.79788456f, cubic = 0.044715f;

  static __device__ float phi(float x) {
    return 1 / (1 + expf(-2 * factor * (x + cubic * x * x * x)));
  }
  static __device__ float slope(float x) {
    const float p = phi(x);
    return 2 * factor * (1 + 3 * cubic * x * x) * p * (1 - p);
  }
};

template <class Phi> __device__ float geluBy(float x) { return x * Phi::phi(x); }
template <class Phi> __device__ float geluGradBy(float dy, float x) {
  const float slope = Phi::slope(x);
  return dy * (Phi::phi(x) + (slope == 0 ? 0 : x * slope)); // x may be infinite.
}

inline __device__ float gelu(float x) { return geluBy<ExactPhi>(x); }
inline __device__ float geluGrad(float dy, float x) { return geluGradBy<ExactPhi>(dy, x); }
inline __device__ float geluTanh(float x) { return geluBy<TanhPhi>(x); }
inline __device__ float geluGradTanh(float dy, float x) { return geluGradBy<TanhPhi>(dy, x); }

//===- configured steps -------------------------------------------------------------------===//

/// Of rows that lie one behind the other.
class BiasAddElement {
public:
  /// bias: [channels]
  BiasAddElement(const BiasAdd &call, const float *bias)
      : bias(bias), channels(call.channels),
        isSmall(call.rows * call.channels <= std::numeric_limits<uint32_t>::max()) {}
  __device__ float operator()(int64_t i, float x) const { return add(x, bias[column(i)]); }

private:
  /// GPUs divide by 64 bits in software, and so slowly.
  __device__ int64_t column(int64_t i) const {
    return isSmall ? static_cast<uint32_t>(i) % static_cast<uint32_t>(channels) : i % channels;
  }

  const float *bias;
  int64_t channels;
  bool isSmall;
};

/// Of a tensor that has not all dimensions.
template <class T> class ExpandElement {
public:
  ExpandElement(const Expand &call, const T *x)
      : x(x), shape(call.shape),
        isSmall(elements(call.shape) <= std::numeric_limits<uint32_t>::max()) {
    for (int64_t dim : call.dims)
      isRepeated[dim] = true;
  }
  __device__ float operator()(int64_t i) const {
    return static_cast<float>(x[isSmall ? place(static_cast<uint32_t>(i)) : place(i)]);
  }

private:
  static constexpr int most = 8; ///< dimensions: what is unrolled stays in registers
  static_assert(std::is_same_v<Shape, InlineList<int64_t, most>>);

  /// In x, of element i of the result.
  template <class Index> __device__ Index place(Index i) const {
    Index place = 0, stride = 1;
#pragma unroll
    for (int d = most - 1; d >= 0; --d) {
      if (d >= shape.size())
        continue;
      const Index size = static_cast<Index>(shape[d]);
      if (!isRepeated[d]) {
        place += i % size * stride;
        stride *= size;
      }
      i /= size;
    }
    return place;
  }

  const T *x;
  Shape shape;
  bool isRepeated[most] = {};
  bool isSmall;
};

class DropoutElement {
public:
  /// state: i64[2] in device memory
  DropoutElement(const Dropout &call, const int64_t *state)
      : factor(call.rate, call.site, state), shape(call.shape), part(call.part) {
    for (int d = 1; d < shape.size(); ++d)
      isOnePiece &= shape[d] == part.whole[d];
    if (isOnePiece && !shape.empty() && shape[0] > 0)
      first = part.begin[0] * (elements(shape) / shape[0]);
  }
  __device__ float operator()(int64_t i, float x) const {
    const float scale = factor(isOnePiece ? first + i : wholeIndex(i));
    return scale == 0 ? 0 : scale * x; // What is dropped may be infinite.
  }

private:
  /// The place in the whole tensor of an element of the block.
  __device__ int64_t wholeIndex(int64_t i) const {
    constexpr int most = 8; // dimensions: what is unrolled stays in registers
    static_assert(std::is_same_v<Shape, InlineList<int64_t, most>>);
    int64_t index = 0, stride = 1;
#pragma unroll
    for (int d = most - 1; d >= 0; --d) {
      if (d >= shape.size())
        continue;
      index += (part.begin[d] + i % shape[d]) * stride;
      stride *= part.whole[d];
      i /= shape[d];
    }
    return index;
  }

  DropoutFactor factor;
  Shape shape;
  Part part;
  bool isOnePiece = true; ///< rows of the whole, the first at `first`
  int64_t first = 0;
};

} // namespace autopar::cuda

#endif // AUTOPAR_RUNTIME_CUDA_ELEMENTSTEPS_CUH
