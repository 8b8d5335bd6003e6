// Ranks that torchrun, srun or a script has started. Each talks to rank 0, which all of them
// meet at an address that they were told; that is enough for what Peers carry.

#ifndef AUTOPAR_TCP_TCPPEERS_H
#define AUTOPAR_TCP_TCPPEERS_H

#include "autopar/core/Peers.h"
#include "autopar/tcp/Launch.h"
#include "autopar/tcp/Watch.h"

#include <optional>

namespace autopar::inline runtime {

class TcpPeers final : public Peers {
public:
  /// Returns when all ranks have met. Throws std::runtime_error on all that came when one is
  /// missing after the launch's patience (naming it), when two say that they are the same rank,
  /// and when they were told of different numbers of ranks.
  explicit TcpPeers(const Launch &launch);

  std::optional<int> localRank() const override { return launch.localRank; }
  void sendToFirst(std::span<const std::byte> message) override;
  void receive(int from, std::span<std::byte> message) override;
  std::string starter(int64_t ranks) const override;

protected:
  void allGatherBytes(std::span<const std::byte> mine, std::span<std::byte> all) override;
  [[noreturn]] void endAll(const std::string &line) override;

private:
  void receive(int from, std::span<std::byte> message, double patience);

  Launch launch;
  std::vector<Socket> connections; ///< by rank: at rank 0 to all others, elsewhere to rank 0
  std::optional<Watch> watch;      ///< over connections of its own
};

} // namespace autopar::inline runtime

#endif // AUTOPAR_TCP_TCPPEERS_H
