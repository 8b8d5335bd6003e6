// See Mesh.h. Sockets have abstract names, which leave no files behind. A transfer is a line of
// fixed length, what the sender does, and then its bytes.
#include "standin/nccl/Mesh.h"

#include "standin/Report.h"

#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <thread>

using standin::nccl::Mesh;

namespace {

using Clock = std::chrono::steady_clock;
constexpr std::chrono::seconds patience(60);

struct Address {
  sockaddr_un name = {};
  socklen_t length;

  Address(const std::string &mesh, int rank) {
    const std::string text = mesh + "-" + std::to_string(rank);
    name.sun_family = AF_UNIX;
    std::copy(text.begin(), text.end(), name.sun_path + 1);
    length = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + 1 + text.size());
  }
  const sockaddr *get() const { return reinterpret_cast<const sockaddr *>(&name); }
};

[[noreturn]] void fail(const std::string &what) {
  standin::report("NCCL: " + what + ": " + std::strerror(errno));
}

int newSocket() {
  const int made = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (made < 0)
    fail("no socket");
  return made;
}

int connectTo(const std::string &mesh, int peer, int rank) {
  const Address address(mesh, peer);
  const Clock::time_point begin = Clock::now();
  for (;;) {
    const int made = newSocket();
    if (connect(made, address.get(), address.length) == 0) {
      if (write(made, &rank, sizeof rank) != sizeof rank)
        fail("a greeting of rank " + std::to_string(peer));
      return made;
    }
    close(made);
    if (Clock::now() - begin > patience)
      fail("rank " + std::to_string(rank) + " waits for rank " + std::to_string(peer) +
           " to make a communicator");
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
}

/// One direction of a transfer: the line, then the bytes.
struct Flow {
  int peer;
  int socket;
  std::array<char, 160> line = {};
  char *bytes;
  size_t count;
  size_t done = 0;

  size_t total() const { return line.size() + count; }
  bool isOver() const { return done == total(); }

  /// What is next, and how much of it lies in one piece.
  std::pair<char *, size_t> next() {
    if (done < line.size())
      return {line.data() + done, line.size() - done};
    return {bytes + (done - line.size()), total() - done};
  }
};

} // namespace

Mesh::Mesh(const std::string &name, int ranks, int rank)
    : ranks(ranks), rank(rank), sockets(ranks, -1) {
  const Address own(name, rank);
  const int door = newSocket();
  if (bind(door, own.get(), own.length) != 0 || listen(door, ranks) != 0)
    fail("rank " + std::to_string(rank) + " of a communicator cannot be reached");
  for (int peer = 0; peer < rank; ++peer)
    sockets[peer] = connectTo(name, peer, rank);
  for (int missing = ranks - 1 - rank; missing > 0; --missing) {
    pollfd waiting{door, POLLIN, 0};
    constexpr int milliseconds = std::chrono::milliseconds(patience).count();
    if (poll(&waiting, 1, milliseconds) <= 0)
      fail("rank " + std::to_string(rank) + " waits for " + std::to_string(missing) +
           " more ranks to make a communicator");
    const int made = accept4(door, nullptr, nullptr, SOCK_CLOEXEC);
    int peer = -1;
    if (made < 0 || read(made, &peer, sizeof peer) != sizeof peer)
      fail("a greeting");
    sockets[peer] = made;
  }
  close(door);
}

Mesh::~Mesh() {
  for (int socket : sockets)
    if (socket >= 0)
      close(socket);
}

void Mesh::exchange(const std::string &what, const std::vector<Transfer> &transfers) {
  std::vector<Flow> out, in;
  for (const Transfer &transfer : transfers) {
    if (transfer.peer == rank) {
      std::memmove(transfer.to, transfer.from, transfer.bytesTo);
      continue;
    }
    const int socket = sockets[transfer.peer];
    auto *const from = static_cast<char *>(const_cast<void *>(transfer.from));
    Flow &flow = out.emplace_back(Flow{transfer.peer, socket, {}, from, transfer.bytesFrom});
    std::copy_n(what.begin(), std::min(what.size(), flow.line.size() - 1), flow.line.begin());
    in.push_back(
        {transfer.peer, socket, {}, static_cast<char *>(transfer.to), transfer.bytesTo});
  }
  const auto isOver = [](const Flow &flow) { return flow.isOver(); };
  while (!std::ranges::all_of(out, isOver) || !std::ranges::all_of(in, isOver)) {
    std::vector<pollfd> waiting;
    for (const Flow &flow : out)
      waiting.push_back({flow.isOver() ? -1 : flow.socket, POLLOUT, 0});
    for (const Flow &flow : in)
      waiting.push_back({flow.isOver() ? -1 : flow.socket, POLLIN, 0});
    poll(waiting.data(), waiting.size(), -1);
    for (size_t i = 0; i < waiting.size(); ++i) {
      if (!waiting[i].revents)
        continue;
      const bool sends = i < out.size();
      Flow &flow = sends ? out[i] : in[i - out.size()];
      const auto [bytes, count] = flow.next();
      const ssize_t moved = sends ? send(flow.socket, bytes, count, MSG_DONTWAIT | MSG_NOSIGNAL)
                                  : recv(flow.socket, bytes, count, MSG_DONTWAIT);
      if (moved < 0 && (errno == EAGAIN || errno == EINTR))
        continue;
      if (moved <= 0)
        report("NCCL: rank " + std::to_string(flow.peer) + " has ended, and rank " +
               std::to_string(rank) + " waits for it in " + what);
      const bool wasLine = flow.done < flow.line.size();
      flow.done += moved;
      if (!sends && wasLine && flow.done >= flow.line.size() && what != flow.line.data())
        report("NCCL: rank " + std::to_string(rank) + " is in " + what + ", and rank " +
               std::to_string(flow.peer) + " in " + flow.line.data());
    }
  }
}
