// The collectives of the CPU target over MPI. Each is a call object, made in
// set-up from a group and a plan; running it allocates nothing of its own, and
// packs through a workspace that the compiler planned. One call moves a bucket
// of tensors: small ones share a message, large ones travel alone.

#ifndef AUTOPAR_MPI_COLLECTIVES_H
#define AUTOPAR_MPI_COLLECTIVES_H

#include "autopar/mpi/CollectivePlan.h"

#include <initializer_list>
#include <memory>

namespace autopar::inline runtime {

struct Group;

/// A bucket's buffers, in the order of the plan's tensors.
using Inputs = std::initializer_list<const void *>;
using Outputs = std::initializer_list<void *>;

/// Every constructor throws std::invalid_argument when the plan's ranks are not
/// the group's, or a tensor cannot be cut into that many blocks. Buffers of one
/// call must not overlap. Results have the same bits on every rank.
class AllReduce {
public:
  AllReduce(const Group &group, AllReducePlan plan);
  ~AllReduce();
  size_t workspaceBytes() const;
  void operator()(Outputs tensors, void *workspace) const;

private:
  struct Impl;
  std::unique_ptr<Impl> impl;
};

class AllGather {
public:
  AllGather(const Group &group, AllGatherPlan plan);
  ~AllGather();
  size_t workspaceBytes() const;
  void operator()(Inputs blocks, Outputs whole, void *workspace) const;

private:
  struct Impl;
  std::unique_ptr<Impl> impl;
};

class ReduceScatter {
public:
  ReduceScatter(const Group &group, ReduceScatterPlan plan);
  ~ReduceScatter();
  size_t workspaceBytes() const;
  void operator()(Inputs partialSums, Outputs blocks, void *workspace) const;

private:
  struct Impl;
  std::unique_ptr<Impl> impl;
};

class AllToAll {
public:
  AllToAll(const Group &group, AllToAllPlan plan);
  ~AllToAll();
  size_t workspaceBytes() const;
  void operator()(Inputs from, Outputs to, void *workspace) const;

private:
  struct Impl;
  std::unique_ptr<Impl> impl;
};

} // namespace autopar::inline runtime

#endif // AUTOPAR_MPI_COLLECTIVES_H
