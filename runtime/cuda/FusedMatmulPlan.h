// What is behind the calls of FusedMatmul.h, as MatmulPlan.h is behind Matmul.h's.
#ifndef AUTOPAR_RUNTIME_CUDA_FUSEDMATMULPLAN_H
#define AUTOPAR_RUNTIME_CUDA_FUSEDMATMULPLAN_H

#include "autopar/cuda/FusedMatmul.h"
#include "autopar/cuda/MatmulPlan.h"

#include <algorithm>

namespace autopar::cuda {

///   workspace = [ the product's, or that of the kernels in its stead | bias rounded ]
struct FusedMatmul::State {
  State(const char *call, const MatmulShape &shape, blas::Epilogue epilogue,
        size_t ofKernels = 0)
      : fused(call, shape, epilogue), plain(call, shape), ofKernels(ofKernels) {}

  PlannedProduct fused, plain;
  size_t ofKernels; ///< bytes that the kernels in its stead need

  /// The product with its epilogue, a bias given in f32. False where cuBLASLt has no algorithm
  /// for that: only beside.added is in c then, and the epilogue is the caller's to run.
  bool run(const Context &context, Operand a, Operand b, Operand c, blas::Beside beside,
           void *workspace);

  const MatmulShape &shape() const { return plain.shape; }
  bool roundsBias() const { return shape().typeC != DataType::F32; }
  size_t ofProduct() const { return std::max(plain.workspaceBytes(), ofKernels); }
  size_t workspaceBytes() const {
    return ofProduct() + (roundsBias() ? alignUp(shape().n * bytesOf(shape().typeC)) : 0);
  }
};

} // namespace autopar::cuda

#endif // AUTOPAR_RUNTIME_CUDA_FUSEDMATMULPLAN_H
