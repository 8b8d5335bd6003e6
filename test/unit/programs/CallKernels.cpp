// Configurations and operands of calls. See CallKernels.h.
#include "test/unit/programs/CallKernels.h"

#include "dialects/graph/Names.h"

#include "gtest/gtest.h"

using namespace mlir;

namespace autopar {

GivenCall GivenCall::step(rt::StepAttr step, ArrayRef<const Tensor *> inputs) const {
  const rt::Callee &callee = *rt::targetOf(call)->findCallee(step.getCallee());
  return GivenCall(call, callee, step.getConfig(), inputs, place);
}

double GivenCall::otherwise(StringRef field) const {
  const rt::Field *entry = callee.findField(field);
  if (entry && entry->otherwise)
    return *entry->otherwise;
  ADD_FAILURE() << callee.name.str() << " has no " << field.str();
  return 0;
}

int64_t GivenCall::integer(StringRef field) const {
  if (auto attr = config.getAs<IntegerAttr>(field))
    return attr.getInt();
  return static_cast<int64_t>(otherwise(field));
}
double GivenCall::real(StringRef field) const {
  if (auto attr = config.getAs<FloatAttr>(field))
    return attr.getValueAsDouble();
  return otherwise(field);
}
bool GivenCall::flag(StringRef field) const {
  if (auto attr = config.getAs<BoolAttr>(field))
    return attr.getValue();
  return otherwise(field) != 0;
}
Shape GivenCall::integers(StringRef field) const {
  return config.getAs<DenseI64ArrayAttr>(field).asArrayRef();
}
ArrayRef<double> GivenCall::reals(StringRef field) const {
  return config.getAs<DenseF64ArrayAttr>(field).asArrayRef();
}
Block GivenCall::block(StringRef field) const {
  return place.block(config.getAs<dist::PartAttr>(field));
}

Tensor GivenCall::input(unsigned i, Shape shape) const {
  Tensor tensor(shape);
  EXPECT_EQ(inputs[i]->size(), tensor.size())
      << nameOf(call.getOperation()) << ": " << callee.name.str() << "'s input " << i;
  if (inputs[i]->size() == tensor.size())
    tensor.values = inputs[i]->values;
  return tensor;
}
double GivenCall::number(unsigned i) const { return input(i, {})[0]; }
unsigned GivenCall::numOutputs() const { return call.getNumResults(); }

const CallKernels &callKernels() {
  static const CallKernels kernels = [] {
    CallKernels all;
    addCudaCalls(all);
    addElementwiseCalls(all);
    addFusedImageCalls(all);
    addImageCalls(all);
    addProductCalls(all);
    addShapeCalls(all);
    addTrainingCalls(all);
    addTransformerCalls(all);
    return all;
  }();
  return kernels;
}

} // namespace autopar
