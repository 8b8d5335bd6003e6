// A convolution's passes as operations of cuDNN's graphs, alone or among others. All tensors
// are channels-last; cuDNN names dimensions NCHW and KCRS whatever the strides.
#ifndef AUTOPAR_RUNTIME_CUDA_CUDNN_CONVOLUTIONGRAPH_H
#define AUTOPAR_RUNTIME_CUDA_CUDNN_CONVOLUTIONGRAPH_H

#include "autopar/cuda/Conv2d.h"
#include "autopar/cuda/cudnn/Graph.h"

namespace autopar::cuda::cudnn {

/// Operands of the plan that every convolution has.
enum ConvolutionOperand : int64_t { Image = 1, Weights, Output };

class ConvolutionGraph : public Graph {
public:
  enum class Pass { Forward, InputGrad, WeightGrad };

  explicit ConvolutionGraph(const Conv2dShape &shape) : shape(shape) {}

  // Tensors in memory, of the shape's type: x, w and y of Conv2d.h, or their gradients.
  Descriptor image(int64_t id = Image) const;
  Descriptor weights() const;
  Descriptor output() const;

  /// A value between operations of the image's sizes, in f32.
  Descriptor imageBetween();

  /// Computes the one of the three that `pass` is named for from the others.
  void convolve(Pass pass, const Descriptor &image, const Descriptor &weights,
                const Descriptor &output);

  const Conv2dShape shape;
};

/// A value for each channel of an image, in memory.
Descriptor perChannel(int64_t id, DataType type, int64_t channels);

} // namespace autopar::cuda::cudnn

#endif // AUTOPAR_RUNTIME_CUDA_CUDNN_CONVOLUTIONGRAPH_H
