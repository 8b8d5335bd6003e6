// Batch norms by the configurations of their calls, of which convolutions have some in front.
#ifndef AUTOPAR_TEST_UNIT_PROGRAMS_CALLS_BATCHNORMS_H
#define AUTOPAR_TEST_UNIT_PROGRAMS_CALLS_BATCHNORMS_H

#include "test/unit/programs/CallKernels.h"
#include "test/unit/programs/Norms.h"

namespace autopar {

inline Tensor sumsOf(const GivenCall &call, unsigned input) {
  return call.input(input, {2, call.integer("channels")});
}
inline BatchNorm normBy(const GivenCall &call, const Tensor &stats) {
  return {stats, static_cast<double>(call.integer("count")), call.real("epsilon")};
}

} // namespace autopar

#endif
