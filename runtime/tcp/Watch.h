// What ranks tell each other about themselves while they work: that one has failed, is gone, or
// has come to its end. A thread listens, so that a rank which waits for a device hears it too.

#ifndef AUTOPAR_TCP_WATCH_H
#define AUTOPAR_TCP_WATCH_H

#include "autopar/tcp/Socket.h"

#include <atomic>
#include <string>
#include <thread>
#include <vector>

namespace autopar::inline runtime {

class Watch {
public:
  /// `connections`, by rank: at rank 0 to all others, elsewhere to rank 0 alone. From here on a
  /// rank that fails or disappears ends this process with exit code 1, after a line on standard
  /// error that names the first such rank.
  Watch(int rank, int ranks, std::vector<Socket> connections);

  /// Waits until every rank has come here.
  ~Watch();

  /// This rank has failed: tells the others, then writes `line` and ends the process; does not
  /// return either where another rank was first.
  [[noreturn]] void stop(const std::string &line);

private:
  struct Notice {
    enum What : int32_t { Failed, Gone, Done };
    int32_t what, rank;
  };

  void listen();
  void hear(const Notice &notice);
  void tell(Notice notice) const;
  bool isFirstToStop() { return !stopping.exchange(true); }

  int rank, ranks;
  std::vector<Socket> connections;
  std::atomic<bool> stopping = false;
  std::thread listener; ///< last: it uses what is above
};

} // namespace autopar::inline runtime

#endif // AUTOPAR_TCP_WATCH_H
