// See SmallMatmul.h. A tile of c stays in registers while k runs: each step loads a few vectors
// of b and multiplies them by single elements of a, whose layout therefore does not matter.
#include "autopar/cpu/SmallMatmul.h"

using namespace autopar::cpu;

namespace {

// As many accumulators as leave registers for a row of b: 24 of 32, or 12 of 16.
#ifdef __AVX512F__
constexpr int lanes = 16, tileVectors = 4;
#else
constexpr int lanes = 8, tileVectors = 2;
#endif
constexpr int tileRows = 6;

typedef float Vector __attribute__((vector_size(lanes * sizeof(float)), aligned(4)));

const Vector &load(const float *from) { return *reinterpret_cast<const Vector *>(from); }
Vector &at(float *to) { return *reinterpret_cast<Vector *>(to); }

/// The tile's Rows x (Vectors * lanes) elements of c.
template <int Rows, int Vectors>
void tile(int64_t k, const StridedMatrix &a, const float *b, int64_t bRow, float *c,
          int64_t cRow, bool add) {
  Vector sums[Rows][Vectors] = {};
  for (int64_t p = 0; p < k; ++p) {
    Vector ofB[Vectors];
    for (int v = 0; v < Vectors; ++v)
      ofB[v] = load(b + p * bRow + v * lanes);
    for (int r = 0; r < Rows; ++r)
      for (int v = 0; v < Vectors; ++v)
        sums[r][v] += a.data[r * a.row + p * a.column] * ofB[v];
  }
  for (int r = 0; r < Rows; ++r)
    for (int v = 0; v < Vectors; ++v) {
      Vector &place = at(c + r * cRow + v * lanes);
      place = add ? place + sums[r][v] : sums[r][v];
    }
}

/// All rows of a strip of columns.
template <int Vectors>
void strip(int64_t m, int64_t k, const StridedMatrix &a, const float *b, int64_t bRow, float *c,
           int64_t cRow, bool add) {
  const auto rowsFrom = [&](int64_t r) {
    return StridedMatrix{a.data + r * a.row, a.row, a.column};
  };
  int64_t r = 0;
  for (; r + tileRows <= m; r += tileRows)
    tile<tileRows, Vectors>(k, rowsFrom(r), b, bRow, c + r * cRow, cRow, add);
  for (; r + 2 <= m; r += 2)
    tile<2, Vectors>(k, rowsFrom(r), b, bRow, c + r * cRow, cRow, add);
  if (r < m)
    tile<1, Vectors>(k, rowsFrom(r), b, bRow, c + r * cRow, cRow, add);
}

} // namespace

void autopar::cpu::smallMatmul(int64_t m, int64_t n, int64_t k, const StridedMatrix &a,
                               const float *b, int64_t bRow, float *c, int64_t cRow, bool add) {
  int64_t column = 0;
  for (; column + tileVectors * lanes <= n; column += tileVectors * lanes)
    strip<tileVectors>(m, k, a, b + column, bRow, c + column, cRow, add);
  for (; column + lanes <= n; column += lanes)
    strip<1>(m, k, a, b + column, bRow, c + column, cRow, add);
  for (int64_t r = 0; column < n && r < m; ++r)
    for (int64_t j = column; j < n; ++j) {
      float sum = add ? c[r * cRow + j] : 0;
      for (int64_t p = 0; p < k; ++p)
        sum += a.data[r * a.row + p * a.column] * b[p * bRow + j];
      c[r * cRow + j] = sum;
    }
}
