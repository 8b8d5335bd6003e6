// How ranks meet: each connects to rank 0 twice, once for messages and once for the watch, and
// says who it is. When all are there rank 0 tells them to go on, or what is wrong.

#include "autopar/tcp/TcpPeers.h"

#include <algorithm>
#include <array>
#include <stdexcept>
#include <thread>
#include <utility>

using namespace autopar;

namespace {

/// A rank's two connections.
enum Purpose : int32_t { Messages, Notices };
constexpr std::array purposes = {Messages, Notices};

using Connections = std::array<std::vector<Socket>, purposes.size()>;

struct Greeting {
  std::array<char, 8> mark = {'a', 'u', 't', 'o', 'p', 'a', 'r', '1'};
  Purpose purpose;
  int32_t rank, ranks;
};

/// What rank 0 answers; empty: go on.
using Answer = std::array<char, 256>;

template <typename T> std::span<std::byte> bytesOf(T &value) {
  return std::as_writable_bytes(std::span(&value, 1));
}

std::string secondsText(double seconds) {
  std::string text = std::to_string(seconds);
  text.erase(text.find_last_not_of('0') + 1);
  if (text.back() == '.')
    text.pop_back();
  return text + (text == "1" ? " second" : " seconds");
}

/// "ranks 2 and 3", "rank 5"
std::string rankNames(const std::vector<int> &ranks) {
  std::string text = ranks.size() == 1 ? "rank " : "ranks ";
  for (size_t i = 0; i < ranks.size(); ++i)
    text += (i == 0 ? "" : i + 1 == ranks.size() ? " and " : ", ") + std::to_string(ranks[i]);
  return text;
}

/// What is wrong with one who greets so, if anything is.
std::string faultOf(const Greeting &greeting, const Launch &launch,
                    const Connections &connections) {
  const std::string who = "rank " + std::to_string(greeting.rank);
  if (greeting.ranks != launch.ranks)
    return who + " was told of " + std::to_string(greeting.ranks) + " ranks, rank 0 of " +
           std::to_string(launch.ranks) + "; all must be told the same number";
  if (greeting.rank <= 0 || greeting.rank >= launch.ranks ||
      connections[greeting.purpose][greeting.rank].isOpen())
    return "two processes say that they are " + who + " of " + std::to_string(launch.ranks) +
           "; RANK must differ";
  return "";
}

/// One who comes to the door, and has greeted; nobody at the deadline.
std::optional<std::pair<Socket, Greeting>> newcomer(const Socket &door, Deadline deadline) {
  while (std::optional<Socket> socket = door.accept(deadline)) {
    Greeting greeting;
    const auto mark = greeting.mark;
    const bool isOurs =
        socket->receive(bytesOf(greeting), after(2)) == Socket::Outcome::Whole &&
        greeting.mark == mark &&
        (greeting.purpose == Messages || greeting.purpose == Notices);
    if (isOurs)
      return std::pair(std::move(*socket), greeting);
  }
  return std::nullopt;
}

/// Lets all in. Returns what is wrong, if anything is.
std::string gather(const Socket &door, const Launch &launch, Connections &connections) {
  const Deadline deadline = after(launch.patience);
  for (int awaited = 2 * (launch.ranks - 1); awaited > 0; --awaited) {
    auto next = newcomer(door, deadline);
    if (!next) {
      std::vector<int> missing;
      for (int rank = 1; rank < launch.ranks; ++rank)
        if (!connections[Messages][rank].isOpen() || !connections[Notices][rank].isOpen())
          missing.push_back(rank);
      return rankNames(missing) + " of " + std::to_string(launch.ranks) + " did not come to " +
             launch.address + ":" + std::to_string(launch.port) + " within " +
             secondsText(launch.patience) + "; AUTOPAR_PATIENCE gives more";
    }
    auto &[socket, greeting] = *next;
    if (std::string fault = faultOf(greeting, launch, connections); !fault.empty())
      return fault;
    connections[greeting.purpose][greeting.rank] = std::move(socket);
  }
  return "";
}

Connections meetAsFirst(const Launch &launch) {
  Connections connections;
  for (std::vector<Socket> &ofPurpose : connections)
    ofPurpose.resize(launch.ranks);
  const Socket door = Socket::listening(launch.port);
  const std::string wrong = gather(door, launch, connections);
  Answer answer = {};
  wrong.copy(answer.data(), answer.size() - 1);
  for (const Socket &connection : connections[Notices])
    if (connection.isOpen())
      connection.send(bytesOf(answer));
  if (wrong.empty())
    return connections;
  // Who comes now, or has not come with both connections, is to hear it too.
  for (const Deadline soon = after(1); auto next = newcomer(door, soon);)
    if (next->second.purpose == Notices)
      next->first.send(bytesOf(answer));
  throw std::runtime_error(wrong);
}

Connections meetFirst(const Launch &launch) {
  Connections connections;
  const Deadline deadline = after(launch.patience);
  for (Purpose purpose : purposes) {
    connections[purpose].push_back(Socket::connected(launch.address, launch.port, deadline));
    Greeting greeting{.purpose = purpose, .rank = launch.rank, .ranks = launch.ranks};
    connections[purpose].back().send(bytesOf(greeting));
  }
  // Rank 0 may have begun to wait later than this one.
  Answer answer = {};
  const bool answered = connections[Notices][0].receive(
                            bytesOf(answer), after(2 * launch.patience)) == Socket::Outcome::Whole;
  if (!answered)
    throw std::runtime_error("rank 0 at " + launch.address + ":" + std::to_string(launch.port) +
                             " has taken the call, but not answered; see its own error");
  if (answer[0])
    throw std::runtime_error(answer.data());
  return connections;
}

} // namespace

