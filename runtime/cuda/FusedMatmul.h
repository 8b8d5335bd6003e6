// Matrix products with what stands around them in a network, by cuBLASLt's epilogues: what
// would read or write a whole matrix once more is done while the sums are at hand. Where
// cuBLASLt has no algorithm for that on a GPU, the product is followed by the kernels of the
// calls that it stands for; it needs no more memory then.
#ifndef AUTOPAR_RUNTIME_CUDA_FUSEDMATMUL_H
#define AUTOPAR_RUNTIME_CUDA_FUSEDMATMUL_H

#include "autopar/cuda/Matmul.h"

#include <cstddef>
#include <memory>

namespace autopar::cuda {

/// What they share. Shapes and types are Matmul's; biases and their gradients are f32. Results
/// may be no operands but where that is said.
class FusedMatmul {
public:
  ~FusedMatmul();
  FusedMatmul(FusedMatmul &&) noexcept;

  size_t workspaceBytes() const;
  void requireWorkspace(size_t planned) const;

protected:
  struct State;
  explicit FusedMatmul(std::unique_ptr<State> state);

  std::unique_ptr<State> state;
};

/// c = a b + added [m, n], of c's type, which c may be.
class MatmulAdd : public FusedMatmul {
public:
  explicit MatmulAdd(const MatmulShape &shape);
  template <class A, class B, class C>
  void operator()(const Context &context, const A *a, const B *b, const C *added, C *c,
                  void *workspace) const {
    run(context, a, b, added, c, workspace);
  }

private:
  void run(const Context &context, Operand a, Operand b, const void *added, Operand c,
           void *workspace) const;
};

/// c = a b + bias [n], and `added` [m, n], of c's type, which c may be.
class MatmulBias : public FusedMatmul {
public:
  explicit MatmulBias(const MatmulShape &shape);
  template <class A, class B, class C>
  void operator()(const Context &context, const A *a, const B *b, const float *bias, C *c,
                  void *workspace) const {
    run(context, a, b, bias, nullptr, c, workspace);
  }
  template <class A, class B, class C>
  void operator()(const Context &context, const A *a, const B *b, const float *bias,
                  const C *added, C *c, void *workspace) const {
    run(context, a, b, bias, added, c, workspace);
  }

private:
  void run(const Context &context, Operand a, Operand b, const float *bias, const void *added,
           Operand c, void *workspace) const;
};

/// c = GELU(a b + bias [n]) in its tanh approximation.
class MatmulBiasGelu : public FusedMatmul {
public:
  explicit MatmulBiasGelu(const MatmulShape &shape);
  template <class A, class B, class C>
  void operator()(const Context &context, const A *a, const B *b, const float *bias, C *c,
                  void *workspace) const {
    run(context, a, b, bias, c, workspace);
  }

private:
  void run(const Context &context, Operand a, Operand b, const float *bias, Operand c,
           void *workspace) const;
};

/// The same, and `before` [m, n], of c's type: what the GELU is of, for its gradient. n is a
/// multiple of 8.
class MatmulBiasGeluAux : public FusedMatmul {
public:
  explicit MatmulBiasGeluAux(const MatmulShape &shape);
  template <class A, class B, class C>
  void operator()(const Context &context, const A *a, const B *b, const float *bias, C *c,
                  C *before, void *workspace) const {
    run(context, a, b, bias, c, before, workspace);
  }

private:
  void run(const Context &context, Operand a, Operand b, const float *bias, Operand c,
           void *before, void *workspace) const;
};

/// c = (a b) times the derivative of that GELU at `before` [m, n], of c's type. n is a multiple
/// of 8.
class MatmulGeluGrad : public FusedMatmul {
public:
  explicit MatmulGeluGrad(const MatmulShape &shape);
  template <class A, class B, class C>
  void operator()(const Context &context, const A *a, const B *b, const C *before, C *c,
                  void *workspace) const {
    run(context, a, b, before, c, workspace);
  }

private:
  void run(const Context &context, Operand a, Operand b, const void *before, Operand c,
           void *workspace) const;
};

/// c = a b, and `added` [m, n], which c may be; sum [m] = the sum of a over k: a weight's
/// gradient and its bias's. a is kept as [k, m], with transposeA, and c is f32.
class MatmulSumA : public FusedMatmul {
public:
  explicit MatmulSumA(const MatmulShape &shape);
  template <class A, class B>
  void operator()(const Context &context, const A *a, const B *b, float *c, float *sum,
                  void *workspace) const {
    run(context, a, b, nullptr, c, sum, workspace);
  }
  template <class A, class B>
  void operator()(const Context &context, const A *a, const B *b, const float *added, float *c,
                  float *sum, void *workspace) const {
    run(context, a, b, added, c, sum, workspace);
  }

private:
  void run(const Context &context, Operand a, Operand b, const float *added, float *c,
           float *sum, void *workspace) const;
};

/// The same with the sum [n] of b, kept as [k, n].
class MatmulSumB : public FusedMatmul {
public:
  explicit MatmulSumB(const MatmulShape &shape);
  template <class A, class B>
  void operator()(const Context &context, const A *a, const B *b, float *c, float *sum,
                  void *workspace) const {
    run(context, a, b, nullptr, c, sum, workspace);
  }
  template <class A, class B>
  void operator()(const Context &context, const A *a, const B *b, const float *added, float *c,
                  float *sum, void *workspace) const {
    run(context, a, b, added, c, sum, workspace);
  }

private:
  void run(const Context &context, Operand a, Operand b, const float *added, float *c,
           float *sum, void *workspace) const;
};

} // namespace autopar::cuda

#endif // AUTOPAR_RUNTIME_CUDA_FUSEDMATMUL_H
