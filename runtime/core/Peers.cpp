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

std::vector<std::string> Peers::allGatherTexts(const std::string &mine) {
  const std::vector<size_t> lengths = allGather(mine.size());
  const size_t longest = *std::max_element(lengths.begin(), lengths.end());
  std::string padded = mine, all(longest * static_cast<size_t>(count), '\0');
  padded.resize(longest);
  allGatherBytes(std::as_bytes(std::span(padded)), std::as_writable_bytes(std::span(all)));
  std::vector<std::string> texts;
  for (size_t i = 0; i < lengths.size(); ++i)
    texts.push_back(all.substr(i * longest, lengths[i]));
  return texts;
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
