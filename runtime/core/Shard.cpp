#include "autopar/core/Shard.h"

#include <stdexcept>
#include <string>

using namespace autopar;

Shard::Shard(const Place &place, const Shape &global, const Split &split) : Block(global) {
  for (int dim = 0; dim < global.size(); ++dim) {
    const AxisSet axes = dim < split.size() ? split[dim] : AxisSet();
    const int64_t blocks = place.mesh().blocks(axes);
    if (global[dim] % blocks != 0)
      throw std::invalid_argument("dimension " + std::to_string(dim) + " of " +
                                  toString(global) + " does not split into " +
                                  std::to_string(blocks) + " blocks");
    box.push_back(global[dim] / blocks);
    offsets.push_back(place.block(axes) * box[dim]);
  }
}

bool autopar::ownsBlock(const Place &place, const Split &split) {
  const AxisSet splitting = splittingAxes(split);
  for (int axis = 0; axis < place.mesh().sizes.size(); ++axis)
    if (!splitting.contains(axis) && place.coordinate(axis) != 0)
      return false;
  return true;
}
