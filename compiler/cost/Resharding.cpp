// The states of one shape are its Specs, the edges are the steps that lead from one to another.
// Both are laid out once a shape; a Dijkstra from each Spec that is asked about fills a row.
#include "compiler/cost/Resharding.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/STLFunctionalExtras.h"
#include "llvm/ADT/SmallVectorExtras.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <limits>
#include <queue>
#include <tuple>

namespace autopar {

llvm::StringRef name(ReshardStep::Kind kind) {
  switch (kind) {
  case ReshardStep::Kind::AllGather:
    return "all_gather";
  case ReshardStep::Kind::ReduceScatter:
    return "reduce_scatter";
  case ReshardStep::Kind::AllReduce:
    return "all_reduce";
  case ReshardStep::Kind::AllToAll:
    return "all_to_all";
  case ReshardStep::Kind::Slice:
    return "slice";
  }
  llvm_unreachable("no such step");
}

namespace {

constexpr int64_t dearest = neverPicoseconds - 1;

int64_t toPicoseconds(double seconds) {
  double picoseconds = std::round(seconds * picosecondsPerSecond);
  return picoseconds < static_cast<double>(dearest) ? static_cast<int64_t>(picoseconds)
                                                    : dearest;
}

/// Each non-empty choice among `axes`, ascending.
void forEachSubset(const Axes &axes, llvm::function_ref<void(const Axes &)> visit) {
  for (unsigned chosen = 1; chosen < 1u << axes.size(); ++chosen) {
    Axes subset;
    for (size_t i = 0; i < axes.size(); ++i)
      if (chosen >> i & 1)
        subset.push_back(axes[i]);
    visit(subset);
  }
}

/// Each of the innermost k of `axes`, for k from 1.
void forEachInnermost(const Axes &axes, llvm::function_ref<void(const Axes &)> visit) {
  for (size_t k = 1; k <= axes.size(); ++k)
    visit(Axes(axes.end() - k, axes.end()));
}

Axes replicatedAxes(const Spec &spec, const Mesh &mesh) {
  Axes axes;
  for (int axis = 0; axis < spec.numAxes(); ++axis)
    if (spec.isReplicated(axis) && mesh.sizes[axis] > 1)
      axes.push_back(axis);
  return axes;
}

/// `axes` can become the innermost that split `dim`: blocks are row-major over ascending axes.
bool fitInside(const Spec &spec, const Axes &axes, int dim) {
  Axes outer = spec.splitAxes(dim);
  return outer.empty() || outer.back() < axes.front();
}

Spec moved(Spec spec, const Axes &axes, llvm::function_ref<Spec(Spec, int)> move) {
  for (int axis : axes)
    spec = move(spec, axis);
  return spec;
}

Spec split(const Spec &spec, const Axes &axes, int dim) {
  return moved(spec, axes, [dim](Spec s, int axis) { return s.withSplit(axis, dim); });
}

Spec replicate(const Spec &spec, const Axes &axes) {
  return moved(spec, axes, [](Spec s, int axis) { return s.withReplicated(axis); });
}

/// Every step out of `spec`, by rules alone: `result` may still not divide the shape, and the
/// price is not set.
void forEachStep(const Spec &spec, int rank, const Mesh &mesh,
                 llvm::function_ref<void(ReshardStep)> visit) {
  using Kind = ReshardStep::Kind;
  for (int dim = 0; dim < rank; ++dim)
    forEachInnermost(spec.splitAxes(dim), [&](const Axes &axes) {
      Spec gathered = replicate(spec, axes);
      visit({.kind = Kind::AllGather, .axes = axes, .dim = dim, .result = gathered});
      for (int other = 0; other < rank; ++other)
        if (other != dim && fitInside(spec, axes, other))
          visit({.kind = Kind::AllToAll,
                 .axes = axes,
                 .dim = dim,
                 .otherDim = other,
                 .result = split(gathered, axes, other)});
    });

  forEachSubset(spec.unreducedAxes(), [&](const Axes &axes) {
    visit({.kind = Kind::AllReduce, .axes = axes, .result = replicate(spec, axes)});
    for (int dim = 0; dim < rank; ++dim)
      if (fitInside(spec, axes, dim))
        visit({.kind = Kind::ReduceScatter,
               .axes = axes,
               .dim = dim,
               .result = split(spec, axes, dim)});
  });

  forEachSubset(replicatedAxes(spec, mesh), [&](const Axes &axes) {
    for (int dim = 0; dim < rank; ++dim)
      if (fitInside(spec, axes, dim))
        visit(
            {.kind = Kind::Slice, .axes = axes, .dim = dim, .result = split(spec, axes, dim)});
  });
}

double stepSeconds(const CostModel &costs, const ReshardStep &step, double bytesBefore,
                   double bytesAfter) {
  auto collective = [&](CollectiveKind kind) {
    return costs.collectiveSeconds(kind, std::max(bytesBefore, bytesAfter), step.axes);
  };
  switch (step.kind) {
  case ReshardStep::Kind::AllGather:
    return collective(CollectiveKind::AllGather);
  case ReshardStep::Kind::ReduceScatter:
    return collective(CollectiveKind::ReduceScatter);
  case ReshardStep::Kind::AllReduce:
    return collective(CollectiveKind::AllReduce);
  case ReshardStep::Kind::AllToAll:
    return collective(CollectiveKind::AllToAll);
  case ReshardStep::Kind::Slice: // Reads and writes what remains; nothing is computed.
    return costs.opSeconds(0, 2 * bytesAfter, Precision::F32);
  }
  llvm_unreachable("no such step");
}

} // namespace

/// All Specs of one shape, the steps between them, and the rows that were asked for.
class Resharder::States {
public:
  /// What it takes to get from one Spec to each state.
  struct Row {
    std::vector<int64_t> picoseconds; ///< By state; never where there is no path.
    std::vector<int> lastStep;        ///< By state, into `steps`; -1 at the start.
  };

