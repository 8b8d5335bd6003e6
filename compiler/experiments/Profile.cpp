// See Profile.h.
#include "compiler/experiments/Profile.h"

#include "compiler/experiments/Columns.h"
#include "compiler/experiments/LeastSquares.h"
#include "compiler/json/Json.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Path.h"

#include <map>

using llvm::formatv;

namespace autopar {

llvm::Expected<CallSeconds> readCallSeconds(llvm::StringRef text) {
  llvm::Expected<llvm::json::Value> json = parseJson(text);
  if (!json)
    return json.takeError();
  const llvm::json::Object *object = json->getAsObject();
  const llvm::json::Array *list = object ? object->getArray("calls") : nullptr;
  if (!list)
    return llvm::createStringError("the times of the calls have no list 'calls'");
  CallSeconds calls;
  for (const llvm::json::Value &value : *list) {
    const llvm::json::Object *call = value.getAsObject();
    std::optional<llvm::StringRef> name = call ? call->getString("name") : std::nullopt;
    std::optional<double> seconds = call ? call->getNumber("seconds") : std::nullopt;
    if (!name || !seconds)
      return llvm::createStringError("a call has no name or no seconds");
    calls[*name] += *seconds;
  }
  return calls;
}

namespace {

/// A predicted operation and what its call took.
struct Timed {
  const PredictedOp *op;
  double seconds;
};

class Profiler {
public:
  Profiler(const Compilation &plan, const CallSeconds &calls, double stepSeconds,
           const DeviceModel &base, llvm::StringRef source)
      : plan(plan), calls(calls), source(source.str()) {
    profile.device = base;
    profile.stepSeconds = stepSeconds;
  }

  Profile run(llvm::StringRef name) {
    profile.device.name = name.str();
    for (const auto &call : calls)
      profile.callSeconds += call.second;
    const double scale =
        profile.callSeconds > 0 ? profile.stepSeconds / profile.callSeconds : 1;
    for (const PredictedOp &op : plan.program.prediction.ops)
      if (auto call = calls.find(op.name); call != calls.end()) {
        (op.axes.empty() ? operations : moves)[op.kind].push_back({&op, scale * call->second});
        profile.explainedSeconds += scale * call->second;
        profile.secondsBefore += op.seconds;
      }
    for (const auto &[kind, timed] : operations)
      priceOperations(kind, timed);
    priceLinks();
    priceMoves();
    llvm::sort(profile.kinds, [](const auto &a, const auto &b) {
      return std::pair(-a.measured, a.name) < std::pair(-b.measured, b.name);
    });
    return std::move(profile);
  }

private:
  Figure figure(double value) const { return {value, source}; }

  void priceOperations(llvm::StringRef kind, const std::vector<Timed> &timed) {
    std::vector<Sample> samples;
    for (const Timed &one : timed)
      samples.push_back({{one.op->flops, one.op->traffic, 1}, one.seconds});
    auto [perFlop, perByte, launch] = fitPrices(samples);
    profile.device.operations[kind.str()] = {figure(perFlop), figure(perByte), figure(launch)};
    Profile::Kind line{kind.str(), int64_t(timed.size())};
    for (const Timed &one : timed) {
      line.measured += one.seconds;
      line.before += one.op->seconds;
      line.after += one.op->flops * perFlop + one.op->traffic * perByte + launch;
    }
    add(std::move(line));
  }

  /// The axes that a collective is over, by their letters.
  llvm::SmallVector<int> axesOf(const PredictedOp &op) const {
    llvm::SmallVector<int> axes;
    for (int axis = 0; axis < plan.mesh.numAxes(); ++axis)
      if (llvm::StringRef(op.axes).contains(plan.mesh.names[axis]))
        axes.push_back(axis);
    return axes;
  }

  /// What a collective is made of, as the cost model counts: bytes over the link, latencies.
  std::optional<Sample> sampleOf(const Timed &timed) const {
    if (timed.op->kind == "slice")
      return std::nullopt; // a copy on one rank
    double ranks = 1, hops = 0;
    for (int axis : axesOf(*timed.op)) {
      ranks *= double(plan.mesh.sizes[axis]);
      hops += double(plan.mesh.sizes[axis] - 1);
    }
    double rounds = timed.op->kind == "all_reduce" ? 2 : 1;
    return Sample{{rounds * (ranks - 1) / ranks * timed.op->bytes, rounds * hops, 0},
                  timed.seconds};
  }

