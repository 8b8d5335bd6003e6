// Prices of reshardings: the least there is, by a search of another kind over the rules as they
// are stated, and consistent with each other.
#include "TestDevice.h"
#include "compiler/cost/Resharding.h"

#include "gtest/gtest.h"

#include <algorithm>
#include <cmath>
#include <map>

using namespace autopar;

namespace {

using Shape = llvm::SmallVector<int64_t>;

/// A layout as the rules see it: for each dimension its axes from the outside in, in any order,
/// and the sets of axes that are unreduced or replicated. Orders like S10 can be written here,
/// which is what the search must refuse to pass through.
struct Layout {
  std::vector<std::vector<int>> dims;
  std::vector<int> unreduced, replicated;

  auto operator<=>(const Layout &) const = default;
};

Layout layoutOf(const Spec &spec, int rank, const Mesh &mesh) {
  Layout layout;
  for (int dim = 0; dim < rank; ++dim) {
    Axes axes = spec.splitAxes(dim);
    layout.dims.emplace_back(axes.begin(), axes.end());
  }
  for (int axis = 0; axis < mesh.numAxes(); ++axis)
    if (spec.isUnreduced(axis))
      layout.unreduced.push_back(axis);
    else if (spec.isReplicated(axis) && mesh.sizes[axis] > 1)
      layout.replicated.push_back(axis);
  return layout;
}

/// All prices from one layout, by relaxing every step until nothing changes (Bellman-Ford over
/// layouts found on the way). Steps are stated anew: any ordered choice of axes is pushed onto
/// or popped off a dimension's stack, and only stacks that ascend and divide may remain.
class Exhaustive {
public:
  Exhaustive(const CostModel &costs, Shape shape, double elementBytes)
      : costs(costs), shape(std::move(shape)), elementBytes(elementBytes) {}

  std::map<Layout, int64_t> from(const Layout &start) {
    std::map<Layout, int64_t> best = {{start, 0}};
    for (bool changed = true; changed;) {
      changed = false;
      auto known = best;
      for (const auto &[layout, price] : known)
        for (const auto &[next, cost] : steps(layout)) {
          auto [found, fresh] = best.try_emplace(next, price + cost);
          if (!fresh && found->second <= price + cost)
            continue;
          found->second = price + cost;
          changed = true;
        }
    }
    return best;
  }

private:
  bool allowed(const Layout &layout) const {
    for (size_t dim = 0; dim < shape.size(); ++dim) {
      if (!std::is_sorted(layout.dims[dim].begin(), layout.dims[dim].end()))
        return false;
      int64_t parts = 1;
      for (int axis : layout.dims[dim])
        parts *= costs.mesh().sizes[axis];
      if (shape[dim] % parts != 0)
        return false;
    }
    return true;
  }

  double bytes(const Layout &layout) const {
    double bytes = elementBytes;
    for (size_t dim = 0; dim < shape.size(); ++dim) {
      bytes *= static_cast<double>(shape[dim]);
      for (int axis : layout.dims[dim])
        bytes /= static_cast<double>(costs.mesh().sizes[axis]);
    }
    return bytes;
  }

  /// Ordered choices of one or more of `axes`.
  static std::vector<std::vector<int>> choices(const std::vector<int> &axes) {
    std::vector<std::vector<int>> found = {{}};
    for (size_t i = 0; i < found.size(); ++i)
      for (int axis : axes) {
        auto longer = found[i];
        if (std::find(longer.begin(), longer.end(), axis) != longer.end())
          continue;
        longer.push_back(axis);
        found.push_back(longer);
      }
    found.erase(found.begin());
    return found;
  }

  static void erase(std::vector<int> &axes, const std::vector<int> &gone) {
    std::erase_if(axes, [&](int axis) {
      return std::find(gone.begin(), gone.end(), axis) != gone.end();
    });
  }
  static void add(std::vector<int> &axes, const std::vector<int> &more) {
    axes.insert(axes.end(), more.begin(), more.end());
    std::sort(axes.begin(), axes.end());
  }

