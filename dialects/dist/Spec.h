// Where a tensor lies on a mesh of devices, as plain data: no MLIR, so that the
// cost model, the resharding search and their brute-force tests run without IR.
// The dist dialect's sharding attribute is this Spec, printed and parsed.
#ifndef AUTOPAR_DIALECTS_DIST_SPEC_H
#define AUTOPAR_DIALECTS_DIST_SPEC_H

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/DenseMapInfo.h"
#include "llvm/ADT/Hashing.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"

#include <array>
#include <cassert>
#include <compare>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>

namespace autopar {

/// A mesh has one to three axes.
inline constexpr int maxMeshAxes = 3;

/// Mesh axes by number, ascending. 0 is the major (outermost) axis.
using Axes = llvm::SmallVector<int, maxMeshAxes>;

/// Ranks arranged in a grid: `2x4` has 8 ranks on the axes x (2) and y (4).
/// Ranks are numbered row-major: rank r of AxB sits at (r / B, r % B).
struct Mesh {
  llvm::SmallVector<int64_t, maxMeshAxes> sizes;
  llvm::SmallVector<std::string, maxMeshAxes> names;

  Mesh() = default;
  /// Names the axes x, y, z in order. One to three sizes, each positive.
  explicit Mesh(llvm::ArrayRef<int64_t> sizes);
  Mesh(std::initializer_list<int64_t> sizes) : Mesh(llvm::ArrayRef<int64_t>(sizes)) {}

  /// Reads `4`, `2x4` or `2x2x2`. The error says what was read, what is wrong
  /// with it and how a mesh is written; more ranks than an MPI rank (an int) can
  /// number are refused.
  static llvm::Expected<Mesh> parse(llvm::StringRef text);

  /// `2x4`; parse() reads it back.
  std::string str() const;

  int numAxes() const { return static_cast<int>(sizes.size()); }
  /// The number of ranks: the product of the sizes.
  int64_t numRanks() const;
  /// The number of ranks in one group over `axes`: the product of their sizes.
  int64_t groupSize(llvm::ArrayRef<int> axes) const;

  /// The rank's place on each axis.
  llvm::SmallVector<int64_t, maxMeshAxes> coordinates(int64_t rank) const;
  /// The ranks that differ from `rank` on `axes` only, itself among them, in
  /// row-major order over `axes`: the order of the blocks in a collective.
  llvm::SmallVector<int64_t> group(int64_t rank, llvm::ArrayRef<int> axes) const;

  bool operator==(const Mesh &) const = default;
};

/// Where one tensor lies: each mesh axis holds copies (replicated), splits one
/// dimension, or holds summands of which the tensor is the sum (unreduced).
///
/// A dimension may be split over several axes; its blocks are then in row-major
/// order of the axes, the lower axis outermost (S01; there is no S10). Block b
/// of n is the b-th run of size/n elements.
///
/// A Spec knows the mesh's number of axes, not their sizes, and not the
/// tensor's rank: one Spec serves every tensor that has the dimensions it names.
class Spec {
public:
  Spec() = default;

  /// A copy on every rank of a mesh with `axes` axes.
  static Spec replicated(int axes);

  int numAxes() const { return axes; }
  bool isReplicated(int axis) const { return at(axis) == onNone; }
  bool isUnreduced(int axis) const { return at(axis) == summands; }
  /// The dimension that `axis` splits, if it splits one.
  std::optional<int> dim(int axis) const {
    return at(axis) >= 0 ? std::optional<int>(at(axis)) : std::nullopt;
  }

  bool isReplicated() const; ///< On every axis.
  bool hasUnreduced() const; ///< On any axis.
  /// The axes that split `dim`, outermost first.
  Axes splitAxes(int dim) const;
  Axes unreducedAxes() const;

  /// This Spec with one axis moved.
  Spec withReplicated(int axis) const { return with(axis, onNone); }
  Spec withUnreduced(int axis) const { return with(axis, summands); }
  Spec withSplit(int axis, int dim) const;

  /// The one form of this Spec on `mesh`: an axis of size 1 counts as replicated.
  Spec canonical(const Mesh &mesh) const;

  /// What one rank holds of a tensor of `shape`; none when a dimension is not
  /// divisible by the product of the axes that split it, or does not exist.
  std::optional<llvm::SmallVector<int64_t>> localShape(llvm::ArrayRef<int64_t> shape,
                                                       const Mesh &mesh) const;
  /// Where in each dimension `rank`'s block starts. Requires a local shape.
  llvm::SmallVector<int64_t> offsets(llvm::ArrayRef<int64_t> shape, const Mesh &mesh,
                                     int64_t rank) const;

  /// As the field writes it, one letter a dimension: `RR`, `S0S1`, `S01R`. Axes
  /// with summands follow a bar: `RR|U1`, `S0R|U12`. A tensor of rank 0 is `-`.
  /// Dimensions in `leaveOut` (the spatial ones, in reports) are not written
  /// unless one of them is split: then all are.
  std::string str(int rank, llvm::ArrayRef<int> leaveOut = {}) const;
  /// Reads what str() wrote for a tensor of this rank on a mesh of `axes` axes.
  static llvm::Expected<Spec> parse(llvm::StringRef text, int rank, int axes,
                                    llvm::ArrayRef<int> leaveOut = {});

  /// Equal for equal Specs only; less than 2^32.
  uint32_t code() const;

  auto operator<=>(const Spec &) const = default;
  friend llvm::hash_code hash_value(const Spec &spec) { return llvm::hash_value(spec.code()); }

private:
  friend struct llvm::DenseMapInfo<Spec>;
  static constexpr int8_t onNone = -1, summands = -2;

  int8_t at(int axis) const {
    assert(axis >= 0 && axis < axes && "no such mesh axis");
    return place[axis];
  }
  Spec with(int axis, int8_t where) const;
  explicit Spec(int axes) : axes(static_cast<int8_t>(axes)) {}

  int8_t axes = 0;
  /// Replicated, unreduced or a dimension; replicated beyond `axes`.
  std::array<int8_t, maxMeshAxes> place = {onNone, onNone, onNone};
};

/// Every canonical Spec that divides `shape` on `mesh`, in ascending order;
/// with unreduced axes where asked for. The replicated one is among them.
llvm::SmallVector<Spec> enumerateSpecs(llvm::ArrayRef<int64_t> shape, const Mesh &mesh,
                                       bool unreduced);

} // namespace autopar

template <> struct std::hash<autopar::Spec> {
  size_t operator()(const autopar::Spec &spec) const {
    return std::hash<uint32_t>()(spec.code());
  }
};

template <> struct llvm::DenseMapInfo<autopar::Spec> {
  // No Spec has a negative number of axes.
  static autopar::Spec getEmptyKey() { return autopar::Spec(-1); }
  static autopar::Spec getTombstoneKey() { return autopar::Spec(-2); }
  static unsigned getHashValue(const autopar::Spec &spec) {
    return static_cast<unsigned>(hash_value(spec));
  }
  static bool isEqual(const autopar::Spec &a, const autopar::Spec &b) { return a == b; }
};

#endif // AUTOPAR_DIALECTS_DIST_SPEC_H
