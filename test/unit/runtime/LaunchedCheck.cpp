// A rank that torchrun, or a script that sets the same variables, has started: meets the others
// by TCP, as programs of the CUDA target do, and checks what Peers promise. `LaunchedCheck RANK`
// fails on that rank after they have met.

#include "autopar/tcp/Join.h"

#include "PeersCheck.h"

#include <cstdio>
#include <cstdlib>

using namespace autopar;

static std::unique_ptr<Peers> join(int &, char **&) {
  return joinByTcp(Launch::read(std::getenv, /*withMpi=*/false));
}

int main(int argc, char **argv) {
  return amongPeers(argc, argv, join, [&](Peers &peers) {
    checkPeers(peers);
    if (argc > 1 && peers.index() == std::atoi(argv[1]))
      throw std::runtime_error("told to fail");
    const size_t met = peers.allGather(peers.index()).size();
    if (peers.index() == 0)
      std::printf("%zu ranks have met\n", met);
    return 0;
  });
}
