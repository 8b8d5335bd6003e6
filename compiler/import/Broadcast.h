// Operands of different shapes: PyTorch repeats them along dimensions that they lack or have at
// size 1; the graph's operations want equal shapes, in one order.
#ifndef AUTOPAR_COMPILER_IMPORT_BROADCAST_H
#define AUTOPAR_COMPILER_IMPORT_BROADCAST_H

#include "compiler/import/Importer.h"

namespace autopar::pt2 {

/// The value repeated to a shape of PyTorch's. Its own dimensions keep their order; one that
/// it lacks stands behind the one before it. Without a value, after fail(), where it does not
/// fit.
Held repeated(Importer &importer, const Held &x, llvm::ArrayRef<int64_t> shape);

/// Both repeated to the shape that PyTorch's rules make of theirs, in the order of the one that
/// has all of its dimensions, where one does.
std::pair<Held, Held> broadcast(Importer &importer, const Held &x, const Held &y);

/// An elementwise operation of both; without a value where one has none or they do not fit.
template <typename Op>
Held applyToBoth(Importer &importer, const Held &x, const Held &y,
                 const llvm::Twine &suffix = "") {
  auto [lhs, rhs] = broadcast(importer, x, y);
  if (!lhs.value || !rhs.value)
    return Held();
  Held result = Importer::likewise(
      importer.make<Op>(suffix, graph::shapeOf(lhs.value), {lhs.value, rhs.value}), lhs);
  result.isOfVariables = x.isOfVariables && y.isOfVariables;
  return result;
}

} // namespace autopar::pt2

#endif
