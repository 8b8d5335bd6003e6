// One matrix product of cuBLASLt, or a batch of them, with the algorithm that its heuristics
// choose for the operands' places and the workspace. Matrices are row-major here; cuBLAS, which
// thinks by columns, is given the transposed product cᵀ = bᵀ aᵀ.
#ifndef AUTOPAR_RUNTIME_CUDA_BLAS_PRODUCT_H
#define AUTOPAR_RUNTIME_CUDA_BLAS_PRODUCT_H

#include "autopar/core/DataType.h"

#include <cstddef>
#include <cstdint>
#include <memory>

namespace autopar::cuda {
class Context;
}

namespace autopar::cuda::blas {

/// What every product gets: NVIDIA recommends 32 MiB on Hopper, and 4 MiB before it. The
/// heuristics cannot be asked without a GPU, so that this is fixed and not asked for.
inline constexpr size_t workspaceBytes = size_t(32) << 20;

/// A matrix whose elements along one dimension are neighbours.
struct Matrix {
  DataType type;
  bool transposed = false; ///< kept by columns
  int64_t stride;          ///< from one row (one column where transposed) to the next
  int64_t batchStride = 0; ///< from one matrix of the batch to the next
};

/// c [m, n] = a [m, k] b [k, n], `batch` times. a and b are of one type; sums are in f32.
struct ProductShape {
  int64_t m, n, k;
  Matrix a, b, c;
  int64_t batch = 1;
  bool tf32 = false; ///< f32 factors may be rounded to TF32
};

class Product {
public:
  explicit Product(const ProductShape &shape);
  ~Product();
  Product(Product &&) noexcept;

  /// `workspace`: workspaceBytes. The first run asks the heuristics, for operands that lie as
  /// these do. \throws std::runtime_error when cuBLASLt has no algorithm.
  void run(const Context &context, const void *a, const void *b, void *c, void *workspace);

private:
  struct State;
  std::unique_ptr<State> state;
};

} // namespace autopar::cuda::blas

#endif // AUTOPAR_RUNTIME_CUDA_BLAS_PRODUCT_H
