#include "autopar/mpi/CollectivePlan.h"

#include "autopar/mpi/Messages.h"

using namespace autopar;

size_t AllReducePlan::workspaceBytes() const { return Exchange(*this).workspaceBytes; }

size_t AllGatherPlan::workspaceBytes() const { return Exchange(*this).workspaceBytes; }

size_t ReduceScatterPlan::workspaceBytes() const { return Exchange(*this).workspaceBytes; }

size_t AllToAllPlan::workspaceBytes() const { return Exchange(*this).workspaceBytes; }
