// See Roofline.h.
#include "compiler/report/Roofline.h"

#include "dialects/dist/Dist.h"
#include "dialects/graph/Graph.h"
#include "dialects/rt/Launches.h"
#include "passes/Passes.h"

#include "llvm/ADT/MapVector.h"
#include "llvm/ADT/StringSwitch.h"
#include "llvm/Support/Format.h"
#include "llvm/Support/FormatVariadic.h"

#include <algorithm>

using namespace mlir;
using llvm::formatv;

namespace autopar {
namespace {

Precision precisionOf(const rt::Launch &launch) {
  if (launch.arithmetic && launch.arithmetic.isBF16())
    return Precision::BF16;
  if (launch.arithmetic && launch.arithmetic.isF16())
    return Precision::F16;
  return launch.tf32 ? Precision::TF32 : Precision::F32;
}

/// Seconds of a collective over its axes' links.
double collectiveSeconds(rt::CallOp call, const CostModel &costs) {
  const CollectiveKind kind = llvm::StringSwitch<CollectiveKind>(call.getCallee())
                                  .Case("AllReduce", CollectiveKind::AllReduce)
                                  .Case("AllGather", CollectiveKind::AllGather)
                                  .Case("ReduceScatter", CollectiveKind::ReduceScatter)
                                  .Default(CollectiveKind::AllToAll);
  const auto bytesOf = [](ValueRange values) {
    double sum = 0;
    for (Type type : values.getTypes())
      sum += double(rt::bytesOf(type));
    return sum;
  };
  const auto axes = call.getConfig().getAs<DenseI64ArrayAttr>("axes").asArrayRef();
  return costs.collectiveSeconds(
      kind, std::max(bytesOf(call.getInputs()), bytesOf(call.getOutputs())),
      SmallVector<int>(axes.begin(), axes.end()));
}

void addLaunches(rt::CallOp call, const CostModel &costs, int64_t times, Roofline &roofline) {
  const DeviceModel &device = costs.device();
  for (const rt::Launch &launch : rt::launchesOf(call)) {
    const double moving = launch.bytes / device.memoryBandwidth;
    const double computing = launch.flops / device.peak(precisionOf(launch));
    const double talking = call.isCollective() ? collectiveSeconds(call, costs) : 0;
    const double seconds = std::max({moving, computing, talking});
    roofline.launches.push_back({nameOf(call.getOperation()), launch.work.str(), launch.bytes,
                                 launch.flops, seconds, seconds == moving, times});
  }
}

void addCalls(func::FuncOp function, const CostModel &costs, int64_t times,
              Roofline &roofline) {
  for (rt::CallOp call : function.getOps<rt::CallOp>()) {
    roofline.calls += times;
    addLaunches(call, costs, times, roofline);
  }
}

struct Sum {
  int64_t launches = 0;
  double bytes = 0, flops = 0, seconds = 0;

  void add(const Roofline::Launch &launch) {
    launches += launch.times;
    bytes += launch.bytes * launch.times;
    flops += launch.flops * launch.times;
    seconds += launch.seconds * launch.times;
  }
};

} // namespace

Roofline rooflineOf(ModuleOp program, const CostModel &costs) {
  Roofline roofline;
  func::FuncOp update = findProgram(program, updateFunctionName);
  int64_t times = 1;
  if (auto batches = program->getAttrOfType<IntegerAttr>(graph::microBatchesAttrName))
    times = update ? batches.getInt() : 1;
  addCalls(findProgram(program, stepFunctionName), costs, times, roofline);
  if (update)
    addCalls(update, costs, 1, roofline);
  return roofline;
}

void printRoofline(const Roofline &roofline, const CostModel &costs, llvm::raw_ostream &out) {
  const DeviceModel &device = costs.device();
  out << formatv("roofline: launches of a step at the limits of {0}, {1:f2} TB/s and {2:f1} "
                 "TFLOP/s in bf16; counts, not times\n",
                 device.name, device.memoryBandwidth / 1e12,
                 device.peak(Precision::BF16) / 1e12);
  size_t nameWidth = 4, workWidth = 6;
  for (const Roofline::Launch &launch : roofline.launches) {
    nameWidth = std::max(nameWidth, launch.call.size());
    workWidth = std::max(workWidth, launch.work.size());
  }
  const auto names = [&](StringRef name, StringRef work) {
    out << "  " << llvm::left_justify(name, nameWidth) << "  "
        << llvm::left_justify(work, workWidth);
  };
  names("call", "launch");
  out << formatv("  {0,5}  {1,14}  {2,16}  {3,10}  limit\n", "times", "bytes", "FLOPs", "us");
  llvm::MapVector<StringRef, Sum> byWork;
  Sum all;
  for (const Roofline::Launch &launch : roofline.launches) {
    names(launch.call, launch.work);
    out << formatv("  {0,5}  {1,14:f0}  {2,16:f0}  {3,10:f2}  {4}\n", launch.times,
                   launch.bytes, launch.flops, launch.seconds * 1e6,
                   launch.isByMemory ? "memory" : "compute");
    byWork[launch.work].add(launch);
    all.add(launch);
  }
  auto sums = byWork.takeVector();
  llvm::stable_sort(sums, [](const auto &a, const auto &b) {
    return a.second.seconds > b.second.seconds;
  });
  out << "roofline by kind of launch\n";
  const auto line = [&](StringRef name, const Sum &sum) {
    out << "  " << llvm::left_justify(name, workWidth)
        << formatv("  {0,5}  {1,9:f3} GB  {2,11:f3} GFLOP  {3,9:f3} ms\n", sum.launches,
                   sum.bytes / 1e9, sum.flops / 1e9, sum.seconds * 1e3);
  };
  for (const auto &[work, sum] : sums)
    line(work, sum);
  line("all", all);
  out << formatv("roofline in all: {0} calls, {1} launches, {2:f3} GB, {3:f3} TFLOP, {4:f3} ms "
                 "at the limits\n",
                 roofline.calls, all.launches, all.bytes / 1e9, all.flops / 1e12,
                 all.seconds * 1e3);
}

} // namespace autopar
