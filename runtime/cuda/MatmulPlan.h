// What is behind the calls of Matmul.h: between Matmul.cpp, which plans workspaces with no
// device at hand, and Matmul.cu, which runs them.
#ifndef AUTOPAR_RUNTIME_CUDA_MATMULPLAN_H
#define AUTOPAR_RUNTIME_CUDA_MATMULPLAN_H

#include "autopar/core/Shape.h"
#include "autopar/cuda/Matmul.h"
#include "autopar/cuda/Workspace.h"
#include "autopar/cuda/blas/Product.h"

#include <vector>

namespace autopar::cuda {

/// A product, planned and run:
///   workspace = [ cuBLASLt's own | a rounded | b rounded ], the latter two as needed
struct PlannedProduct {
  /// \throws std::invalid_argument for types that MatmulShape does not allow.
  PlannedProduct(const char *call, const MatmulShape &shape,
                 blas::Epilogue epilogue = blas::Epilogue::None);

  const char *call;
  MatmulShape shape;
  blas::Epilogue epilogue;

  /// Made by the first run; its deleter comes with it, so that planning needs no cuBLASLt.
  std::shared_ptr<blas::Product> product = nullptr;

  DataType factors() const { return shape.typeA == DataType::F32 ? shape.typeB : shape.typeA; }
  size_t workspaceBytes() const { return blas::workspaceBytes + roomA() + roomB(); }

  /// Both of the type that factors() names.
  struct Factors {
    const void *a, *b;
  };
  /// Rounds to the workspace what is of another type.
  Factors rounded(const Context &context, Operand a, Operand b, void *workspace) const;

  /// As blas::Product's. Products of one shape may share their rounded factors.
  bool canRun(const Context &context, const Factors &factors, const void *c,
              const blas::Beside &beside);
  void run(const Context &context, const Factors &factors, Operand c, void *workspace,
           const blas::Beside &beside = {});

private:
  blas::Product &made();
  size_t roomA() const { return room(shape.typeA, shape.m * shape.k); }
  size_t roomB() const { return room(shape.typeB, shape.k * shape.n); }
  size_t room(DataType type, int64_t count) const {
    return type == factors() ? 0 : alignUp(count * bytesOf(factors()));
  }
};

struct Matmul::State : PlannedProduct {
  using PlannedProduct::PlannedProduct;
};

///   workspace = [ cuBLASLt's own | a dense | b dense | c dense ], the latter three as needed
struct StridedMatmul::State {
  /// A tensor [outer, inner, rows, columns].
  struct Tensor {
    Shape shape, strides;

    bool isResult = false;

    /// Whether cuBLASLt takes it as it lies: a factor by rows or by columns, a result by rows.
    bool isPlain() const { return strides[3] == 1 || (strides[2] == 1 && !isResult); }
  };

  StridedMatmulShape shape;
  Tensor a, b, c;

  /// By the first run, as in Matmul. One product is a batch over one of the dimensions.
  std::shared_ptr<blas::Product> product = nullptr;

  size_t room(const Tensor &tensor) const {
    return tensor.isPlain() ? 0 : alignUp(elements(tensor.shape) * bytesOf(shape.type));
  }
};

} // namespace autopar::cuda

#endif // AUTOPAR_RUNTIME_CUDA_MATMULPLAN_H
