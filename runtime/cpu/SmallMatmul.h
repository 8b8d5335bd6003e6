// A matrix product for one thread whose operands fit its caches: the inner product of
// attention's blocks. There oneDNN's sgemm, which packs its operands first, reaches a fifth of
// this (64x256x64: 35 GFLOP/s on 2 cores).
#ifndef AUTOPAR_RUNTIME_CPU_SMALLMATMUL_H
#define AUTOPAR_RUNTIME_CPU_SMALLMATMUL_H

#include <cstdint>

namespace autopar::cpu {

/// A matrix in memory by the distances, in elements, between rows and between columns.
struct StridedMatrix {
  const float *data;
  int64_t row, column;

  StridedMatrix transposed() const { return {data, column, row}; }
};

/// c [m, n] = a [m, k] b [k, n], or with `add` c plus that. Rows of b and c are contiguous, and
/// begin bRow and cRow elements apart.
void smallMatmul(int64_t m, int64_t n, int64_t k, const StridedMatrix &a, const float *b,
                 int64_t bRow, float *c, int64_t cRow, bool add);

} // namespace autopar::cpu

#endif // AUTOPAR_RUNTIME_CPU_SMALLMATMUL_H