  int64_t ps(double seconds) const { return std::llround(seconds * 1e12); }

  std::vector<std::pair<Layout, int64_t>> steps(const Layout &at) const {
    std::vector<std::pair<Layout, int64_t>> found;
    int rank = static_cast<int>(shape.size());
    auto take = [&](const Layout &next, CollectiveKind kind, const std::vector<int> &axes) {
      if (allowed(next))
        found.emplace_back(
            next, ps(costs.collectiveSeconds(kind, std::max(bytes(at), bytes(next)), axes)));
    };

    for (const auto &axes : choices(at.unreduced)) {
      Layout reduced = at;
      erase(reduced.unreduced, axes);
      Layout whole = reduced;
      add(whole.replicated, axes);
      take(whole, CollectiveKind::AllReduce, axes);
      for (int dim = 0; dim < rank; ++dim) {
        Layout scattered = reduced;
        scattered.dims[dim].insert(scattered.dims[dim].end(), axes.begin(), axes.end());
        take(scattered, CollectiveKind::ReduceScatter, axes);
      }
    }

    for (const auto &axes : choices(at.replicated))
      for (int dim = 0; dim < rank; ++dim) {
        Layout sliced = at;
        erase(sliced.replicated, axes);
        sliced.dims[dim].insert(sliced.dims[dim].end(), axes.begin(), axes.end());
        if (allowed(sliced)) // Read and written once.
          found.emplace_back(sliced, ps(2 * bytes(sliced) / costs.device().memoryBandwidth +
                                        costs.device().launch));
      }

    for (int dim = 0; dim < rank; ++dim) {
      Layout popped = at;
      std::vector<int> axes;
      while (!popped.dims[dim].empty()) {
        axes.insert(axes.begin(), popped.dims[dim].back());
        popped.dims[dim].pop_back();
        Layout gathered = popped;
        add(gathered.replicated, axes);
        take(gathered, CollectiveKind::AllGather, axes);
        for (int other = 0; other < rank; ++other) {
          if (other == dim)
            continue;
          Layout exchanged = popped;
          exchanged.dims[other].insert(exchanged.dims[other].end(), axes.begin(), axes.end());
          take(exchanged, CollectiveKind::AllToAll, axes);
        }
      }
    }
    return found;
  }

