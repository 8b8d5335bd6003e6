// What the compiler knows of the device that one rank runs on: memory, speed, links. It is data
// (JSON), each figure with its source, so that a profiling run can replace any of them; costs
// in seconds are made of it in compiler/cost.
#ifndef AUTOPAR_COMPILER_DEVICE_DEVICEMODEL_H
#define AUTOPAR_COMPILER_DEVICE_DEVICEMODEL_H

#include "dialects/dist/Spec.h"

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"
#include "llvm/Support/raw_ostream.h"

#include <array>
#include <cstdint>
#include <map>
#include <string>
#include <variant>
#include <vector>

namespace autopar {

/// The arithmetic that an operation runs in.
enum class Precision { F32, TF32, BF16, F16, F64 };
inline constexpr std::array<Precision, 5> allPrecisions = {
    Precision::F32, Precision::TF32, Precision::BF16, Precision::F16, Precision::F64};
/// `f32`, `tf32`, `bf16`, `f16`, `f64`.
llvm::StringRef name(Precision precision);

/// A number and where it comes from: a data sheet, a measurement.
struct Figure {
  double value = 0;
  std::string source;

  operator double() const { return value; }
  bool operator==(const Figure &) const = default;
};

/// What joins the ranks of one mesh axis.
struct Link {
  Figure latency;   ///< Seconds for one step of a collective.
  Figure bandwidth; ///< Bytes a second that one rank sends while it receives as many.

  bool operator==(const Link &) const = default;
};

/// One link for each mesh axis, major axis first: as measured on a given mesh.
using AxisLinks = std::vector<Link>;

/// Nodes of so many ranks; the link of a mesh axis follows from whether its groups stay inside
/// a node (ranks fill the nodes in order).
struct NodeLinks {
  Figure ranksPerNode;
  Link inside;
  Link between;

  bool operator==(const NodeLinks &) const = default;
};

/// What a kind of operation costs on a device where it was measured: so much a FLOP, a byte (each
/// pass over memory counted) and an operation, added up. Prices in place of peaks: a convolution
/// and a sum do not reach the same share of either.
struct MeasuredOperation {
  Figure perFlop; ///< Seconds.
  Figure perByte; ///< Seconds.
  Figure launch;  ///< Seconds.

  bool operator==(const MeasuredOperation &) const = default;
};

struct DeviceModel {
  std::string name;
  Figure memory;               ///< Bytes that a rank may use.
  Figure reserve;              ///< Bytes of them that libraries take beside a program's arena.
  std::array<Figure, 5> peaks; ///< FLOP/s, in the order of allPrecisions.
  Figure efficiency;           ///< The share of the peak that operations reach, in (0, 1].
  Figure memoryBandwidth;      ///< Bytes a second, reads and writes together.
  Figure launch;               ///< Seconds that starting one operation takes.
  std::variant<NodeLinks, AxisLinks> links;
  /// By kind (`conv2d`). Kinds that are not here cost what peaks and bandwidth say.
  std::map<std::string, MeasuredOperation> operations;

  /// FLOP/s. A device without units for a precision gives the rate at which it runs it anyhow.
  const Figure &peak(Precision precision) const {
    return peaks[static_cast<size_t>(precision)];
  }

  /// The link of each axis of `mesh`. Fails when the model lists links for fewer axes.
  llvm::Expected<llvm::SmallVector<Link, maxMeshAxes>> linksOf(const Mesh &mesh) const;

  /// Reads the JSON that write() writes; see presets/ for the form. A figure may be a bare
  /// number in place of `{"value": …, "source": …}`. Errors name the field: what is missing,
  /// unknown, not a number, or out of its range. `where` (a file's name) opens each message.
  static llvm::Expected<DeviceModel> parse(llvm::StringRef json, llvm::StringRef where);
  /// `nameOrPath` is a preset's name (`cpu`, `h100-sxm`) or a JSON file, which is what a name
  /// with a `/` or ending in `.json` is.
  static llvm::Expected<DeviceModel> load(llvm::StringRef nameOrPath);
  /// The names of the presets, in alphabetical order.
  static llvm::SmallVector<std::string> presets();

  /// JSON, two spaces an indent, ending in a newline; every number reads back exactly.
  void write(llvm::raw_ostream &out) const;

  bool operator==(const DeviceModel &) const = default;
};

} // namespace autopar

#endif // AUTOPAR_COMPILER_DEVICE_DEVICEMODEL_H
