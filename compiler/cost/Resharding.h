// How a tensor gets from one Spec to another, and at what price: a shortest path over local
// slices and collectives. The sharding problem asks for prices by the thousand; partition asks
// for the steps of the few it needs and emits one op a step.
#ifndef AUTOPAR_COMPILER_COST_RESHARDING_H
#define AUTOPAR_COMPILER_COST_RESHARDING_H

#include "compiler/cost/CostModel.h"
#include "dialects/dist/Spec.h"

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/SmallVector.h"

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace autopar {

/// One step of a resharding. `axes` are one or several mesh axes, ascending, moved at once; the
/// blocks are in row-major order over them.
///
///   AllGather      axes, the innermost that split dim, become replicated
///   ReduceScatter  axes, unreduced, become the innermost that split dim
///   AllReduce      axes, unreduced, become replicated
///   AllToAll       axes, the innermost that split dim, become the innermost of otherDim
///   Slice          axes, replicated, become the innermost that split dim; a local copy
struct ReshardStep {
  enum class Kind { AllGather, ReduceScatter, AllReduce, AllToAll, Slice };

  Kind kind;
  Axes axes;
  int dim = -1;      ///< None for AllReduce.
  int otherDim = -1; ///< AllToAll only: the dimension that is split afterwards.
  Spec result;
  double seconds = 0;
};

/// `all_gather`, `reduce_scatter`, `all_reduce`, `all_to_all`, `slice`.
llvm::StringRef name(ReshardStep::Kind kind);

struct ReshardPath {
  std::vector<ReshardStep> steps; ///< Empty when nothing needs to move.
  double seconds = 0;
};

/// Prices are integers, so that sums of them are exact.
inline constexpr double picosecondsPerSecond = 1e12;
/// The price of what cannot be done: partial sums out of a whole tensor, a Spec that does not
/// divide the shape. Finite prices are less.
inline constexpr int64_t neverPicoseconds = 1'000'000'000'000'000'000;

/// Cheapest reshardings on one mesh. Answers are kept for each shape, so asking again is a
/// look-up; not safe to share between threads for that reason.
///
/// Specs need not be canonical; they must have the mesh's number of axes.
class Resharder {
public:
  explicit Resharder(CostModel costs);
  ~Resharder();
  Resharder(Resharder &&) noexcept;
  Resharder &operator=(Resharder &&) noexcept;

  const CostModel &costs() const { return model; }

  /// The cheapest path for a tensor of global `shape`; of equally cheap ones, one with the
  /// fewest steps; the same on every run. None when there is no path.
  std::optional<ReshardPath> path(llvm::ArrayRef<int64_t> shape, int64_t elementBytes,
                                  Spec from, Spec to);

  /// path()'s price, without the steps.
  int64_t picoseconds(llvm::ArrayRef<int64_t> shape, int64_t elementBytes, Spec from, Spec to);

  /// Prices from each of `from` (rows) to each of `to` (columns), row-major.
  std::vector<int64_t> costMatrix(llvm::ArrayRef<int64_t> shape, int64_t elementBytes,
                                  llvm::ArrayRef<Spec> from, llvm::ArrayRef<Spec> to);

private:
  class States;
  States &statesOf(llvm::ArrayRef<int64_t> shape, int64_t elementBytes);

  CostModel model;
  std::map<std::vector<int64_t>, std::unique_ptr<States>>
      memo; ///< By element bytes, then shape.
};

} // namespace autopar

#endif // AUTOPAR_COMPILER_COST_RESHARDING_H
