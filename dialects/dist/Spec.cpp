// Meshes and Specs: reading, printing, and the arithmetic of blocks.
#include "dialects/dist/Spec.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/FormatVariadic.h"

#include <limits>

namespace autopar {

//===-- Mesh ------------------------------------------------------------------------------===//

Mesh::Mesh(llvm::ArrayRef<int64_t> axisSizes) : sizes(axisSizes) {
  assert(!sizes.empty() && sizes.size() <= maxMeshAxes && "a mesh has one to three axes");
  assert(llvm::all_of(sizes, [](int64_t size) { return size > 0; }));
  for (size_t axis = 0; axis < sizes.size(); ++axis)
    names.push_back(std::string(1, "xyz"[axis]));
}

llvm::Expected<Mesh> Mesh::parse(llvm::StringRef text) {
  auto fail = [&](const llvm::Twine &why) {
    return llvm::createStringError("mesh '" + text + "': " + why +
                                   "; write one to three sizes joined by 'x', as in 4 or 2x4");
  };
  if (text.empty())
    return fail("it is empty");

  llvm::SmallVector<llvm::StringRef> parts;
  text.split(parts, 'x');
  if (parts.size() > maxMeshAxes)
    return fail("it has " + llvm::Twine(parts.size()) + " axes");

  // MPI numbers ranks with an int.
  constexpr int64_t mostRanks = std::numeric_limits<int>::max();
  llvm::SmallVector<int64_t, maxMeshAxes> sizes;
  int64_t ranks = 1;
  for (llvm::StringRef part : parts) {
    if (part.empty())
      return fail("a size is missing beside an 'x'");
    if (!llvm::all_of(part, llvm::isDigit))
      return fail("'" + part + "' is not a size");
    int64_t size;
    // Digits only, so all that can go wrong is that there are too many.
    if (part.getAsInteger(10, size) || size > mostRanks / ranks)
      return fail("it has more than " + llvm::Twine(mostRanks) + " ranks");
    if (size == 0)
      return fail("an axis of size 0 has no ranks");
    sizes.push_back(size);
    ranks *= size;
  }
  return Mesh(sizes);
}

std::string Mesh::str() const {
  return llvm::join(llvm::map_range(sizes, [](int64_t size) { return std::to_string(size); }),
                    "x");
}

int64_t Mesh::numRanks() const {
  int64_t ranks = 1;
  for (int64_t size : sizes)
    ranks *= size;
  return ranks;
}

int64_t Mesh::groupSize(llvm::ArrayRef<int> axes) const {
  int64_t ranks = 1;
  for (int axis : axes)
    ranks *= sizes[axis];
  return ranks;
}

llvm::SmallVector<int64_t, maxMeshAxes> Mesh::coordinates(int64_t rank) const {
  assert(rank >= 0 && rank < numRanks() && "no such rank");
  llvm::SmallVector<int64_t, maxMeshAxes> coordinates(sizes.size());
  for (int axis = numAxes() - 1; axis >= 0; --axis) {
    coordinates[axis] = rank % sizes[axis];
    rank /= sizes[axis];
  }
  return coordinates;
}

llvm::SmallVector<int64_t> Mesh::group(int64_t rank, llvm::ArrayRef<int> axes) const {
  llvm::SmallVector<int64_t, maxMeshAxes> strides(sizes.size(), 1);
  for (int axis = numAxes() - 2; axis >= 0; --axis)
    strides[axis] = strides[axis + 1] * sizes[axis + 1];

  auto here = coordinates(rank);
  llvm::SmallVector<int64_t> ranks = {rank};
  for (int axis : axes) {
    llvm::SmallVector<int64_t> wider;
    for (int64_t member : ranks)
      for (int64_t at = 0; at < sizes[axis]; ++at)
        wider.push_back(member + (at - here[axis]) * strides[axis]);
    ranks = std::move(wider);
  }
  return ranks;
}

//===-- Spec ------------------------------------------------------------------------------===//

Spec Spec::replicated(int axes) {
  assert(axes > 0 && axes <= maxMeshAxes && "a mesh has one to three axes");
  return Spec(axes);
}

bool Spec::isReplicated() const {
  return llvm::all_of(place, [](int8_t where) { return where == onNone; });
}

bool Spec::hasUnreduced() const { return llvm::is_contained(place, summands); }

Axes Spec::splitAxes(int dim) const {
  Axes found;
  for (int axis = 0; axis < axes; ++axis)
    if (place[axis] == dim)
      found.push_back(axis);
  return found;
}

Axes Spec::unreducedAxes() const { return splitAxes(summands); }

Spec Spec::with(int axis, int8_t where) const {
  assert(axis >= 0 && axis < axes && "no such mesh axis");
  Spec moved = *this;
  moved.place[axis] = where;
  return moved;
}

Spec Spec::withSplit(int axis, int dim) const {
  assert(dim >= 0 && dim <= std::numeric_limits<int8_t>::max() && "no such dimension");
  return with(axis, static_cast<int8_t>(dim));
}

Spec Spec::canonical(const Mesh &mesh) const {
  assert(mesh.numAxes() == axes && "the Spec is of another mesh");
  Spec canonical = *this;
  for (int axis = 0; axis < axes; ++axis)
    if (mesh.sizes[axis] == 1)
      canonical.place[axis] = onNone;
  return canonical;
}

std::optional<llvm::SmallVector<int64_t>> Spec::localShape(llvm::ArrayRef<int64_t> shape,
                                                           const Mesh &mesh) const {
  assert(mesh.numAxes() == axes && "the Spec is of another mesh");
  llvm::SmallVector<int64_t> local(shape);
  for (int axis = 0; axis < axes; ++axis) {
    if (place[axis] < 0)
      continue;
    if (place[axis] >= static_cast<int>(shape.size()))
      return std::nullopt;
    int64_t &size = local[place[axis]];
    if (size % mesh.sizes[axis] != 0)
      return std::nullopt;
    size /= mesh.sizes[axis];
  }
  return local;
}

llvm::SmallVector<int64_t> Spec::offsets(llvm::ArrayRef<int64_t> shape, const Mesh &mesh,
                                         int64_t rank) const {
  auto local = localShape(shape, mesh);
  assert(local && "the Spec does not divide the shape");
  auto at = mesh.coordinates(rank);
  llvm::SmallVector<int64_t> block(shape.size(), 0);
  for (int axis = 0; axis < axes; ++axis) // Row-major: each axis is inside the ones before.
    if (place[axis] >= 0)
      block[place[axis]] = block[place[axis]] * mesh.sizes[axis] + at[axis];
  for (size_t dim = 0; dim < shape.size(); ++dim)
    block[dim] *= (*local)[dim];
  return block;
}

std::string Spec::str(int rank, llvm::ArrayRef<int> leaveOut) const {
  bool all = llvm::any_of(leaveOut, [&](int dim) { return !splitAxes(dim).empty(); });
  auto digits = [](const Axes &axes) {
    std::string digits;
    for (int axis : axes)
      digits += static_cast<char>('0' + axis);
    return digits;
  };

  std::string text;
  for (int dim = 0; dim < rank; ++dim) {
    if (!all && llvm::is_contained(leaveOut, dim))
      continue;
    Axes split = splitAxes(dim);
    text += split.empty() ? "R" : "S" + digits(split);
  }
  if (text.empty())
    text = "-";
  if (hasUnreduced())
    text += "|U" + digits(unreducedAxes());
  return text;
}

llvm::Expected<Spec> Spec::parse(llvm::StringRef text, int rank, int axes,
                                 llvm::ArrayRef<int> leaveOut) {
  auto fail = [&](const llvm::Twine &why) {
    return llvm::createStringError(
        "sharding '" + text + "': " + why +
        "; write R or S and its mesh axes for each dimension, then |U and the unreduced axes, "
        "as in S01R or RR|U1");
  };

  Spec spec = replicated(axes);
  llvm::SmallVector<bool, maxMeshAxes> used(axes, false);
  llvm::StringRef rest = text;
  // Reads digits into `spec`; empty when all is well, else what is wrong.
  auto readAxes = [&](int8_t where) -> std::string {
    int last = -1;
    while (!rest.empty() && llvm::isDigit(rest.front())) {
      int axis = rest.front() - '0';
      rest = rest.drop_front();
      if (axis >= axes)
        return llvm::formatv("axis {0} on a mesh of {1}", axis, axes);
      if (used[axis])
        return llvm::formatv("axis {0} is used twice", axis);
      if (axis < last)
        return llvm::formatv("axis {0} after axis {1}: axes ascend", axis, last);
      used[axis] = true;
      last = axis;
      spec = spec.with(axis, where);
    }
    return last < 0 ? "a mesh axis is missing" : "";
  };

  llvm::SmallVector<int> dims, written;
  for (int dim = 0; dim < rank; ++dim) {
    dims.push_back(dim);
    if (!llvm::is_contained(leaveOut, dim))
      written.push_back(dim);
  }
  // Written in full where a dimension that is usually left out is split.
  size_t letters = text.split('|').first.count('R') + text.split('|').first.count('S');
  if (letters != dims.size())
    dims = written;
  if (letters != dims.size())
    return fail("it has " + llvm::Twine(letters) + " dimensions, the tensor has " +
                llvm::Twine(rank));

  if (dims.empty() && !rest.consume_front("-"))
    return fail("a tensor of no dimensions is '-'");
  for (int dim : dims) {
    if (rest.consume_front("R"))
      continue;
    if (!rest.consume_front("S"))
      return fail("'" + rest.take_front(1) + "' is neither R nor S");
    if (std::string wrong = readAxes(static_cast<int8_t>(dim)); !wrong.empty())
      return fail(wrong);
  }
  if (rest.consume_front("|U"))
    if (std::string wrong = readAxes(summands); !wrong.empty())
      return fail(wrong);
  if (!rest.empty())
    return fail("'" + rest + "' is left over");
  return spec;
}

uint32_t Spec::code() const {
  uint32_t code = static_cast<uint8_t>(axes);
  for (int8_t where : place)
    code = code << 8 | static_cast<uint8_t>(where);
  return code;
}

llvm::SmallVector<Spec> enumerateSpecs(llvm::ArrayRef<int64_t> shape, const Mesh &mesh,
                                       bool unreduced) {
  llvm::SmallVector<Spec> specs = {Spec::replicated(mesh.numAxes())};
  for (int axis = 0; axis < mesh.numAxes(); ++axis) {
    if (mesh.sizes[axis] == 1)
      continue;
    for (size_t i = 0, count = specs.size(); i < count; ++i) {
      if (unreduced)
        specs.push_back(specs[i].withUnreduced(axis));
      for (size_t dim = 0; dim < shape.size(); ++dim) {
        Spec split = specs[i].withSplit(axis, static_cast<int>(dim));
        // A product that does not divide divides no better with a further axis.
        if (split.localShape(shape, mesh))
          specs.push_back(split);
      }
    }
  }
  llvm::sort(specs);
  return specs;
}

} // namespace autopar
