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

/// What is done with the sums of a product before they are stored, or with its factors beside
/// it: vectors and further matrices that a run is given (Beside).
enum class Epilogue {
  None,
  Bias,        ///< + bias [n]
  BiasGelu,    ///< GELU of that, in its tanh approximation
  BiasGeluAux, ///< and what it is of, to aux [m, n]
  GeluGrad,    ///< times the derivative of GELU at aux [m, n]
  SumA,        ///< bias [m] becomes the sum of a over k
  SumB,        ///< bias [n] becomes the sum of b over k
};

/// c [m, n] = a [m, k] b [k, n], `batch` times. a and b are of one type; sums are in f32.
struct ProductShape {
  int64_t m, n, k;
  Matrix a, b, c;
  int64_t batch = 1;
  bool tf32 = false; ///< f32 factors may be rounded to TF32
  Epilogue epilogue = Epilogue::None;
};

/// bias and aux are of c's type. What is `added` to the sums is a matrix like c, or c itself.
struct Beside {
  const void *added = nullptr, *bias = nullptr, *aux = nullptr;
};

class Product {
public:
  explicit Product(const ProductShape &shape);
  ~Product();
  Product(Product &&) noexcept;

  /// Whether cuBLASLt has an algorithm for operands that lie as these do; their values may yet
  /// come. Asks the heuristics where the last operands lay otherwise.
  bool canRun(const Context &context, const void *a, const void *b, const void *c,
              const Beside &beside = {});

  /// `workspace`: workspaceBytes. \throws std::runtime_error where it cannot run.
  void run(const Context &context, const void *a, const void *b, void *c, void *workspace,
           const Beside &beside = {});

private:
  struct State;
  std::unique_ptr<State> state;
};

} // namespace autopar::cuda::blas

#endif // AUTOPAR_RUNTIME_CUDA_BLAS_PRODUCT_H