  /// An axis is priced by the collectives over it alone; where there are none, by all that it
  /// takes part in.
  void priceLinks() {
    llvm::Expected<llvm::SmallVector<Link, maxMeshAxes>> before =
        profile.device.linksOf(plan.mesh);
    if (!before) { // the plan could not have been made
      llvm::consumeError(before.takeError());
      return;
    }
    AxisLinks links(before->begin(), before->end());
    bool isMeasured = false;
    for (auto [axis, link] : llvm::enumerate(links)) {
      std::vector<Sample> alone, any;
      for (const auto &[kind, timed] : moves)
        for (const Timed &one : timed) {
          std::optional<Sample> sample = sampleOf(one);
          llvm::SmallVector<int> axes = axesOf(*one.op);
          if (!sample || !llvm::is_contained(axes, int(axis)))
            continue;
          any.push_back(*sample);
          if (axes.size() == 1)
            alone.push_back(*sample);
        }
      auto [perByte, latency, unused] = fitPrices(alone.empty() ? any : alone);
      if (perByte <= 0)
        continue; // no bytes were seen to cost anything
      link = {figure(latency), figure(1 / perByte)};
      isMeasured = true;
    }
    if (isMeasured)
      profile.device.links = std::move(links);
  }

  void priceMoves() {
    llvm::Expected<CostModel> costs = CostModel::create(plan.mesh, profile.device);
    if (!costs) {
      llvm::consumeError(costs.takeError());
      return;
    }
    const std::map<llvm::StringRef, CollectiveKind> kinds = {
        {"all_reduce", CollectiveKind::AllReduce},
        {"all_gather", CollectiveKind::AllGather},
        {"reduce_scatter", CollectiveKind::ReduceScatter},
        {"all_to_all", CollectiveKind::AllToAll}};
    for (const auto &[kind, timed] : moves) {
      Profile::Kind line{kind, int64_t(timed.size())};
      auto collective = kinds.find(kind);
      for (const Timed &one : timed) {
        line.measured += one.seconds;
        line.before += one.op->seconds;
        line.after +=
            collective == kinds.end()
                ? one.op->seconds
                : costs->collectiveSeconds(collective->second, one.op->bytes, axesOf(*one.op));
      }
      add(std::move(line));
    }
  }

  void add(Profile::Kind line) {
    profile.secondsAfter += line.after;
    profile.kinds.push_back(std::move(line));
  }

  const Compilation &plan;
  const CallSeconds &calls;
  const std::string source;
  /// By kind: what computes, and what moves data between ranks.
  std::map<std::string, std::vector<Timed>> operations, moves;
  Profile profile;
};

} // namespace

Profile makeProfile(const Compilation &plan, const CallSeconds &calls, double stepSeconds,
                    const DeviceModel &base, llvm::StringRef name, llvm::StringRef source) {
  return Profiler(plan, calls, stepSeconds, base, source).run(name);
}

llvm::Expected<Profile> measureProfile(const Compilation &plan, const CompileOptions &options,
                                       llvm::StringRef model, llvm::StringRef name,
                                       llvm::StringRef folder, const RunOptions &run) {
  llvm::Expected<DeviceModel> base =
      DeviceModel::load(options.device.empty() ? plan.device : options.device);
  if (!base)
    return base.takeError();
  constexpr llvm::StringLiteral file = "calls.json";
  llvm::SmallString<128> times(folder);
  if (std::error_code error = llvm::sys::fs::make_absolute(times))
    return llvm::createStringError("'" + folder + "': " + error.message());
  llvm::sys::path::append(times, file);
  if (llvm::Error error = buildPlan(plan, options, model, folder, times))
    return error;
  CallSeconds calls;
  double stepSeconds = std::numeric_limits<double>::infinity();
  for (int64_t round = 0; round < run.rounds; ++round) {
    llvm::Expected<Measurement> measured = runPlan(plan.mesh.numRanks(), folder, run);
    if (!measured)
      return measured.takeError();
    if (measured->medianSeconds() >= stepSeconds)
      continue;
    stepSeconds = measured->medianSeconds();
    auto text = llvm::MemoryBuffer::getFile(times);
    if (!text)
      return llvm::createStringError("'" + times +
                                     "' cannot be read: " + text.getError().message());
    if (llvm::Error error = readCallSeconds((*text)->getBuffer()).moveInto(calls))
      return error;
  }
  std::string source = formatv("autopar-profile: {0}, mesh {1}, fitted to the calls' medians "
                               "over {2} steps, the quickest of {3} runs",
                               model, plan.mesh.str(), run.steps - 1, run.rounds);
  return makeProfile(plan, calls, stepSeconds, *base, name, source);
}

static std::string milliseconds(double seconds) { return formatv("{0:f3} ms", seconds * 1e3); }

void printProfile(const Profile &profile, llvm::raw_ostream &out) {
  std::vector<std::vector<std::string>> lines = {
      {"kind", "operations", "measured", "predicted before", "predicted now"}};
  for (const Profile::Kind &kind : profile.kinds)
    lines.push_back({kind.name, std::to_string(kind.operations), milliseconds(kind.measured),
                     milliseconds(kind.before), milliseconds(kind.after)});
  printAligned(lines, out);
  out << formatv(
      "a step: {0} measured, its calls {1}; operations that are priced: {2} measured, "
      "predicted {3} before, {4} now\n",
      milliseconds(profile.stepSeconds), milliseconds(profile.callSeconds),
      milliseconds(profile.explainedSeconds), milliseconds(profile.secondsBefore),
      milliseconds(profile.secondsAfter));
}

} // namespace autopar
