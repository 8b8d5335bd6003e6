// See Network.h.
#include "autopar/cuda/Network.h"

#include "autopar/cuda/nccl/Check.h"

#include <chrono>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

using namespace autopar;
using namespace autopar::cuda;

// Whether communicators can be split off another one, and share its buffers.
#if NCCL_VERSION_CODE >= NCCL_VERSION(2, 18, 1)
static constexpr bool canSplit = true;

static ncclComm *makeShared(const Rank &rank) {
  ncclUniqueId mine = {};
  if (rank.index() == 0)
    check(ncclGetUniqueId(&mine));
  const ncclUniqueId id = rank.peers().allGather(mine)[0];
  ncclConfig_t config = NCCL_CONFIG_INITIALIZER;
  config.splitShare = 1;
  ncclComm *made = nullptr;
  check(ncclCommInitRankConfig(&made, rank.ranks(), id, rank.index(), &config));
  return made;
}

static ncclComm *splitOff(ncclComm *from, int color, int index) {
  ncclComm *made = nullptr;
  check(ncclCommSplit(from, color, index, &made, /*config=*/nullptr));
  return made;
}
#else
static constexpr bool canSplit = false;
static ncclComm *makeShared(const Rank &) { return nullptr; }
static ncclComm *splitOff(ncclComm *, int, int) { return nullptr; }
#endif

/// All sets of a mesh's axes, but for the empty one.
static std::vector<AxisSet> setsOfAxes(const Mesh &mesh) {
  std::vector<AxisSet> sets;
  for (int axis = 0; axis < mesh.sizes.size(); ++axis) {
    const size_t before = sets.size();
    sets.push_back({axis});
    for (size_t i = 0; i < before; ++i)
      sets.push_back(sets[i] | AxisSet{axis});
  }
  return sets;
}

Network::Network(Rank &rank, Transport transport, double patience)
    : rank(rank), way(transport), patience(patience) {
  if (way != Transport::Nccl || rank.ranks() == 1 || !canSplit)
    return;
  world = makeShared(rank);
  for (AxisSet axes : setsOfAxes(rank.mesh()))
    if (rank.group(axes).ranks > 1)
      group(axes);
}

std::byte *Network::allocate(size_t bytes) {
  if (way != Transport::Nccl || rank.ranks() == 1 || window)
    return nullptr;
  window = Window::allocate(rank.peers(), bytes);
  if (!window)
    return nullptr;
  if (world)
    window->registerWith(world);
  for (const auto &[axes, communicator] : communicators)
    if (communicator.nccl != world)
      window->registerWith(communicator.nccl);
  return window->data();
}

bool Network::release(std::byte *memory) noexcept {
  if (!window || window->data() != memory)
    return false;
  window = nullptr;
  return true;
}

Network::~Network() {
  window = nullptr;
  for (const auto &[axes, communicator] : communicators)
    if (communicator.nccl && communicator.nccl != world)
      ncclCommDestroy(communicator.nccl);
  if (world)
    ncclCommDestroy(world);
}

/// The group's rank of index 0, by its number among all.
static int firstOf(const Group &group) {
  const Place &mine = *group.rank;
  int first = mine.index();
  int64_t stride = 1;
  for (int axis = mine.mesh().sizes.size() - 1; axis >= 0; --axis) {
    if (group.axes.contains(axis))
      first -= static_cast<int>(mine.coordinate(axis) * stride);
    stride *= mine.mesh().sizes[axis];
  }
  return first;
}

ncclComm *Network::communicatorOf(const Group &group) {
  if (world && group.ranks == rank.ranks())
    return world;
  if (world)
    return splitOff(world, firstOf(group), group.index);
  // Each group's first rank makes its id; all groups over these axes are made at once.
  ncclUniqueId mine = {};
  if (group.index == 0)
    check(ncclGetUniqueId(&mine));
  const ncclUniqueId id = rank.peers().allGather(mine)[firstOf(group)];
  ncclComm *made = nullptr;
  check(ncclCommInitRank(&made, group.ranks, id, group.index));
  return made;
}

const Communicator &Network::group(AxisSet axes) {
  if (const auto found = communicators.find(axes); found != communicators.end())
    return found->second;
  Communicator made{rank.group(axes), way};
  if (way == Transport::Nccl)
    made.nccl = communicatorOf(made.group);
  if (window && made.nccl && made.nccl != world)
    window->registerWith(made.nccl);
  return communicators.emplace(axes, made).first->second;
}

/// Whether the stream has nothing left to do.
static bool isDone(const Stream &stream) {
  const cudaError_t status = cudaStreamQuery(stream);
  if (status == cudaErrorNotReady) {
    cudaGetLastError(); // An answer, not an error.
    return false;
  }
  check(status);
  return true;
}

void Network::await(const Context &context) const {
  awaitAll([&] { return isDone(context.compute) && isDone(context.communication); });
  context.synchronize();
}

void Network::await(const Event &event) const {
  awaitAll([&] { return event.isPassed(); });
}

void Network::awaitAll(const std::function<bool()> &isDone) const {
  using Clock = std::chrono::steady_clock;
  const Clock::time_point start = Clock::now();
  while (!isDone()) {
    for (const auto &[axes, communicator] : communicators) {
      if (!communicator.nccl)
        continue;
      ncclResult_t met = ncclSuccess;
      check(ncclCommGetAsyncError(communicator.nccl, &met));
      if (met == ncclSuccess || met == ncclInProgress)
        continue;
      throw std::runtime_error(std::string("NCCL has failed: ") + ncclGetErrorString(met) +
                               "; NCCL_DEBUG=WARN in the environment tells more");
    }
    const std::chrono::duration<double> waited = Clock::now() - start;
    if (waited.count() > patience)
      throw std::runtime_error("the device has not ended its work after " +
                               std::to_string(static_cast<int64_t>(patience)) +
                               " seconds; a peer may be gone, or give more --patience");
    std::this_thread::sleep_for(std::chrono::microseconds(20));
  }
}
