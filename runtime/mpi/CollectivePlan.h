// What each collective moves and how much workspace that takes. Plain data with
// no MPI in it: the compiler asks these same structs for bytes when it plans
// memory, so the plan cannot differ from the run.

#ifndef AUTOPAR_MPI_COLLECTIVEPLAN_H
#define AUTOPAR_MPI_COLLECTIVEPLAN_H

#include "autopar/core/DataType.h"
#include "autopar/core/Shape.h"

#include <cstddef>
#include <vector>

namespace autopar::inline runtime {

/// A tensor and the dimension along which ranks hold its blocks. `shape` is
/// this rank's shape before the collective.
struct SlicedTensor {
  Shape shape = {};
  int dim = 0;
};

/// A tensor cut along `splitDim` and put together along `concatDim`. `shape` is
/// this rank's shape before the collective.
struct ExchangedTensor {
  Shape shape = {};
  int splitDim = 0;
  int concatDim = 0;
};

/// Sums tensors over the ranks, in place. f32 or f64, and on GPUs bf16 or f16.
struct AllReducePlan {
  int ranks = 1;
  DataType type = DataType::F32;
  std::vector<Shape> tensors = {};
  size_t workspaceBytes() const;
};

/// Puts the ranks' blocks together: [.., d, ..] becomes [.., d * ranks, ..].
struct AllGatherPlan {
  int ranks = 1;
  DataType type = DataType::F32;
  std::vector<SlicedTensor> tensors = {};
  size_t workspaceBytes() const;
};

/// Sums over the ranks and leaves each its block: [.., d, ..] becomes
/// [.., d / ranks, ..]. Types as in AllReducePlan.
struct ReduceScatterPlan {
  int ranks = 1;
  DataType type = DataType::F32;
  std::vector<SlicedTensor> tensors = {};
  size_t workspaceBytes() const;
};

/// Moves a split from one dimension to another: splitDim d becomes d / ranks,
/// concatDim e becomes e * ranks.
struct AllToAllPlan {
  int ranks = 1;
  DataType type = DataType::F32;
  std::vector<ExchangedTensor> tensors = {};
  size_t workspaceBytes() const;
};

} // namespace autopar::inline runtime

#endif // AUTOPAR_MPI_COLLECTIVEPLAN_H
