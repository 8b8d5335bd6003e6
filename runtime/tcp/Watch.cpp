#include "autopar/tcp/Watch.h"

#include <poll.h>
#include <unistd.h>

using namespace autopar;

namespace {

/// Without a destructor or a flush: other threads are at work, and may wait for ever.
[[noreturn]] void endProcess(const std::string &line) {
  [[maybe_unused]] const ssize_t written = write(STDERR_FILENO, line.data(), line.size());
  _exit(1);
}

} // namespace

Watch::Watch(int rank, int ranks, std::vector<Socket> given)
    : rank(rank), ranks(ranks), connections(std::move(given)), listener([this] { listen(); }) {}

Watch::~Watch() {
  if (rank != 0)
    tell({Notice::Done, rank});
  listener.join(); // until all are done
  if (rank == 0)
    tell({Notice::Done, 0});
}

void Watch::tell(Notice notice) const {
  for (const Socket &connection : connections)
    if (connection.isOpen())
      connection.send(std::as_bytes(std::span(&notice, 1)));
}

void Watch::listen() {
  std::vector<pollfd> watched;
  for (int peer = 0; peer < static_cast<int>(connections.size()); ++peer)
    // poll() passes over a descriptor of -1: this rank's own, and of those that are done.
    watched.push_back({connections[peer], POLLIN, 0});
  for (size_t left = rank == 0 ? watched.size() - 1 : 1; left > 0;) {
    if (poll(watched.data(), watched.size(), /*timeout=*/-1) < 0)
      continue; // A signal.
    for (int peer = 0; peer < static_cast<int>(watched.size()); ++peer) {
      if (!watched[peer].revents)
        continue;
      Notice notice{Notice::Gone, peer};
      if (connections[peer].receive(std::as_writable_bytes(std::span(&notice, 1)), after(10)) !=
          Socket::Outcome::Whole)
        notice = {Notice::Gone, peer};
      if (notice.what != Notice::Done) {
        hear(notice);
        continue;
      }
      watched[peer].fd = -1;
      --left;
    }
  }
}

/// Rank 0 passes on what it hears.
void Watch::hear(const Notice &notice) {
  if (rank == 0)
    tell(notice);
  if (isFirstToStop())
    endProcess("error: rank " + std::to_string(notice.rank) + " of " + std::to_string(ranks) +
               (notice.what == Notice::Gone ? " is gone, it was killed or its host is lost"
                                            : " has failed") +
               "; rank " + std::to_string(rank) + " stops\n");
  for (;;) // What the other thread does is soon done.
    pause();
}

void Watch::stop(const std::string &line) {
  if (isFirstToStop()) {
    tell({Notice::Failed, rank});
    endProcess(line);
  }
  for (;;)
    pause();
}
