// What a graph's operations compute. Each kind has a file of its own.
#ifndef AUTOPAR_TEST_STANDIN_CUDNN_OPERATION_H
#define AUTOPAR_TEST_STANDIN_CUDNN_OPERATION_H

#include "standin/cudnn/Value.h"

#include <functional>

namespace standin::cudnn {

/// Where an operation gets its operands and leaves its results.
class Operands {
public:
  virtual ~Operands() = default;
  virtual const Value &get(const Descriptor &tensor) = 0;
  /// Rounded to the tensor's type.
  virtual void set(const Descriptor &tensor, Value value) = 0;

  /// Whether factors of f32 are rounded to TF32.
  bool isTf32 = false;
};

/// A tensor of an operation: its attribute, and whether the operation writes it.
struct Role {
  cudnnBackendAttributeName_t name;
  bool isResult = false;
};

/// The tensors that operations of this type may have; an unknown type is reported.
const std::vector<Role> &rolesOf(cudnnBackendDescriptorType_t type);

/// Computes an operation's results.
void execute(const Descriptor &operation, Operands &operands);

void convolve(const Descriptor &operation, Operands &operands);
void computePointwise(const Descriptor &operation, Operands &operands);
void multiply(const Descriptor &operation, Operands &operands);
void reduce(const Descriptor &operation, Operands &operands);
void reshape(const Descriptor &operation, Operands &operands);
void sumStatistics(const Descriptor &operation, Operands &operands);
void sumNormGradients(const Descriptor &operation, Operands &operands);

/// What a factor of a product or convolution becomes in front of the multipliers, when the
/// other is of type `other`.
Value asFactor(Value factor, Element own, Element other, bool isTf32);

} // namespace standin::cudnn

#endif // AUTOPAR_TEST_STANDIN_CUDNN_OPERATION_H
