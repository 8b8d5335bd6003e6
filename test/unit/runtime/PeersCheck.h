// What Peers promise, whoever carries their messages: run by all ranks together, over MPI by
// CollectivesCheck.cpp and over TCP by PeersTest.cpp.

#ifndef AUTOPAR_TEST_UNIT_RUNTIME_PEERSCHECK_H
#define AUTOPAR_TEST_UNIT_RUNTIME_PEERSCHECK_H

#include "autopar/core/Peers.h"

#include <stdexcept>
#include <string>
#include <vector>

/// Throws std::logic_error on the rank that sees a broken promise.
inline void checkPeers(autopar::Peers &peers) {
  const auto require = [&peers](bool holds, const char *what) {
    if (!holds)
      throw std::logic_error("rank " + std::to_string(peers.index()) + ": " + what);
  };

  struct Value {
    int64_t rank;
    char text[40];
  };
  for (int64_t round = 0; round < 3; ++round) {
    const std::vector<Value> all = peers.allGather(Value{peers.index() * 10 + round, "text"});
    require(static_cast<int>(all.size()) == peers.ranks(), "a value for each rank");
    for (int rank = 0; rank < peers.ranks(); ++rank)
      require(all[rank].rank == rank * 10 + round && all[rank].text == std::string("text"),
              "values come in the order of ranks");
  }

  const std::vector<std::string> texts =
      peers.allGatherTexts(std::string(static_cast<size_t>(peers.index()) * 1000, 'x'));
  for (int rank = 0; rank < peers.ranks(); ++rank)
    require(texts[rank] == std::string(static_cast<size_t>(rank) * 1000, 'x'),
            "texts keep their lengths");

  // Messages of one rank keep their order, whatever their sizes; ranks are asked in any order.
  const size_t sizes[] = {1, 0, 3'000'001, 17};
  const auto message = [](int rank, size_t size) {
    std::vector<std::byte> bytes(size);
    for (size_t i = 0; i < size; ++i)
      bytes[i] = static_cast<std::byte>(i * 31 + rank);
    return bytes;
  };
  if (peers.index() != 0)
    for (size_t size : sizes)
      peers.sendToFirst(message(peers.index(), size));
  else
    for (int rank = peers.ranks() - 1; rank > 0; --rank)
      for (size_t size : sizes) {
        std::vector<std::byte> got(size);
        peers.receive(rank, got);
        require(got == message(rank, size), "what is received is what was sent");
      }
  peers.allGather(0); // so that nobody leaves while another still sends
}

#endif // AUTOPAR_TEST_UNIT_RUNTIME_PEERSCHECK_H
