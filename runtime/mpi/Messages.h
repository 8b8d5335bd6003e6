// How a collective's bucket becomes MPI messages: which tensors share one, what
// must be packed before it and unpacked after it, and where in the workspace.
// Small tensors are packed together, because a message's latency outweighs a
// copy; a large one travels alone, straight from and to its buffer where its
// blocks lie contiguously.

#ifndef AUTOPAR_MPI_MESSAGES_H
#define AUTOPAR_MPI_MESSAGES_H

#include "autopar/mpi/CollectivePlan.h"

namespace autopar::inline runtime {

/// Blocks of a tensor interleaved in memory: `rows` times one run of `runBytes`
/// from each block in turn. One row means that blocks lie end to end.
struct Interleaving {
  size_t rows = 1;
  size_t runBytes = 0;
};

/// A tensor's part in an exchange. What one rank sends to or receives from one
/// rank is a block of `blockBytes`.
struct Route {
  size_t blockBytes = 0;
  Interleaving from = {}; ///< of the blocks in the input
  Interleaving to = {};   ///< of the blocks in the output
};

/// One MPI call and the tensors that it carries.
struct Message {
  std::vector<int> tensors = {}; ///< indices into the bucket
  size_t blockBytes = 0;         ///< of all its tensors together
  bool packs = false;            ///< sends from the workspace
  bool unpacks = false;          ///< receives into the workspace
  size_t receiveOffset = 0;      ///< of the received blocks there
};

/// A whole bucket. Messages run one after the other and share the workspace.
struct Exchange {
  int ranks = 1;
  DataType type = DataType::F32;
  size_t blocksSent = 1;     ///< by each rank: one, or one to every rank
  size_t blocksReceived = 1; ///< likewise
  std::vector<Route> routes;
  std::vector<Message> messages;
  size_t workspaceBytes = 0;

  /// Throw std::invalid_argument for a dimension that is not there or does not
  /// divide into as many blocks as there are ranks.
  explicit Exchange(const AllReducePlan &plan);
  explicit Exchange(const AllGatherPlan &plan);
  explicit Exchange(const ReduceScatterPlan &plan);
  explicit Exchange(const AllToAllPlan &plan);

private:
  void layOut();
};

} // namespace autopar::inline runtime

#endif // AUTOPAR_MPI_MESSAGES_H
