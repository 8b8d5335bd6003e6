// The two formulas that every predicted second comes from.
#include "compiler/cost/CostModel.h"

#include "dialects/dist/Limits.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace autopar {

double opSeconds(const DeviceModel &device, double flops, double bytes, Precision precision) {
  double computing = flops / (device.efficiency * device.peak(precision));
  double moving = bytes / device.memoryBandwidth;
  return std::max(computing, moving) + device.launch;
}

double opSeconds(const DeviceModel &device, llvm::StringRef kind, double flops, double bytes,
                 Precision precision) {
  auto measured = device.operations.find(kind.str());
  if (measured == device.operations.end())
    return opSeconds(device, flops, bytes, precision);
  const MeasuredOperation &price = measured->second;
  return flops * price.perFlop + bytes * price.perByte + price.launch;
}

int64_t wholeNanoseconds(double seconds) {
  const double nanoseconds = seconds * nanosecondsPerSecond;
  return nanoseconds < static_cast<double>(limits::nanoseconds) ? std::llround(nanoseconds)
                                                                : limits::nanoseconds;
}

llvm::Expected<CostModel> CostModel::create(Mesh mesh, DeviceModel device) {
  auto links = device.linksOf(mesh);
  if (!links)
    return links.takeError();
  CostModel model;
  model.theMesh = std::move(mesh);
  model.theDevice = std::move(device);
  model.links = std::move(*links);
  return model;
}

llvm::Expected<CostModel> CostModel::load(Mesh mesh, llvm::StringRef nameOrFile) {
  llvm::Expected<DeviceModel> device = DeviceModel::load(nameOrFile);
  if (!device)
    return device.takeError();
  return create(std::move(mesh), std::move(*device));
}

double CostModel::collectiveSeconds(CollectiveKind kind, double bytes,
                                    llvm::ArrayRef<int> axes) const {
  auto ranks = static_cast<double>(theMesh.groupSize(axes));
  if (ranks == 1)
    return 0;

  // An axis of one rank has a link in the model, but nothing passes over it.
  double bandwidth = std::numeric_limits<double>::infinity(), latency = 0;
  for (int axis : axes) {
    if (theMesh.sizes[axis] == 1)
      continue;
    bandwidth = std::min(bandwidth, links[axis].bandwidth.value);
    latency += links[axis].latency * static_cast<double>(theMesh.sizes[axis] - 1);
  }
  // An all-reduce is a reduce-scatter and an all-gather.
  double rounds = kind == CollectiveKind::AllReduce ? 2 : 1;
  return rounds * ((ranks - 1) / ranks * bytes / bandwidth + latency);
}

} // namespace autopar