TcpPeers::TcpPeers(const Launch &launch) : Peers(launch.rank, launch.ranks), launch(launch) {
  Connections made = launch.rank == 0 ? meetAsFirst(launch) : meetFirst(launch);
  connections = std::move(made[Messages]);
  watch.emplace(launch.rank, launch.ranks, std::move(made[Notices]));
}

void TcpPeers::sendToFirst(std::span<const std::byte> message) {
  if (!connections[0].send(message))
    throw std::runtime_error("rank 0 of " + std::to_string(ranks()) + " is gone");
}

void TcpPeers::receive(int from, std::span<std::byte> message, double patience) {
  const Socket::Outcome outcome = connections[from].receive(message, after(patience));
  if (outcome == Socket::Outcome::Whole)
    return;
  const std::string who = "rank " + std::to_string(from) + " of " + std::to_string(ranks());
  if (outcome == Socket::Outcome::TooLate)
    throw std::runtime_error(who + " has sent nothing for " + secondsText(patience));
  // The watch knows who was first, and says it.
  std::this_thread::sleep_for(std::chrono::seconds(1));
  throw std::runtime_error(who + " is gone");
}

void TcpPeers::receive(int from, std::span<std::byte> message) {
  receive(from, message, launch.patience);
}

void TcpPeers::allGatherBytes(std::span<const std::byte> mine, std::span<std::byte> all) {
  if (index() != 0) {
    sendToFirst(mine);
    // Rank 0 is to name the rank that is missing before this one gives up.
    receive(0, all, 2 * launch.patience);
    return;
  }
  std::ranges::copy(mine, all.begin());
  for (int peer = 1; peer < ranks(); ++peer)
    receive(peer, all.subspan(peer * mine.size(), mine.size()));
  for (int peer = 1; peer < ranks(); ++peer)
    connections[peer].send(all);
}

void TcpPeers::endAll(const std::string &line) { watch->stop(line); }

std::string TcpPeers::starter(int64_t ranks) const {
  if (launch.by == Launch::By::Srun)
    return "srun -n " + std::to_string(ranks);
  return "torchrun --no-python --nproc-per-node " + std::to_string(ranks);
}
