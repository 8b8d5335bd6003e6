// The ranks of a run as hosts reach them, however they were started: what start-up, logs and
// checkpoints need, a few small messages. The step's own communication is a target's.

#ifndef AUTOPAR_CORE_PEERS_H
#define AUTOPAR_CORE_PEERS_H

#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <type_traits>
#include <vector>

namespace autopar::inline runtime {

class Peers {
public:
  virtual ~Peers() = default;
  Peers(const Peers &) = delete;
  Peers &operator=(const Peers &) = delete;

  int index() const { return rank; }
  int ranks() const { return count; }

  /// This rank's number among those of its host, where the launcher has said it.
  virtual std::optional<int> localRank() const { return std::nullopt; }

  /// Every rank's value, in their order. Collective.
  template <typename T> std::vector<T> allGather(const T &mine) {
    static_assert(std::is_trivially_copyable_v<T>);
    std::vector<T> all(static_cast<size_t>(count));
    allGatherBytes(std::as_bytes(std::span(&mine, 1)), std::as_writable_bytes(std::span(all)));
    return all;
  }

  /// The same of texts, of any lengths. Collective.
  std::vector<std::string> allGatherTexts(const std::string &mine);

  /// Rank 0 receives each other rank's messages in the order of their sending, of the sizes
  /// they were sent with.
  virtual void sendToFirst(std::span<const std::byte> message) = 0;
  virtual void receive(int from, std::span<std::byte> message) = 0;

  /// Ends every rank with exit code 1, after a line on standard error that names this one.
  /// Where all ranks fail alike, only rank 0's line tells the error. No destructor runs, as one
  /// might wait for peers.
  [[noreturn]] void stopAll(const std::string &error);

  /// What a command line begins with that starts `ranks` of a program: "mpirun -n 4".
  virtual std::string starter(int64_t ranks) const = 0;

protected:
  Peers(int rank, int count) : rank(rank), count(count) {}

  /// `all` has room for as many bytes as `mine` of each rank.
  virtual void allGatherBytes(std::span<const std::byte> mine, std::span<std::byte> all) = 0;

  /// Writes `line` to standard error and ends every rank with exit code 1.
  [[noreturn]] virtual void endAll(const std::string &line) = 0;

private:
  int rank, count;
};

/// How a process finds its peers; what it does not need of the command line it leaves there.
using JoinPeers = std::unique_ptr<Peers> (*)(int &argc, char **&argv);

/// Joins the others, runs `body` and returns its result as exit code. An exception on any rank
/// ends all of them: see Peers::stopAll.
int amongPeers(int argc, char **argv, JoinPeers join, const std::function<int(Peers &)> &body);

} // namespace autopar::inline runtime

#endif // AUTOPAR_CORE_PEERS_H