  States(const CostModel &costs, llvm::ArrayRef<int64_t> shape, int64_t elementBytes)
      : mesh(costs.mesh()), places(static_cast<int>(shape.size()) + 2),
        specs(enumerateSpecs(shape, mesh, /*unreduced=*/true)) {
    int keys = 1;
    for (int axis = 0; axis < mesh.numAxes(); ++axis)
      keys *= places;
    stateByKey.assign(keys, -1);
    std::vector<double> bytes;
    for (auto [state, spec] : llvm::enumerate(specs)) {
      stateByKey[key(spec)] = static_cast<int>(state);
      auto local = spec.localShape(shape, mesh);
      bytes.push_back(static_cast<double>(elementBytes));
      for (int64_t size : *local)
        bytes.back() *= static_cast<double>(size);
    }

    for (auto [state, spec] : llvm::enumerate(specs)) {
      firstStep.push_back(static_cast<int>(steps.size()));
      forEachStep(
          spec, static_cast<int>(shape.size()), mesh, [&, from = int(state)](ReshardStep step) {
            int to = stateOf(step.result);
            if (to < 0)
              return;
            int64_t price = toPicoseconds(stepSeconds(costs, step, bytes[from], bytes[to]));
            step.seconds = static_cast<double>(price) / picosecondsPerSecond;
            steps.push_back({from, to, price, std::move(step)});
          });
    }
    firstStep.push_back(static_cast<int>(steps.size()));
    rows.resize(specs.size());
  }

  /// The state of a Spec, canonical or not; -1 when it does not divide the shape.
  int stateOf(const Spec &spec) const {
    int at = key(spec.canonical(mesh));
    return at < 0 ? -1 : stateByKey[at];
  }

  /// Cheapest ways out of a state, fewest steps first among equals.
  const Row &row(int from) {
    if (!rows[from])
      rows[from] = std::make_unique<Row>(search(from));
    return *rows[from];
  }

  ReshardPath path(int from, int to) {
    const Row &way = row(from);
    ReshardPath path;
    path.seconds = static_cast<double>(way.picoseconds[to]) / picosecondsPerSecond;
    for (int at = to; at != from; at = steps[way.lastStep[at]].from)
      path.steps.push_back(steps[way.lastStep[at]].step);
    std::reverse(path.steps.begin(), path.steps.end());
    return path;
  }

private:
  struct PricedStep {
    int from, to;
    int64_t picoseconds;
    ReshardStep step;
  };

