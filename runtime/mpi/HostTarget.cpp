#include "autopar/mpi/HostTarget.h"

#include "autopar/core/HostMemory.h"
#include "autopar/mpi/MpiPeers.h"

using namespace autopar;

const Target &autopar::hostTarget() {
  static constexpr Target target{
      .join = MpiPeers::join, .makeMemory = [](Rank &, const TargetOptions &) {
        return std::unique_ptr<Memory>(std::make_unique<HostMemory>());
      }};
  return target;
}
