// See Elementwise.h.
#include "autopar/cuda/Elementwise.h"

#include "autopar/cuda/ElementSteps.cuh"
#include "autopar/cuda/Elementwise.cuh"
#include "autopar/cuda/TensorTable.cuh"

using namespace autopar::cuda;

#define AUTOPAR_UNARY(Name, function, x, y, ...)                                               \
  template <class T> void Name::operator()(const Context &context, const T *x, T *y) const {   \
    forEachElement(context, count, Name##Element(*this), y, x);                                \
  }
#define AUTOPAR_BINARY(Name, function, a, b, y, ...)                                           \
  template <class T>                                                                           \
  void Name::operator()(const Context &context, const T *a, const T *b, T *y) const {          \
    forEachElement(context, count, Name##Element(*this), y, a, b);                             \
  }
#include "autopar/core/Elements.inc"

template <class T>
void Add::operator()(const Context &context, const T *a, const T *b, T *sum) const {
  forEachElement(
      context, count, [] __device__(int64_t, float a, float b) { return add(a, b); }, sum, a,
      b);
}

template <class T> void Fill::operator()(const Context &context, T *filled) const {
  forEachElement(
      context, count, [value = value] __device__(int64_t) { return value; }, filled);
}

void Zeros::operator()(const Context &context, float *y) const {
  check(cudaMemsetAsync(y, 0, count * sizeof(float), context.compute));
}

namespace {
struct ZerosBody {
  static constexpr int64_t blockElements = 16 * blockThreads;

  __device__ void operator()(const ZerosAll::Tensor &tensor, int64_t begin, int64_t end) const {
#pragma unroll 4
    for (int64_t i = begin + threadIdx.x; i < end; i += blockThreads)
      tensor.y[i] = 0;
  }
};

struct AddBody {
  static constexpr int64_t blockElements = 4 * blockThreads;

  __device__ void operator()(const AddAll::Tensor &tensor, int64_t begin, int64_t end) const {
    float *const sum = tensor.sum ? tensor.sum : tensor.a;
#pragma unroll 4
    for (int64_t i = begin + threadIdx.x; i < end; i += blockThreads)
      sum[i] = add(tensor.a[i], tensor.b[i]);
  }
};
} // namespace

void ZerosAll::operator()(const Context &context) const {
  forEachTensor(context, std::span<const Tensor>(tensors), ZerosBody{});
}

void AddAll::operator()(const Context &context) const {
  forEachTensor(context, std::span<const Tensor>(tensors), AddBody{});
}

template <class From, class To>
void Cast::operator()(const Context &context, const From *x, To *cast) const {
  forEachElement(
      context, count, [] __device__(int64_t, float x) { return cuda::cast(x); }, cast, x);
}

#define AUTOPAR_UNARY(Name, ...)                                                               \
  template void Name::operator()(const Context &, const float *, float *) const;               \
  template void Name::operator()(const Context &, const bf16 *, bf16 *) const;                 \
  template void Name::operator()(const Context &, const f16 *, f16 *) const;
#define AUTOPAR_BINARY(Name, ...)                                                              \
  template void Name::operator()(const Context &, const float *, const float *, float *)       \
      const;                                                                                   \
  template void Name::operator()(const Context &, const bf16 *, const bf16 *, bf16 *) const;   \
  template void Name::operator()(const Context &, const f16 *, const f16 *, f16 *) const;
#include "autopar/core/Elements.inc"

#define INSTANTIATE(T)                                                                         \
  template void Add::operator()(const Context &, const T *, const T *, T *) const;             \
  template void Fill::operator()(const Context &, T *) const;
AUTOPAR_FOR_ACTIVATIONS(INSTANTIATE)

template void Cast::operator()(const Context &, const float *, bf16 *) const;
template void Cast::operator()(const Context &, const float *, f16 *) const;
template void Cast::operator()(const Context &, const bf16 *, float *) const;
template void Cast::operator()(const Context &, const f16 *, float *) const;
