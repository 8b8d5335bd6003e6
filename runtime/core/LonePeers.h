// A rank without others.

#ifndef AUTOPAR_CORE_LONEPEERS_H
#define AUTOPAR_CORE_LONEPEERS_H

#include "autopar/core/Peers.h"

namespace autopar::inline runtime {

class LonePeers final : public Peers {
public:
  /// `launcher`: what would start more ranks, "mpirun -n"; for errors.
  explicit LonePeers(std::string launcher = "mpirun -n");

  void sendToFirst(std::span<const std::byte> message) override;
  void receive(int from, std::span<std::byte> message) override;
  std::string starter(int64_t ranks) const override;

protected:
  void allGatherBytes(std::span<const std::byte> mine, std::span<std::byte> all) override;
  [[noreturn]] void endAll(const std::string &line) override;

private:
  std::string launcher;
};

} // namespace autopar::inline runtime

#endif // AUTOPAR_CORE_LONEPEERS_H
