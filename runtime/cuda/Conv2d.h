// Convolution over images, and its two gradients, by cuDNN. Images are channels-last, in f32,
// bf16 or f16; weights and their gradients are f32 and lie as PyTorch stores them. The calls
// bring weights into the images' type, and channels-last, in their workspace.
#ifndef AUTOPAR_RUNTIME_CUDA_CONV2D_H
#define AUTOPAR_RUNTIME_CUDA_CONV2D_H

#include "autopar/core/DataType.h"
#include "autopar/core/shapes/Conv2d.h"
#include "autopar/cuda/Elements.h"

#include <cstdint>
#include <memory>

namespace autopar::cuda {

class Context;

struct Conv2dShape {
  using Fields = shapes::Conv2d; ///< as on every target
#include "autopar/core/shapes/Conv2d.inc"

  DataType type = DataType::F32; ///< of x and y, and of the products' factors
  bool tf32 = false;             ///< f32 factors may be rounded to TF32
  bool deterministic = false;    ///< whether the same bits must come out each time

  // Of the batch norm in front, where a call has one (FusedConv2d.h): values a channel in the
  // whole batch, and what is added to variances.
  int64_t count = 0;
  double epsilon = 0;

  int64_t outputHeight() const { return shapes::vertical(*this).positions(); }
  int64_t outputWidth() const { return shapes::horizontal(*this).positions(); }
};

/// What convolutions' calls share: a cuDNN plan, and a place for the weights beside its
/// workspace.
class Conv2dCall {
public:
  size_t workspaceBytes() const;

  /// Checks the planned workspace. Where this device's best plan wants more than was planned,
  /// the best is taken that does not. \throws std::runtime_error when there is none.
  void requireWorkspace(size_t planned) const;

protected:
  struct State;
  explicit Conv2dCall(std::unique_ptr<State> state);
  ~Conv2dCall();
  Conv2dCall(Conv2dCall &&) noexcept;

  std::unique_ptr<State> state;
};

/// \throws std::invalid_argument when groups do not divide channels and filters, the window
/// does not fit the padded image, or `type` is none of F32, BF16 and F16; std::runtime_error
/// when cuDNN has no plan (so do the gradients). Runs throw std::invalid_argument where T is
/// not the shape's type.
class Conv2dForward : public Conv2dCall {
public:
  explicit Conv2dForward(const Conv2dShape &shape);
  template <class T>
  void operator()(const Context &context, const T *x, const float *w, T *y,
                  void *workspace) const;
};

class Conv2dInputGrad : public Conv2dCall {
public:
  explicit Conv2dInputGrad(const Conv2dShape &shape);
  template <class T>
  void operator()(const Context &context, const T *dy, const float *w, T *dx,
                  void *workspace) const;
};

class Conv2dWeightGrad : public Conv2dCall {
public:
  explicit Conv2dWeightGrad(const Conv2dShape &shape);
  template <class T>
  void operator()(const Context &context, const T *x, const T *dy, float *dw,
                  void *workspace) const;
};

} // namespace autopar::cuda

#endif // AUTOPAR_RUNTIME_CUDA_CONV2D_H
