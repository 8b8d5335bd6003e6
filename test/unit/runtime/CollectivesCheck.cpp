// Carries out every collective for every way to cut some tensors, one by one
// and in buckets, and compares with slices of the global tensors. A program for
// mpirun, not a GoogleTest: all ranks walk the cases together. Returns 1 when a
// case failed on any rank.

#include "autopar/mpi/CheckMpi.h"
#include "autopar/mpi/Collectives.h"
#include "autopar/mpi/MpiPeers.h"

#include "PeersCheck.h"

#include <algorithm>
#include <cstdio>
#include <cstring>
#include <functional>
#include <string>
#include <vector>

using namespace autopar;

namespace {

/// From 256 KiB on a block travels alone and below it is packed: one of these
/// is above for up to four ranks, with and without rows to interleave.
const std::vector<Shape> shapes = {{12}, {12, 24}, {12, 5, 12}, {3, 12, 12, 2}, {144, 12, 157}};

/// The largest count of one MPI call: the real one, and one so small that
/// larger tensors go in many pieces with a remainder.
constexpr int64_t counts[] = {Collective::maxCount, 10007};

/// A tensor and two of its dimensions to cut.
struct Cut {
  int tensor;
  int from, to;
};

template <typename T> class Cases {
public:
  explicit Cases(const Group &group) : group(group) {
    for (int tensor = 0; tensor < static_cast<int>(shapes.size()); ++tensor) {
      mine.push_back(values(tensor, group.index));
      same.push_back(values(tensor, 0));
      sum.emplace_back(same.back().size());
      for (int rank = 0; rank < group.ranks; ++rank)
        std::ranges::transform(sum.back(), values(tensor, rank), sum.back().begin(),
                               std::plus());
      for (int from = 0; from < shapes[tensor].size(); ++from)
        for (int to = 0; to < shapes[tensor].size(); ++to)
          if (shapes[tensor][from] % group.ranks == 0 && shapes[tensor][to] % group.ranks == 0)
            cuts.push_back({tensor, from, to});
    }
  }

  int failures = 0;
  int checked = 0;

  void run() {
    for (int64_t maxCount : counts)
      for (size_t i = 0; i < cuts.size(); ++i) {
        bucket({cuts[i]}, maxCount);
        if (i % 3 == 0)
          bucket({cuts[i], cuts[(i + 5) % cuts.size()], cuts[(i + 11) % cuts.size()]},
                 maxCount);
      }
  }

private:
  using Buffers = std::vector<std::vector<T>>;

  void bucket(const std::vector<Cut> &bucket, int64_t maxCount) {
    AllReducePlan reduce{group.ranks, type, {}};
    AllGatherPlan gather{group.ranks, type, {}};
    ReduceScatterPlan scatter{group.ranks, type, {}};
    AllToAllPlan exchange{group.ranks, type, {}};
    Buffers partial, sums, sumBlocks, whole, fromBlocks, exchangedFrom, exchangedTo;
    for (const auto &[tensor, from, to] : bucket) {
      const Shape &shape = shapes[tensor];
      const Shape fromBlock = blockShape(shape, from);
      reduce.tensors.push_back(shape);
      partial.push_back(mine[tensor]);
      sums.push_back(sum[tensor]);
      gather.tensors.push_back({fromBlock, from});
      whole.push_back(same[tensor]);
      fromBlocks.push_back(block(whole.back(), shape, from));
      scatter.tensors.push_back({shape, from});
      sumBlocks.push_back(block(sums.back(), shape, from));
      if (from == to)
        continue;
      exchange.tensors.push_back({fromBlock, to, from});
      exchangedFrom.push_back(fromBlocks.back());
      exchangedTo.push_back(block(whole.back(), shape, to));
    }

    Buffers inPlace = partial;
    check("allReduce", AllReduce(group, reduce, maxCount), reduce, inPlace, inPlace, sums);
    Buffers out = sized(whole);
    check("allGather", AllGather(group, gather, maxCount), gather, fromBlocks, out, whole);
    out = sized(sumBlocks);
    check("reduceScatter", ReduceScatter(group, scatter, maxCount), scatter, partial, out,
          sumBlocks);
    if (exchangedFrom.size() != 1 && exchangedFrom.size() != 3)
      return;
    out = sized(exchangedTo);
    check("allToAll", AllToAll(group, exchange, maxCount), exchange, exchangedFrom, out,
          exchangedTo);
  }

  /// Makes the call in a workspace of exactly the bytes that the plan asks for.
  template <typename Call, typename Plan>
  void check(const char *name, const Call &call, const Plan &plan, const Buffers &in,
             Buffers &out, const Buffers &expected) {
    constexpr size_t guard = 64;
    std::vector<unsigned char> workspace(plan.workspaceBytes() + guard, 0xAB);
    invoke(call, in, out, workspace.data());
    bool good = out == expected && call.workspaceBytes() == plan.workspaceBytes();
    for (size_t i = workspace.size() - guard; i < workspace.size(); ++i)
      good &= workspace[i] == 0xAB;
    ++checked;
    failures += !good;
    if (!good)
      std::fprintf(stderr, "rank %d of %d: %s of %zu tensors is wrong, case %d\n", group.index,
                   group.ranks, name, in.size(), checked);
  }

  template <typename Call>
  static void invoke(const Call &call, const Buffers &in, Buffers &out, void *workspace) {
    if (in.size() == 1)
      call({in[0].data()}, {out[0].data()}, workspace);
    else
      call({in[0].data(), in[1].data(), in[2].data()},
           {out[0].data(), out[1].data(), out[2].data()}, workspace);
  }
  static void invoke(const AllReduce &call, const Buffers &, Buffers &out, void *workspace) {
    if (out.size() == 1)
      call({out[0].data()}, workspace);
    else
      call({out[0].data(), out[1].data(), out[2].data()}, workspace);
  }

  /// Small integers, whose sums are exact in any order.
  static std::vector<T> values(int tensor, int rank) {
    std::vector<T> result(elements(shapes[tensor]));
    for (size_t i = 0; i < result.size(); ++i)
      result[i] = static_cast<T>((i * 7 + tensor * 13 + rank * 29) % 1009);
    return result;
  }

  Shape blockShape(Shape shape, int dim) const {
    shape[dim] /= group.ranks;
    return shape;
  }

  /// This rank's block along `dim`.
  std::vector<T> block(const std::vector<T> &whole, const Shape &shape, int dim) const {
    int64_t inner = 1;
    for (int i = dim + 1; i < shape.size(); ++i)
      inner *= shape[i];
    const int64_t size = shape[dim], mine = size / group.ranks;
    std::vector<T> result;
    for (auto row = whole.begin(); row != whole.end(); row += size * inner) {
      const auto begin = row + group.index * mine * inner;
      result.insert(result.end(), begin, begin + mine * inner);
    }
    return result;
  }

  static Buffers sized(const Buffers &like) {
    Buffers result;
    for (const std::vector<T> &buffer : like)
      result.emplace_back(buffer.size(), T(-1));
    return result;
  }

  static constexpr DataType type = sizeof(T) == 8 ? DataType::F64 : DataType::F32;
  const Group &group;
  std::vector<Cut> cuts;
  Buffers mine; ///< each tensor, with values of this rank's own
  Buffers same; ///< each tensor, with the same values on all ranks
  Buffers sum;  ///< of all ranks' `mine`
};

/// Whether fractions, whose sums depend on the order, come out with the same
/// bits on every rank.
bool sumsAgree(const Group &group, int64_t size) {
  std::vector<float> values(size);
  for (int64_t i = 0; i < size; ++i)
    values[i] = 1.0f / static_cast<float>(1 + (i * 31 + group.index * 7919) % 1013);
  AllReduce(group, {.ranks = group.ranks, .tensors = {{size}}})({values.data()}, nullptr);
  std::vector<float> first = values;
  checkMpi(MPI_Bcast(first.data(), static_cast<int>(size), MPI_FLOAT, 0,
                     MpiPeers::communicator(group)));
  return std::memcmp(first.data(), values.data(), size * sizeof(float)) == 0;
}

/// Every group of axes of a mesh.
void checkMesh(Peers &peers, const Mesh &mesh, int totals[2]) {
  const Rank rank(peers, mesh, "collectives-check");
  std::vector<AxisSet> sets = {{}, {0}};
  if (mesh.sizes.size() == 2)
    sets.insert(sets.end(), {AxisSet{1}, AxisSet{0, 1}});
  for (AxisSet axes : sets) {
    const Group group = rank.group(axes);
    if (group.ranks != mesh.blocks(axes) || group.index != rank.block(axes))
      throw std::logic_error("rank " + std::to_string(rank.index()) +
                             " is not where its axes put it");
    Cases<float> singles(group);
    singles.run();
    Cases<double> doubles(group);
    doubles.run();
    for (int64_t size : {7, 5000, 300000}) { // MPI's algorithm varies with the size
      ++totals[0];
      totals[1] += !sumsAgree(group, size);
    }
    totals[0] += singles.checked + doubles.checked;
    totals[1] += singles.failures + doubles.failures;
  }
}

} // namespace

int main(int argc, char **argv) {
  return amongPeers(argc, argv, MpiPeers::join, [](Peers &peers) {
    checkPeers(peers);
    int totals[2] = {0, 0};
    const int64_t ranks = peers.ranks();
    checkMesh(peers, {.sizes = {ranks}, .axes = {"x"}}, totals);
    if (ranks % 2 == 0)
      checkMesh(peers, {.sizes = {2, ranks / 2}, .axes = {"x", "y"}}, totals);
    checkMpi(MPI_Allreduce(MPI_IN_PLACE, totals, 2, MPI_INT, MPI_SUM, MPI_COMM_WORLD));
    if (peers.index() == 0)
      std::printf("%d ranks: %d checks, %d failed\n", peers.ranks(), totals[0], totals[1]);
    return totals[0] > 0 && totals[1] == 0 ? 0 : 1;
  });
}
