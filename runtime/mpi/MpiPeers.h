// Ranks that mpirun has started, and their communicators over a mesh's axes.

#ifndef AUTOPAR_MPI_MPIPEERS_H
#define AUTOPAR_MPI_MPIPEERS_H

#include "autopar/core/Rank.h"

#include <mpi.h>

#include <map>
#include <utility>

namespace autopar::inline runtime {

/// MPI from initialisation to finalisation. Without mpirun the process is a
/// world of its own.
class MpiPeers final : public Peers {
public:
  static std::unique_ptr<Peers> join(int &argc, char **&argv);
  ~MpiPeers() override;

  void sendToFirst(std::span<const std::byte> message) override;
  void receive(int from, std::span<std::byte> message) override;
  std::string starter(int64_t ranks) const override;

  /// The group's communicator, made on first use. Making one is collective: every
  /// rank must ask for the same groups in the same order, and in set-up. Throws
  /// std::invalid_argument where the group's ranks are not MPI's.
  static MPI_Comm communicator(const Group &group);

protected:
  void allGatherBytes(std::span<const std::byte> mine, std::span<std::byte> all) override;
  [[noreturn]] void endAll(const std::string &line) override;

private:
  using Peers::Peers;

  std::map<std::pair<std::string, AxisSet>, MPI_Comm> communicators; ///< by mesh and axes
};

} // namespace autopar::inline runtime

#endif // AUTOPAR_MPI_MPIPEERS_H
