#include "autopar/tcp/Join.h"

#include "autopar/core/LonePeers.h"
#include "autopar/tcp/TcpPeers.h"

using namespace autopar;

std::unique_ptr<Peers> autopar::joinByTcp(const Launch &launch) {
  if (launch.ranks == 1)
    return std::make_unique<LonePeers>("torchrun --no-python --nproc-per-node");
  return std::make_unique<TcpPeers>(launch);
}
