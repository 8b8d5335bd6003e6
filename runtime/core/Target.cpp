#include "autopar/core/Target.h"

#include "autopar/core/HostMemory.h"

using namespace autopar;

const Target &autopar::hostTarget() {
  static constexpr Target target{.makeMemory = [](Rank &, const TargetOptions &) {
    return std::unique_ptr<Memory>(std::make_unique<HostMemory>());
  }};
  return target;
}
