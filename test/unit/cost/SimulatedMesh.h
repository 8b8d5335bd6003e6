// A tensor on a mesh, in one process: an array of numbers a rank. Steps of a resharding are
// carried out on it as their definitions say, with no use of Spec's arithmetic beyond a rank's
// place on the mesh, so that the two can be held against each other.
#ifndef AUTOPAR_TEST_UNIT_COST_SIMULATEDMESH_H
#define AUTOPAR_TEST_UNIT_COST_SIMULATEDMESH_H

#include "compiler/cost/Resharding.h"
#include "dialects/dist/Spec.h"

#include <cstdint>
#include <random>
#include <vector>

namespace autopar {

/// A row-major array. Whole numbers, so that sums are exact in any order.
struct Array {
  llvm::SmallVector<int64_t> shape;
  std::vector<int64_t> values;

  bool operator==(const Array &) const = default;
};

/// Part `index` of `count` equal parts of `array` along `dim`.
Array part(const Array &array, int dim, int64_t index, int64_t count);
/// Arrays of one shape, joined along `dim` in order.
Array join(const std::vector<Array> &parts, int dim);
/// The elementwise sum.
Array sum(const std::vector<Array> &arrays);
/// Random numbers.
Array randomArray(llvm::ArrayRef<int64_t> shape, std::mt19937 &random);

/// What each rank holds.
using OnRanks = std::vector<Array>;

/// Lays `global` out: its blocks where `spec` splits, copies where it is replicated, random
/// summands of each block where it is unreduced.
OnRanks place(const Array &global, const Spec &spec, const Mesh &mesh, std::mt19937 &random);

/// Carries a step out on all ranks.
OnRanks carryOut(const ReshardStep &step, const OnRanks &before, const Mesh &mesh);

/// `held` is `global` laid out by `spec`: each block equal to the tensor's, summands adding up.
bool isLaidOut(const OnRanks &held, const Array &global, const Spec &spec, const Mesh &mesh);

} // namespace autopar

#endif // AUTOPAR_TEST_UNIT_COST_SIMULATEDMESH_H
