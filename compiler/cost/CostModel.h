// What an operation or a collective costs in seconds, from the device model's figures. One
// place, so that the sharding problem, the report and the prediction in the emitted program
// agree.
#ifndef AUTOPAR_COMPILER_COST_COSTMODEL_H
#define AUTOPAR_COMPILER_COST_COSTMODEL_H

#include "compiler/device/DeviceModel.h"
#include "dialects/dist/CollectiveKind.h"
#include "dialects/dist/Spec.h"

#include "llvm/ADT/ArrayRef.h"
#include "llvm/Support/Error.h"

#include <cstdint>

namespace autopar {

/// Seconds of one operation on one rank: it computes and moves data at once, after its launch.
///   max(flops / (efficiency * peak), bytes / memoryBandwidth) + launch
/// `flops` counts a multiply-add as two; `bytes` is what this rank reads plus what it writes.
double opSeconds(const DeviceModel &device, double flops, double bytes, Precision precision);

/// The same for an operation of a kind (`conv2d`), which has prices of its own where the device
/// was measured.
double opSeconds(const DeviceModel &device, llvm::StringRef kind, double flops, double bytes,
                 Precision precision);

/// Whole nanoseconds are the unit of all solvers: fine enough to tell strategies apart, coarse
/// enough that a bound, rounded up, proves an optimum.
inline constexpr double nanosecondsPerSecond = 1e9;
/// What takes longer than limits::nanoseconds, or has no length, counts as that long.
int64_t wholeNanoseconds(double seconds);
/// A solver's cost, or a bound of one.
template <typename Cost> double secondsOf(Cost nanoseconds) {
  return static_cast<double>(nanoseconds) / nanosecondsPerSecond;
}

/// A device on a mesh. Costs of operations and of collectives over axes of the mesh.
class CostModel {
public:
  /// Fails when the device has no links for one of the mesh's axes.
  static llvm::Expected<CostModel> create(Mesh mesh, DeviceModel device);
  /// The same for the device of this name, a preset, or file.
  static llvm::Expected<CostModel> load(Mesh mesh, llvm::StringRef nameOrFile);

  const Mesh &mesh() const { return theMesh; }
  const DeviceModel &device() const { return theDevice; }
  /// What joins the ranks of `axis`.
  const Link &link(int axis) const { return links[axis]; }

  double opSeconds(double flops, double bytes, Precision precision) const {
    return autopar::opSeconds(theDevice, flops, bytes, precision);
  }
  double opSeconds(llvm::StringRef kind, double flops, double bytes,
                   Precision precision) const {
    return autopar::opSeconds(theDevice, kind, flops, bytes, precision);
  }

  /// Seconds of one collective over all of `axes` together (n ranks, the product of their
  /// sizes):
  ///
  ///   all-gather,      (n-1)/n bytes / bandwidth   +   sum (size-1) latency
  ///     reduce-scatter, all-to-all
  ///   all-reduce       2 (n-1)/n bytes / bandwidth + 2 sum (size-1) latency
  ///
  /// with the bandwidth of the slowest axis of size > 1, and the sum over the axes: a ring
  /// takes size-1 steps. `bytes` is the larger of one rank's input and output, which is what
  /// the group holds together: the gathered result, the input of a reduce-scatter, the buffer
  /// of an all-reduce. An all-to-all's input and output are both of `bytes`. No ranks to talk
  /// to: 0.
  double collectiveSeconds(CollectiveKind kind, double bytes, llvm::ArrayRef<int> axes) const;

private:
  CostModel() = default;

  Mesh theMesh;
  DeviceModel theDevice;
  llvm::SmallVector<Link, maxMeshAxes> links;
};

} // namespace autopar

#endif // AUTOPAR_COMPILER_COST_COSTMODEL_H
