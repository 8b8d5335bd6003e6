// See Network.h.
#include "autopar/cuda/Network.h"

#include "autopar/cuda/nccl/Check.h"

#include <chrono>
#include <stdexcept>
#include <string>
#include <thread>

using namespace autopar;
using namespace autopar::cuda;

Network::~Network() {
  for (const auto &[axes, communicator] : communicators)
    if (communicator.nccl)
      ncclCommDestroy(communicator.nccl);
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

const Communicator &Network::group(AxisSet axes) {
  if (const auto found = communicators.find(axes); found != communicators.end())
    return found->second;
  Communicator made{rank.group(axes), way};
  if (way == Transport::Nccl) {
    // Each group's first rank makes its id; all groups over these axes are made at once.
    ncclUniqueId mine = {};
    if (made.group.index == 0)
      check(ncclGetUniqueId(&mine));
    const ncclUniqueId id = rank.peers().allGather(mine)[firstOf(made.group)];
    check(ncclCommInitRank(&made.nccl, made.group.ranks, id, made.group.index));
  }
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
  using Clock = std::chrono::steady_clock;
  const Clock::time_point start = Clock::now();
  while (!isDone(context.compute) || !isDone(context.communication)) {
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
  context.synchronize();
}
