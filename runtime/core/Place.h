// One place in a mesh: a rank's coordinates and the blocks that fall to it.
// Arithmetic alone, so that any place can be asked about from anywhere.

#ifndef AUTOPAR_CORE_PLACE_H
#define AUTOPAR_CORE_PLACE_H

#include "autopar/core/Description.h"

namespace autopar::inline runtime {

class Place {
public:
  constexpr Place(const Mesh &mesh, int index) : shape(mesh), rank(index) {
    int64_t remaining = index;
    int64_t stride = mesh.ranks();
    for (int64_t size : mesh.sizes) {
      stride /= size;
      coordinates.push_back(remaining / stride);
      remaining %= stride;
    }
  }

  const Mesh &mesh() const { return shape; }
  int index() const { return rank; }
  int ranks() const { return static_cast<int>(shape.ranks()); }

  int64_t coordinate(int axis) const { return coordinates[axis]; }

  /// Which of the blocks of a dimension split over `axes` lies here.
  constexpr int64_t block(AxisSet axes) const {
    int64_t index = 0;
    for (int axis = 0; axis < coordinates.size(); ++axis)
      if (axes.contains(axis))
        index = index * shape.sizes[axis] + coordinates[axis];
    return index;
  }

private:
  Mesh shape;
  int rank;
  InlineList<int64_t, 4> coordinates;
};

} // namespace autopar::inline runtime

#endif // AUTOPAR_CORE_PLACE_H
