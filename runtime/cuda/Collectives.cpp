// See Collectives.h.
#include "autopar/cuda/Collectives.h"

#include "autopar/cuda/mpi/Mpi.h"
#include "autopar/cuda/nccl/NcclTransfer.h"

#include <stdexcept>
#include <string>

namespace autopar::cuda {

Collective::Collective(std::unique_ptr<Transfer> transfer, size_t tensors,
                       size_t workspaceBytes)
    : transfer(std::move(transfer)), tensors(tensors), bytes(workspaceBytes) {}
Collective::~Collective() = default;
Collective::Collective(Collective &&) noexcept = default;

void Collective::run(const Context &context, std::span<const void *const> inputs,
                     std::span<void *const> outputs, void *workspace) const {
  for (size_t given : {inputs.size(), outputs.size()})
    if (given != tensors)
      throw std::invalid_argument("a collective of " + std::to_string(tensors) +
                                  " tensors was called with " + std::to_string(given));
  context.fork();
  context.timeline.beginCollective();
  transfer->run(context.communication, inputs, outputs, workspace);
  context.timeline.endCollective();
  done.record(context.communication);
}

void Collective::join(const Context &context) const { context.compute.wait(done); }

/// By the communicator's way.
template <class Plan>
static std::unique_ptr<Transfer> transferOf(const Communicator &communicator, const Plan &plan,
                                            NcclTransfer::Kind kind) {
  if (communicator.transport == Transport::Mpi)
    return stagedTransfer(communicator.group, plan);
  return std::make_unique<NcclTransfer>(communicator, Exchange(plan), kind);
}

AllReduce::AllReduce(const Communicator &communicator, const AllReducePlan &plan)
    : Collective(
          transferOf(communicator, plan, NcclTransfer::Kind::AllReduce),
          plan.tensors.size(), plan.workspaceBytes()) {}

void AllReduce::operator()(const Context &context, Outputs tensors, void *workspace) const {
  run(context, {tensors.begin(), tensors.size()}, {tensors.begin(), tensors.size()}, workspace);
}

AllGather::AllGather(const Communicator &communicator, const AllGatherPlan &plan)
    : Collective(
          transferOf(communicator, plan, NcclTransfer::Kind::AllGather),
          plan.tensors.size(), plan.workspaceBytes()) {}

void AllGather::operator()(const Context &context, Inputs blocks, Outputs whole,
                           void *workspace) const {
  run(context, {blocks.begin(), blocks.size()}, {whole.begin(), whole.size()}, workspace);
}

ReduceScatter::ReduceScatter(const Communicator &communicator, const ReduceScatterPlan &plan)
    : Collective(transferOf(communicator, plan,
                                                    NcclTransfer::Kind::ReduceScatter),
                 plan.tensors.size(), plan.workspaceBytes()) {}

void ReduceScatter::operator()(const Context &context, Inputs partialSums, Outputs blocks,
                               void *workspace) const {
  run(context, {partialSums.begin(), partialSums.size()}, {blocks.begin(), blocks.size()},
      workspace);
}

AllToAll::AllToAll(const Communicator &communicator, const AllToAllPlan &plan)
    : Collective(
          transferOf(communicator, plan, NcclTransfer::Kind::AllToAll),
          plan.tensors.size(), plan.workspaceBytes()) {}

void AllToAll::operator()(const Context &context, Inputs from, Outputs to,
                          void *workspace) const {
  run(context, {from.begin(), from.size()}, {to.begin(), to.size()}, workspace);
}

} // namespace autopar::cuda
