#include "autopar/core/Peers.h"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <thread>

using namespace autopar;

void Peers::stopAll(const std::string &error) {
  std::fflush(stdout);
  // Time in which rank 0 may stop the others before they repeat its error.
  if (rank != 0)
    std::this_thread::sleep_for(std::chrono::milliseconds(500 + 100 * std::min(rank, 20)));
  const std::string who =
      count == 1 ? "" : "rank " + std::to_string(rank) + " of " + std::to_string(count) + ": ";
  endAll("error: " + who + error + "\n");
  std::abort(); // endAll does not return; g++ does not see that of a virtual function
}

int autopar::amongPeers(int argc, char **argv, JoinPeers join,
                        const std::function<int(Peers &)> &body) {
  std::unique_ptr<Peers> peers;
  try {
    peers = join(argc, argv);
    return body(*peers);
  } catch (const std::exception &error) {
    if (peers)
      peers->stopAll(error.what());
    std::fprintf(stderr, "error: %s\n", error.what());
    return 1;
  }
}
