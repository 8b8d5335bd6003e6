// Fully connected layers, and their gradients, by cuBLASLt; the bias beside them is an own
// kernel. Shapes are PyTorch's: x [batch, inputs], w [outputs, inputs], y [batch, outputs].
// Activations and their gradients are f32, bf16 or f16; parameters and theirs are f32.
#ifndef AUTOPAR_RUNTIME_CUDA_LINEAR_H
#define AUTOPAR_RUNTIME_CUDA_LINEAR_H

#include "autopar/cuda/Matmul.h"

#include <cstddef>
#include <cstdint>

namespace autopar::cuda {

struct LinearShape {
  using Fields = shapes::Linear; ///< as on every target
#include "autopar/core/shapes/Linear.inc"
  DataType type = DataType::F32; ///< of x, y, dx and dy
  bool tf32 = false;             ///< f32 factors may be rounded to TF32
};

/// What the three calls share: each is a product.
class LinearCall {
public:
  size_t workspaceBytes() const { return product.workspaceBytes(); }
  void requireWorkspace(size_t planned) const { product.requireWorkspace(planned); }

protected:
  LinearCall(const char *call, const MatmulShape &shape) : product(call, shape) {}
  Matmul product;
};

/// y[n, o] = sum over i of x[n, i] w[o, i]
class LinearForward : public LinearCall {
public:
  explicit LinearForward(const LinearShape &shape);
  template <class T>
  void operator()(const Context &context, const T *x, const float *w, T *y,
                  void *workspace) const {
    product(context, x, w, y, workspace);
  }
};

/// dx[n, i] = sum over o of dy[n, o] w[o, i]
class LinearInputGrad : public LinearCall {
public:
  explicit LinearInputGrad(const LinearShape &shape);
  template <class T>
  void operator()(const Context &context, const T *dy, const float *w, T *dx,
                  void *workspace) const {
    product(context, dy, w, dx, workspace);
  }
};

/// dw[o, i] = sum over n of dy[n, o] x[n, i]
class LinearWeightGrad : public LinearCall {
public:
  explicit LinearWeightGrad(const LinearShape &shape);
  template <class T>
  void operator()(const Context &context, const T *x, const T *dy, float *dw,
                  void *workspace) const {
    product(context, dy, x, dw, workspace);
  }
};

/// biased[r, c] = x[r, c] + bias[c]; biased may be x.
struct BiasAdd {
  int64_t rows, channels;
  template <class T>
  void operator()(const Context &context, const T *x, const float *bias, T *biased) const;
};

/// db[c] = sum over r of dy[r, c], added in double precision and in an order that follows from
/// the shape.
struct BiasGrad {
  int64_t rows, channels;
  size_t workspaceBytes() const;
  void requireWorkspace(size_t planned) const;
  template <class T>
  void operator()(const Context &context, const T *dy, float *db, void *workspace) const;
};

} // namespace autopar::cuda

#endif // AUTOPAR_RUNTIME_CUDA_LINEAR_H
