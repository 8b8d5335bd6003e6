#include "autopar/core/Peers.h"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <exception>
#include <thread>

using namespace autopar;

std::string Peers::errorLine(const std::string &error) const {
  const std::string who =
      count == 1 ? "" : "rank " + std::to_string(rank) + " of " + std::to_string(count) + ": ";
  return "error: " + who + error + "\n";
}

void Peers::letRankZeroSpeak() const {
  if (rank != 0)
    std::this_thread::sleep_for(std::chrono::milliseconds(500 + 100 * std::min(rank, 20)));
}

int autopar::amongPeers(int argc, char **argv, JoinPeers join,
                        const std::function<int(Peers &)> &body) {
  std::unique_ptr<Peers> peers;
  try {
    peers = join(argc, argv);
    return body(*peers);
  } catch (const std::exception &error) {
    std::fflush(stdout);
    if (peers)
      peers->stopAll(error.what());
    std::fprintf(stderr, "error: %s\n", error.what());
    return 1;
  }
}