  /// A number for where each axis lies, in base `places`; -1 when the dimension does not exist.
  int key(const Spec &spec) const {
    int key = 0;
    for (int axis = 0; axis < spec.numAxes(); ++axis) {
      int place = spec.isUnreduced(axis) ? 0 : spec.dim(axis).value_or(-1) + 2;
      if (place >= places)
        return -1;
      key = key * places + place;
    }
    return key;
  }

  Row search(int from) const {
    Row row{std::vector<int64_t>(specs.size(), neverPicoseconds),
            std::vector<int>(specs.size(), -1)};
    std::vector<int> count(specs.size(), std::numeric_limits<int>::max());
    std::vector<bool> settled(specs.size(), false);

    using Entry = std::tuple<int64_t, int, int>; // Price, number of steps, state.
    std::priority_queue<Entry, std::vector<Entry>, std::greater<>> open;
    row.picoseconds[from] = 0;
    count[from] = 0;
    open.emplace(0, 0, from);
    while (!open.empty()) {
      int at = std::get<2>(open.top());
      open.pop();
      if (settled[at])
        continue;
      settled[at] = true;
      for (int i = firstStep[at]; i < firstStep[at + 1]; ++i) {
        const PricedStep &step = steps[i];
        int64_t price = std::min(row.picoseconds[at] + step.picoseconds, dearest);
        if (std::pair(price, count[at] + 1) >=
            std::pair(row.picoseconds[step.to], count[step.to]))
          continue;
        row.picoseconds[step.to] = price;
        row.lastStep[step.to] = i;
        count[step.to] = count[at] + 1;
        open.emplace(price, count[step.to], step.to);
      }
    }
    return row;
  }

  Mesh mesh;
  int places; ///< Where an axis can lie: unreduced, replicated, or on a dimension.
  llvm::SmallVector<Spec> specs;
  std::vector<int> stateByKey;
  std::vector<PricedStep> steps; ///< By the state they leave.
  std::vector<int> firstStep;    ///< By state, into `steps`; one more at the end.
  std::vector<std::unique_ptr<Row>> rows;
};

Resharder::Resharder(CostModel costs) : model(std::move(costs)) {}
Resharder::~Resharder() = default;
Resharder::Resharder(Resharder &&) noexcept = default;
Resharder &Resharder::operator=(Resharder &&) noexcept = default;

Resharder::States &Resharder::statesOf(llvm::ArrayRef<int64_t> shape, int64_t elementBytes) {
  assert(elementBytes > 0 && "an element has a size");
  std::vector<int64_t> key = {elementBytes};
  key.insert(key.end(), shape.begin(), shape.end());
  auto &states = memo[std::move(key)];
  if (!states)
    states = std::make_unique<States>(model, shape, elementBytes);
  return *states;
}

std::optional<ReshardPath> Resharder::path(llvm::ArrayRef<int64_t> shape, int64_t elementBytes,
                                           Spec from, Spec to) {
  States &states = statesOf(shape, elementBytes);
  int first = states.stateOf(from), last = states.stateOf(to);
  if (first < 0 || last < 0 || states.row(first).picoseconds[last] == neverPicoseconds)
    return std::nullopt;
  return states.path(first, last);
}

int64_t Resharder::picoseconds(llvm::ArrayRef<int64_t> shape, int64_t elementBytes, Spec from,
                               Spec to) {
  return costMatrix(shape, elementBytes, from, to).front();
}

std::vector<int64_t> Resharder::costMatrix(llvm::ArrayRef<int64_t> shape, int64_t elementBytes,
                                           llvm::ArrayRef<Spec> from, llvm::ArrayRef<Spec> to) {
  States &states = statesOf(shape, elementBytes);
  llvm::SmallVector<int> columns =
      llvm::map_to_vector(to, [&](const Spec &spec) { return states.stateOf(spec); });
  std::vector<int64_t> prices;
  prices.reserve(from.size() * to.size());
  for (const Spec &spec : from) {
    int first = states.stateOf(spec);
    for (int last : columns)
      prices.push_back(first < 0 || last < 0 ? neverPicoseconds
                                             : states.row(first).picoseconds[last]);
  }
  return prices;
}

} // namespace autopar
