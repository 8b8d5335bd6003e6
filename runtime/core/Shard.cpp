#include "autopar/core/Shard.h"

#include <stdexcept>
#include <string>

using namespace autopar;

Shard::Shard(const Place &place, const Shape &global, const Split &split) : global(global) {
  for (int dim = 0; dim < global.size(); ++dim) {
    const AxisSet axes = dim < split.size() ? split[dim] : AxisSet();
    const int64_t blocks = place.mesh().blocks(axes);
    if (global[dim] % blocks != 0)
      throw std::invalid_argument("dimension " + std::to_string(dim) + " of " +
                                  toString(global) + " does not split into " +
                                  std::to_string(blocks) + " blocks");
    local.push_back(global[dim] / blocks);
    offsets.push_back(place.block(axes) * local[dim]);
  }
}

void Shard::forEachRun(const std::function<void(int64_t, int64_t, int64_t)> &run) const {
  // The innermost split dimension and all behind it make one run.
  int inner = global.size();
  int64_t count = 1;
  while (inner > 0 && local[inner - 1] == global[inner - 1])
    count *= local[--inner];
  int64_t innerElements = count;
  if (inner > 0)
    count *= local[--inner];
  const int64_t total = elements(local);

  Shape index; // of the run, in the local dimensions before `inner`
  for (int dim = 0; dim < inner; ++dim)
    index.push_back(0);
  for (int64_t done = 0; done < total; done += count) {
    int64_t position = 0;
    for (int dim = 0; dim < inner; ++dim)
      position = position * global[dim] + offsets[dim] + index[dim];
    if (inner < global.size())
      position = position * global[inner] + offsets[inner];
    run(position * innerElements, done, count);
    for (int dim = inner - 1; dim >= 0 && ++index[dim] == local[dim]; --dim)
      index[dim] = 0;
  }
}

bool autopar::ownsBlock(const Place &place, const Split &split) {
  AxisSet splitting;
  for (AxisSet axes : split)
    splitting = splitting | axes;
  for (int axis = 0; axis < place.mesh().sizes.size(); ++axis)
    if (!splitting.contains(axis) && place.coordinate(axis) != 0)
      return false;
  return true;
}
