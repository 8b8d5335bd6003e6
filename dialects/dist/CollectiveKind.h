// What ranks can do together, as plain data: for the cost model, which knows no MLIR.
#ifndef AUTOPAR_DIALECTS_DIST_COLLECTIVEKIND_H
#define AUTOPAR_DIALECTS_DIST_COLLECTIVEKIND_H

namespace autopar {

enum class CollectiveKind { AllGather, ReduceScatter, AllReduce, AllToAll };

} // namespace autopar

#endif
