// Matrix products by cuBLASLt: of whole matrices, and of batches of matrices that lie in larger
// tensors by their strides.
#ifndef AUTOPAR_RUNTIME_CUDA_MATMUL_H
#define AUTOPAR_RUNTIME_CUDA_MATMUL_H

#include "autopar/core/shapes/Products.h"
#include "autopar/cuda/Elements.h"

#include <cstdint>
#include <memory>

namespace autopar::cuda {

class Context;

/// Each operand has a type of its own: F32, BF16 or F16. Where a or b is of 16 bits the product
/// is of 16-bit factors: an f32 one, the master copy of weights say, is rounded in the
/// workspace. c may be F32 then, and loses nothing of the sums; else it is of the factors'
/// type.
struct MatmulShape {
  using Fields = shapes::Matmul; ///< as on every target
#include "autopar/core/shapes/Matmul.inc"
  DataType typeA = DataType::F32, typeB = DataType::F32, typeC = DataType::F32;
  bool tf32 = false; ///< f32 factors may be rounded to TF32
};

/// c [m, n] = the product of a and b, as [m, k] and [k, n]. \throws std::invalid_argument for
/// types that are no such choice; runs throw it for operands of other types than planned.
class Matmul {
public:
  explicit Matmul(const MatmulShape &shape) : Matmul("Matmul", shape) {}
  Matmul(const char *call, const MatmulShape &shape);
  ~Matmul();
  Matmul(Matmul &&) noexcept;

  size_t workspaceBytes() const;
  void requireWorkspace(size_t planned) const;

  template <class A, class B, class C>
  void operator()(const Context &context, const A *a, const B *b, C *c, void *workspace) const {
    run(context, a, b, c, workspace);
  }

private:
  void run(const Context &context, Operand a, Operand b, Operand c, void *workspace) const;

  struct State;
  std::unique_ptr<State> state;
};

struct StridedMatmulShape {
  using Fields = shapes::StridedMatmul; ///< as on every target
#include "autopar/core/shapes/StridedMatmul.inc"
  DataType type = DataType::F32; ///< of all three
  bool tf32 = false;
};

/// c[o, i, m, n] = sum over k of a[o, i, m, k] b[o, i, k, n]. What is not written of c
/// stays as it is. An operand whose matrices have neighbours along neither dimension goes
/// through the workspace.
class StridedMatmul {
public:
  explicit StridedMatmul(const StridedMatmulShape &shape);
  ~StridedMatmul();
  StridedMatmul(StridedMatmul &&) noexcept;

  size_t workspaceBytes() const;
  void requireWorkspace(size_t planned) const;

  template <class T>
  void operator()(const Context &context, const T *a, const T *b, T *c, void *workspace) const {
    run(context, a, b, c, workspace);
  }

private:
  void run(const Context &context, Operand a, Operand b, Operand c, void *workspace) const;

  struct State;
  std::unique_ptr<State> state;
};

} // namespace autopar::cuda

#endif // AUTOPAR_RUNTIME_CUDA_MATMUL_H
