#include "autopar/core/checkpoint/Pieces.h"

#include "autopar/core/Shard.h"

#include <algorithm>

using namespace autopar;

namespace {

/// Those that hold the same block of a variable as a rank.
struct Replicas {
  int64_t count; ///< with the rank itself
  int64_t index; ///< of the rank among them
};

Replicas replicasOf(const Variable &variable, const Place &place) {
  const AxisSet splitting = splittingAxes(variable.split);
  AxisSet others;
  for (int axis = 0; axis < place.mesh().sizes.size(); ++axis)
    if (!splitting.contains(axis))
      others = others | AxisSet{axis};
  return {place.mesh().blocks(others), place.block(others)};
}

/// Of the rows of a tensor those that hold more than padding.
int64_t storedRows(const Variable &variable) {
  const int64_t rows = variable.shape[0];
  const int64_t perRow = rows ? elements(variable.shape) / rows : 0;
  return perRow ? (elements(variable.storedShape()) + perRow - 1) / perRow : 0;
}

} // namespace

std::vector<Piece> autopar::piecesOf(std::span<const Variable> variables, const Place &place) {
  std::vector<Piece> pieces;
  for (size_t i = 0; i < variables.size(); ++i) {
    const Variable &variable = variables[i];
    const Shard shard(place, variable.shape, variable.split);
    const Replicas replicas = replicasOf(variable, place);
    // What has too few rows for all of them is one replica's, another's for each such variable.
    const bool isShared = !shard.shape().empty() && shard.shape()[0] >= replicas.count;
    if (!isShared && static_cast<int64_t>(i) % replicas.count != replicas.index)
      continue;
    Shape begin = shard.begin(), shape = shard.shape();
    int64_t first = 0; // row of the shard
    if (!shape.empty()) {
      const int64_t rows = shape[0];
      int64_t end = rows;
      if (isShared) {
        first = rows * replicas.index / replicas.count;
        end = rows * (replicas.index + 1) / replicas.count;
      }
      end = std::min(end, storedRows(variable) - begin[0]);
      if (end <= first)
        continue;
      begin[0] += first;
      shape[0] = end - first;
    }
    const size_t width = bytesOf(variable.type);
    const size_t bytes = elements(shape) * width;
    const size_t row = shape.empty() ? 0 : bytes / shape[0];
    pieces.push_back({.variable = i,
                      .block = Block(variable.shape, begin, shape),
                      .offset = first * row,
                      .bytes = bytes});
  }
  return pieces;
}
