// Where a function does the same for one layer after another: the problem of programs that
// loop.
//
//   layerNorm h.0.ln_1, …, add h.0.add_1, layerNorm h.1.ln_1, …, add h.1.add_1, …
//
// Names give the candidates, the calls themselves decide: two turns are alike if they call the
// same, made of the same but for the site of a dropout, on operands of the same types that
// correspond: the same value outside, or values of the same name of layers as far from the
// turn's own. The first turn and the last have other neighbours, as h.0 has the embeddings
// before it, and may differ in those.
#ifndef AUTOPAR_COMPILER_EMIT_LIKENESS_H
#define AUTOPAR_COMPILER_EMIT_LIKENESS_H

#include "compiler/emit/Roles.h"
#include "dialects/rt/Rt.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "llvm/ADT/STLFunctionalExtras.h"

#include <optional>
#include <string>
#include <vector>

namespace autopar::emit {

/// A name that has a place in a row of layers: `h.3.mlp.act` in the row `h`.
struct PlaceInRow {
  int64_t layer;        ///< 3
  llvm::StringRef rest; ///< `mlp.act`
};
std::optional<PlaceInRow> placeInRow(llvm::StringRef name, llvm::StringRef row);

/// The calls and joins of a function in their order.
std::vector<mlir::Operation *> operationsOf(mlir::func::FuncOp function);

/// Turns of operations that follow each other, each a layer's of the row, up or down.
struct Repeat {
  unsigned begin = 0;  ///< the first operation's number
  unsigned length = 0; ///< of a turn
  unsigned turns = 0;
  std::string row;
  int64_t first = 0; ///< the layer of the first turn
  int64_t step = 1;  ///< or -1

  unsigned end() const { return begin + length * turns; }
  /// The number of what stands at `place` in a layer's turn.
  unsigned numberOf(int64_t layer, unsigned place) const {
    return begin + turnOf(layer) * length + place;
  }
  int64_t layer(unsigned turn) const { return first + step * turn; }
  unsigned turnOf(int64_t layer) const { return static_cast<unsigned>((layer - first) * step); }
  int64_t lowest() const { return std::min(first, layer(turns - 1)); }
  int64_t highest() const { return std::max(first, layer(turns - 1)); }
  /// A turn in the middle, which has neighbours on both sides where any has.
  unsigned middle() const { return turns / 2; }
};

/// Whether two names are of one thing of neighbours in the repeat's row.
bool correspond(const Repeat &repeat, llvm::StringRef one, llvm::StringRef other);

enum class Likeness {
  Alike,
  Neighbours, ///< but for the names of what lies beside the layers
  Different,
};
/// Compares a thing with what may be the same of the next turn; the repeats before this one are
/// known.
using Compare = llvm::function_ref<Likeness(const Repeat &repeat, llvm::ArrayRef<Repeat> earlier,
                                            unsigned one, unsigned other)>;

/// The repeats in a list of things with these names, in their order; none overlap. None begins
/// with one that has no name.
std::vector<Repeat> findRepeats(llvm::ArrayRef<std::string> names, Compare compare);
/// Goes through `count` things in their order: `turns` has those of a repeat together, `one`
/// each of the others by its number.
void forEachInOrder(llvm::ArrayRef<Repeat> repeats, unsigned count,
                    llvm::function_ref<void(const Repeat &)> turns,
                    llvm::function_ref<void(unsigned)> one);
/// Those of a function's operations.
std::vector<Repeat> findRepeats(llvm::ArrayRef<mlir::Operation *> operations,
                                const ValueNames &values);

} // namespace autopar::emit

#endif
