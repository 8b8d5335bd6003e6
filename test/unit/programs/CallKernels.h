// What each call of a runtime computes, as the headers of runtime/cpu and runtime/cuda say: by
// the configuration alone, which is all that the emitted program gives the call, and not by the
// shapes of tensors. Operands that are not as large as the configuration says fail the test.
#ifndef AUTOPAR_TEST_UNIT_PROGRAMS_CALLKERNELS_H
#define AUTOPAR_TEST_UNIT_PROGRAMS_CALLKERNELS_H

#include "test/unit/programs/Place.h"

#include "dialects/rt/Rt.h"

#include "llvm/ADT/StringMap.h"

namespace autopar {

/// A call with what it is given on one rank.
class GivenCall {
public:
  GivenCall(rt::CallOp call, llvm::ArrayRef<const Tensor *> inputs, Place place)
      : call(call), inputs(inputs), place(place) {}

  // Fields of the configuration: what the runtime takes where they are not there.
  int64_t integer(llvm::StringRef field) const;
  double real(llvm::StringRef field) const;
  bool flag(llvm::StringRef field) const;
  Shape integers(llvm::StringRef field) const;
  llvm::ArrayRef<double> reals(llvm::StringRef field) const;
  Block block(llvm::StringRef field) const;

  unsigned numInputs() const { return inputs.size(); }
  /// Input `i`, of this shape.
  Tensor input(unsigned i, Shape shape) const;
  /// Input `i`, of one number.
  double number(unsigned i) const;
  unsigned numOutputs() const;

private:
  mutable rt::CallOp call;
  llvm::ArrayRef<const Tensor *> inputs;
  Place place;
};

/// The results, in whatever shapes they come to.
using CallKernel = Tensors (*)(const GivenCall &);
using CallKernels = llvm::StringMap<CallKernel>;

/// By callee. Collectives and local slices, which depend on tensors' shapes, are the
/// interpreter's.
const CallKernels &callKernels();

// A family a file.
void addCudaCalls(CallKernels &kernels);
void addElementwiseCalls(CallKernels &kernels);
void addFusedImageCalls(CallKernels &kernels);
void addImageCalls(CallKernels &kernels);
void addProductCalls(CallKernels &kernels);
void addShapeCalls(CallKernels &kernels);
void addTrainingCalls(CallKernels &kernels);
void addTransformerCalls(CallKernels &kernels);

} // namespace autopar

#endif
