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
      : GivenCall(call, call.getCalleeEntry(), call.getConfig(), inputs, place) {}
  /// One step of this call, a chain, as a call of its own.
  GivenCall step(rt::StepAttr step, llvm::ArrayRef<const Tensor *> inputs) const;

  llvm::StringRef name() const { return callee.name; }

  // Fields of the configuration: what the runtime takes where they are not there.
  int64_t integer(llvm::StringRef field) const;
  double real(llvm::StringRef field) const;
  bool flag(llvm::StringRef field) const;
  Shape integers(llvm::StringRef field) const;
  llvm::ArrayRef<double> reals(llvm::StringRef field) const;
  Block block(llvm::StringRef field) const;

  llvm::SmallVector<rt::StepAttr> steps() const { return call.getSteps(); }

  llvm::ArrayRef<const Tensor *> allInputs() const { return inputs; }
  unsigned numInputs() const { return inputs.size(); }
  /// Input `i`, of this shape.
  Tensor input(unsigned i, Shape shape) const;
  /// Input `i`, of one number.
  double number(unsigned i) const;
  unsigned numOutputs() const;

private:
  GivenCall(rt::CallOp call, const rt::Callee &callee, mlir::DictionaryAttr config,
            llvm::ArrayRef<const Tensor *> inputs, Place place)
      : call(call), callee(callee), config(config), inputs(inputs), place(place) {}

  /// What the callee's table has for a field that is not given.
  double otherwise(llvm::StringRef field) const;

  mutable rt::CallOp call;
  const rt::Callee &callee;
  mlir::DictionaryAttr config;
  llvm::ArrayRef<const Tensor *> inputs;
  Place place;
};

/// An input that is [rows, channels].
inline Tensor rowsOf(const GivenCall &call, unsigned input) {
  return call.input(input, {call.integer("rows"), call.integer("channels")});
}
/// One that is [channels].
inline Tensor channelsOf(const GivenCall &call, unsigned input) {
  return call.input(input, {call.integer("channels")});
}

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
