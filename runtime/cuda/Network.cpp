// See Network.h.
#include "autopar/cuda/Network.h"

#include "autopar/core/CheckMpi.h"
#include "autopar/cuda/nccl/Check.h"

using namespace autopar;
using namespace autopar::cuda;

Network::~Network() {
  for (auto &[axes, communicator] : communicators)
    if (communicator.nccl)
      ncclCommDestroy(communicator.nccl);
}

const Communicator &Network::group(AxisSet axes) {
  if (const auto found = communicators.find(axes); found != communicators.end())
    return found->second;
  Communicator made{rank.group(axes), way};
  if (way == Transport::Nccl) {
    ncclUniqueId id;
    if (made.group.index == 0)
      check(ncclGetUniqueId(&id));
    checkMpi(MPI_Bcast(&id, sizeof id, MPI_BYTE, 0, made.group.communicator));
    check(ncclCommInitRank(&made.nccl, made.group.ranks, id, made.group.index));
  }
  return communicators.emplace(axes, made).first->second;
}
