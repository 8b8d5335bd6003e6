// A tensor whose numbers are known when the program is imported: positions, masks, what is
// computed of them.
#ifndef AUTOPAR_COMPILER_IMPORT_CONSTANT_H
#define AUTOPAR_COMPILER_IMPORT_CONSTANT_H

#include "compiler/import/Program.h"

namespace autopar::pt2 {

/// Row-major. Whole numbers up to 2^53 and booleans are held exactly.
struct Constant {
  std::vector<int64_t> shape;
  std::vector<double> numbers;
};

/// More elements than this are not folded: masks of 4096 positions fit.
inline constexpr int64_t mostFolded = int64_t(1) << 24;

/// With a size of 1 where all along a dimension is the same.
Constant withoutRepetition(const Constant &constant);

/// Whether each of the last two dimensions' squares is one below and on the diagonal and the
/// other above it: what hides the future from each position.
bool isCausal(const Constant &mask, double seen, double hidden);

/// Whether a mask that is added to scores hides the future: 0, and what no softmax sees.
bool isCausalBias(const Constant &mask);
/// What is so small beside scores that its exponential is 0.
inline bool hides(double score) { return score <= -1e4; }

} // namespace autopar::pt2

#endif
