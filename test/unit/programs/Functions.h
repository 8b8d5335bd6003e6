// What runtime/core/Elements.inc lists, in double precision: by the names of its calls, which are
// those of the graph's operations.
#ifndef AUTOPAR_TEST_UNIT_PROGRAMS_FUNCTIONS_H
#define AUTOPAR_TEST_UNIT_PROGRAMS_FUNCTIONS_H

#include "test/unit/programs/Tensor.h"

#include "llvm/ADT/STLFunctionalExtras.h"
#include "llvm/ADT/StringMap.h"

namespace autopar {

/// A number of the configuration, by name.
using Parameter = llvm::function_ref<double(llvm::StringRef)>;
/// Of one element of each operand, the last of which is `x`.
using ElementFunction = double (*)(double a, double x, Parameter parameter);

const llvm::StringMap<ElementFunction> &elementFunctions();

/// Of each element; `operands` are one or two.
Tensor applied(ElementFunction function, llvm::ArrayRef<Tensor> operands, Parameter parameter);

/// Sums, or largest elements, over dimensions, which stay at size 1.
Tensor sumOver(const Tensor &x, Shape dims);
Tensor largestOver(const Tensor &x, Shape dims);
/// Repeated along dimensions of size 1.
Tensor expanded(const Tensor &x, Shape shape);

} // namespace autopar

#endif