  const CostModel &costs;
  Shape shape;
  double elementBytes;
};

TEST(ReshardingCost, isTheLeastThereIs) {
  struct Case {
    Mesh mesh;
    Shape shape;
  };
  for (const DeviceModel &device : {evenDevice(), slowOuterDevice()})
    for (const Case &each : {Case{Mesh({2}), {4, 6}}, Case{Mesh({2, 2}), {4, 8}},
                             Case{Mesh({2, 2}), {4, 2, 4096}}, Case{Mesh({2, 3}), {6, 1200}},
                             Case{Mesh({2, 1, 2}), {4, 4}}, Case{Mesh({2, 2, 2}), {8, 1024}}}) {
      CostModel costs = llvm::cantFail(CostModel::create(each.mesh, device));
      Resharder resharder(costs);
      int rank = static_cast<int>(each.shape.size());
      auto specs = enumerateSpecs(each.shape, each.mesh, /*unreduced=*/true);
      auto prices = resharder.costMatrix(each.shape, 4, specs, specs);
      for (size_t i = 0; i < specs.size(); ++i) {
        auto best = Exhaustive(costs, each.shape, 4).from(layoutOf(specs[i], rank, each.mesh));
        for (size_t j = 0; j < specs.size(); ++j) {
          auto found = best.find(layoutOf(specs[j], rank, each.mesh));
          EXPECT_EQ(prices[i * specs.size() + j],
                    found == best.end() ? neverPicoseconds : found->second)
              << each.mesh.str() << ": " << specs[i].str(rank) << " to " << specs[j].str(rank);
        }
      }
    }
}

TEST(ReshardingCost, noDetourIsCheaper) {
  for (const DeviceModel &device : {evenDevice(), slowOuterDevice()}) {
    Shape shape = {8, 64, 16};
    Mesh mesh({2, 4});
    Resharder resharder(llvm::cantFail(CostModel::create(mesh, device)));
    auto specs = enumerateSpecs(shape, mesh, /*unreduced=*/true);
    size_t n = specs.size();
    auto prices = resharder.costMatrix(shape, 4, specs, specs);
    for (size_t i = 0; i < n; ++i) {
      EXPECT_EQ(prices[i * n + i], 0);
      for (size_t j = 0; j < n; ++j)
        for (size_t k = 0; k < n; ++k)
          EXPECT_LE(prices[i * n + k], prices[i * n + j] + prices[j * n + k]);
    }
  }
}

TEST(ReshardingCost, theMatrixIsTheSingleAnswers) {
  Mesh mesh({2, 4});
  Shape shape = {6, 8}; // 6 divides by axis 0 alone.
  Resharder resharder(llvm::cantFail(CostModel::create(mesh, slowOuterDevice())));
  auto from = enumerateSpecs({8, 8}, mesh, /*unreduced=*/true);
  auto to = enumerateSpecs({8, 8}, mesh, /*unreduced=*/false);
  auto prices = resharder.costMatrix(shape, 2, from, to);
  ASSERT_EQ(prices.size(), from.size() * to.size());
  int never = 0;
  for (size_t i = 0; i < from.size(); ++i)
    for (size_t j = 0; j < to.size(); ++j) {
      int64_t price = prices[i * to.size() + j];
      auto path = resharder.path(shape, 2, from[i], to[j]);
      EXPECT_EQ(path.has_value(), price != neverPicoseconds);
      if (path) {
        EXPECT_NEAR(path->seconds * picosecondsPerSecond, static_cast<double>(price), 0.5);
      }
      never += !path;
      bool divides = from[i].localShape(shape, mesh) && to[j].localShape(shape, mesh);
      EXPECT_EQ(path.has_value(), divides);
    }
  EXPECT_GT(never, 0);
}

TEST(ReshardingCost, followsTheFormulas) {
  CostModel costs = llvm::cantFail(CostModel::create(Mesh({2, 4}), evenDevice()));
  Resharder resharder(costs);
  Spec whole = Spec::replicated(2);
  // A tensor of 16 x 8 floats has 512 bytes.
  auto seconds = [&](const Spec &from, const Spec &to) {
    return resharder.path({16, 8}, 4, from, to)->seconds;
  };
  EXPECT_NEAR(seconds(whole.withSplit(1, 0), whole),
              costs.collectiveSeconds(CollectiveKind::AllGather, 512, 1), 1e-12);
  EXPECT_NEAR(seconds(whole.withUnreduced(1), whole),
              costs.collectiveSeconds(CollectiveKind::AllReduce, 512, 1), 1e-12);
  EXPECT_NEAR(seconds(whole.withUnreduced(0), whole.withSplit(0, 1)),
              costs.collectiveSeconds(CollectiveKind::ReduceScatter, 512, 0), 1e-12);
  // Each rank holds a quarter, before and after.
  EXPECT_NEAR(seconds(whole.withSplit(1, 0), whole.withSplit(1, 1)),
              costs.collectiveSeconds(CollectiveKind::AllToAll, 128, 1), 1e-12);
  // A half is read and written.
  EXPECT_NEAR(seconds(whole, whole.withSplit(0, 0)), 1e-7 + 512 / 2e12, 1e-12);
}

TEST(ReshardingCost, aHugePriceIsStillAPrice) {
  DeviceModel device = evenDevice();
  device.links = AxisLinks{Link{{1e300, ""}, {1e-300, ""}}};
  Resharder resharder(llvm::cantFail(CostModel::create(Mesh({2}), device)));
  Spec split = Spec::replicated(1).withSplit(0, 0);
  EXPECT_EQ(resharder.picoseconds({8}, 4, split, Spec::replicated(1)), neverPicoseconds - 1);
}

} // namespace
