// The collectives of the CPU target over MPI. Each is a call object, made in
// set-up from a group and a plan; running it allocates nothing of its own, and
// packs through a workspace that the compiler planned. One call moves a bucket
// of tensors: small ones share a message, large ones travel alone.

#ifndef AUTOPAR_MPI_COLLECTIVES_H
#define AUTOPAR_MPI_COLLECTIVES_H

#include "autopar/core/Pointers.h"
#include "autopar/mpi/CollectivePlan.h"

#include <memory>

namespace autopar::inline runtime {

struct Group;

/// A bucket's buffers, in the order of the plan's tensors.
using Inputs = Pointers<const void *>;
using Outputs = Pointers<void *>;

/// What every collective has: a group, messages, and a workspace.
///
/// Constructors throw std::invalid_argument when the plan's ranks are not the
/// group's or a tensor cannot be cut into that many blocks. A call must be made
/// by all ranks of the group, with buffers that do not overlap; it throws
/// std::runtime_error with MPI's message when MPI fails. Sums have the same
/// bits on every rank that holds them.
class Collective {
public:
  /// The largest count given to one MPI call, whose counts are 32-bit: what is
  /// larger goes in pieces or as an MPI type of its own.
  static constexpr int64_t maxCount = int64_t(1) << 30;

  ~Collective();
  Collective(Collective &&) noexcept;

  size_t workspaceBytes() const;

protected:
  struct State;
  explicit Collective(std::unique_ptr<State> state);

  std::unique_ptr<State> state;
};

class AllReduce : public Collective {
public:
  AllReduce(const Group &group, const AllReducePlan &plan,
            int64_t maxCount = Collective::maxCount);
  void operator()(Outputs tensors, void *workspace) const;
};

class AllGather : public Collective {
public:
  AllGather(const Group &group, const AllGatherPlan &plan,
            int64_t maxCount = Collective::maxCount);
  void operator()(Inputs blocks, Outputs whole, void *workspace) const;
};

class ReduceScatter : public Collective {
public:
  ReduceScatter(const Group &group, const ReduceScatterPlan &plan,
                int64_t maxCount = Collective::maxCount);
  void operator()(Inputs partialSums, Outputs blocks, void *workspace) const;
};

class AllToAll : public Collective {
public:
  AllToAll(const Group &group, const AllToAllPlan &plan,
           int64_t maxCount = Collective::maxCount);
  void operator()(Inputs from, Outputs to, void *workspace) const;
};

} // namespace autopar::inline runtime

#endif // AUTOPAR_MPI_COLLECTIVES_H
