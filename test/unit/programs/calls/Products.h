// The configuration of a matrix product, plain or with what stands around it.
#ifndef AUTOPAR_TEST_UNIT_PROGRAMS_CALLS_PRODUCTS_H
#define AUTOPAR_TEST_UNIT_PROGRAMS_CALLS_PRODUCTS_H

#include "test/unit/programs/CallKernels.h"

namespace autopar {

/// c [m, n] = a b, of which a is kept as [k, m] and b as [n, k] where they are transposed.
struct ProductCall {
  int64_t m, n, k;
  bool transposeA = false, transposeB = false;

  explicit ProductCall(const GivenCall &call);
  ProductCall(int64_t m, int64_t n, int64_t k, bool transposeA, bool transposeB)
      : m(m), n(n), k(k), transposeA(transposeA), transposeB(transposeB) {}

  /// Of the call's inputs `a` and `b`.
  Tensor run(const GivenCall &call, unsigned a = 0, unsigned b = 1) const;
};

} // namespace autopar

#endif
