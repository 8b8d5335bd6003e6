// Collectives on arrays, one rank after another.
#include "SimulatedMesh.h"

#include "llvm/ADT/STLExtras.h"

#include <functional>
#include <numeric>

namespace autopar {

namespace {

int64_t product(llvm::ArrayRef<int64_t> sizes) {
  return std::accumulate(sizes.begin(), sizes.end(), int64_t(1), std::multiplies<>());
}

/// The elements of one index of `dim`, and how many such runs there are before it.
std::pair<int64_t, int64_t> around(const Array &array, int dim) {
  llvm::ArrayRef<int64_t> shape = array.shape;
  return {product(shape.take_front(dim)), product(shape.drop_front(dim + 1))};
}

/// The rank's place among its group, and the group.
struct Group {
  llvm::SmallVector<int64_t> ranks;
  int64_t at;

  Group(const Mesh &mesh, int64_t rank, llvm::ArrayRef<int> axes)
      : ranks(mesh.group(rank, axes)), at(llvm::find(ranks, rank) - ranks.begin()) {}
  int64_t size() const { return static_cast<int64_t>(ranks.size()); }
  std::vector<Array> of(const OnRanks &held) const {
    std::vector<Array> arrays;
    for (int64_t rank : ranks)
      arrays.push_back(held[rank]);
    return arrays;
  }
};

/// The rank's block of `global`, splitting axis by axis, outermost first.
Array block(Array global, const Spec &spec, const Mesh &mesh, int64_t rank) {
  auto at = mesh.coordinates(rank);
  for (int axis = 0; axis < mesh.numAxes(); ++axis)
    if (auto dim = spec.dim(axis))
      global = part(global, *dim, at[axis], mesh.sizes[axis]);
  return global;
}

} // namespace

Array part(const Array &array, int dim, int64_t index, int64_t count) {
  auto [outer, inner] = around(array, dim);
  int64_t size = array.shape[dim], width = size / count;
  Array result{array.shape, {}};
  result.shape[dim] = width;
  for (int64_t o = 0; o < outer; ++o) {
    auto from = array.values.begin() + (o * size + index * width) * inner;
    result.values.insert(result.values.end(), from, from + width * inner);
  }
  return result;
}

Array join(const std::vector<Array> &parts, int dim) {
  auto [outer, inner] = around(parts.front(), dim);
  int64_t run = parts.front().shape[dim] * inner;
  Array result{parts.front().shape, {}};
  result.shape[dim] *= static_cast<int64_t>(parts.size());
  for (int64_t o = 0; o < outer; ++o)
    for (const Array &part : parts)
      result.values.insert(result.values.end(), part.values.begin() + o * run,
                           part.values.begin() + (o + 1) * run);
  return result;
}

Array sum(const std::vector<Array> &arrays) {
  Array total = arrays.front();
  for (const Array &array : llvm::drop_begin(arrays))
    for (size_t i = 0; i < total.values.size(); ++i)
      total.values[i] += array.values[i];
  return total;
}

Array randomArray(llvm::ArrayRef<int64_t> shape, std::mt19937 &random) {
  std::uniform_int_distribution<int64_t> any(-1'000'000, 1'000'000);
  Array array{llvm::SmallVector<int64_t>(shape), std::vector<int64_t>(product(shape))};
  for (int64_t &value : array.values)
    value = any(random);
  return array;
}

OnRanks place(const Array &global, const Spec &spec, const Mesh &mesh, std::mt19937 &random) {
  OnRanks held;
  for (int64_t rank = 0; rank < mesh.numRanks(); ++rank)
    held.push_back(block(global, spec, mesh, rank));

  // Summands over the unreduced axes: random but for the first of a group, which holds the
  // rest. Groups that differ on replicated axes only must hold the same, so the values are
  // drawn once for each place on the other axes.
  Axes unreduced = spec.unreducedAxes();
  if (unreduced.empty())
    return held;
  std::map<std::vector<int64_t>, Array> drawn;
  for (int64_t rank = 0; rank < mesh.numRanks(); ++rank) {
    auto at = mesh.coordinates(rank);
    for (int axis = 0; axis < mesh.numAxes(); ++axis)
      if (spec.isReplicated(axis))
        at[axis] = 0;
    std::vector<int64_t> key(at.begin(), at.end());
    if (!drawn.count(key))
      drawn[key] = randomArray(held[rank].shape, random);
    Group group(mesh, rank, unreduced);
    if (group.at != 0)
      held[rank] = drawn[key];
  }
  for (int64_t rank = 0; rank < mesh.numRanks(); ++rank) {
    Group group(mesh, rank, unreduced);
    if (group.at != 0)
      continue;
    for (int64_t other : llvm::drop_begin(group.ranks))
      for (size_t i = 0; i < held[rank].values.size(); ++i)
        held[rank].values[i] -= held[other].values[i];
  }
  return held;
}

OnRanks carryOut(const ReshardStep &step, const OnRanks &before, const Mesh &mesh) {
  OnRanks after;
  for (int64_t rank = 0; rank < mesh.numRanks(); ++rank) {
    Group group(mesh, rank, step.axes);
    std::vector<Array> held = group.of(before);
    switch (step.kind) {
    case ReshardStep::Kind::AllGather:
      after.push_back(join(held, step.dim));
      break;
    case ReshardStep::Kind::ReduceScatter:
      after.push_back(part(sum(held), step.dim, group.at, group.size()));
      break;
    case ReshardStep::Kind::AllReduce:
      after.push_back(sum(held));
      break;
    case ReshardStep::Kind::AllToAll:
      for (Array &sent : held)
        sent = part(sent, step.otherDim, group.at, group.size());
      after.push_back(join(held, step.dim));
      break;
    case ReshardStep::Kind::Slice:
      after.push_back(part(before[rank], step.dim, group.at, group.size()));
      break;
    }
  }
  return after;
}

bool isLaidOut(const OnRanks &held, const Array &global, const Spec &spec, const Mesh &mesh) {
  for (int64_t rank = 0; rank < mesh.numRanks(); ++rank)
    if (sum(Group(mesh, rank, spec.unreducedAxes()).of(held)) !=
        block(global, spec, mesh, rank))
      return false;
  return true;
}

} // namespace autopar
