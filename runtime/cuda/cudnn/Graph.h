// Graphs of cuDNN's operations: tensors in memory, values between operations that never get
// there, and what is computed element by element. A graph that one of cuDNN's engines
// recognizes runs as a single kernel.
#ifndef AUTOPAR_RUNTIME_CUDA_CUDNN_GRAPH_H
#define AUTOPAR_RUNTIME_CUDA_CUDNN_GRAPH_H

#include "autopar/core/DataType.h"
#include "autopar/cuda/cudnn/Descriptor.h"

#include <array>

namespace autopar::cuda::cudnn {

/// Sizes or strides, these in elements.
using Dims = std::array<int64_t, 4>;

cudnnDataType_t dataType(DataType type);

/// A tensor operand, which a run knows by `id`, from 1 to 99.
Descriptor tensor(int64_t id, DataType type, const Dims &dims, const Dims &strides);

/// One number that a run gives as it is, in host memory.
Descriptor scalar(int64_t id);

class Graph {
public:
  /// Adds an operation all of whose attributes are set.
  void add(Descriptor operation) { operations.push_back(operation.finalize()); }

  /// The whole, as plans are made for it.
  Descriptor build() const;

  /// A value between operations.
  Descriptor between(cudnnDataType_t type, const Dims &dims, const Dims &strides);

  /// result = mode(x), or mode(x, *b), computed in `precision`.
  void pointwise(cudnnPointwiseMode_t mode, const Descriptor &x, const Descriptor *b,
                 const Descriptor &result, cudnnDataType_t precision = CUDNN_DATA_FLOAT);

  /// dx = what dy comes to in front of an activation of x, whose gradient `mode` is.
  void pointwiseGrad(cudnnPointwiseMode_t mode, const Descriptor &x, const Descriptor &dy,
                     const Descriptor &dx);

  /// result = x where seen, else hidden.
  void select(const Descriptor &seen, const Descriptor &x, const Descriptor &hidden,
              const Descriptor &result);

  /// result = each element's index along `axis`; x gives the shape.
  void index(int64_t axis, const Descriptor &x, const Descriptor &result);

private:
  std::vector<Descriptor> operations;
  int64_t nextId = 100; ///< beyond the operands'
};

} // namespace autopar::cuda::cudnn

#endif // AUTOPAR_RUNTIME_CUDA_CUDNN_GRAPH_H
