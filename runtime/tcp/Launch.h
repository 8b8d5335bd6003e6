// How this process was started, as launchers say it in the environment.

#ifndef AUTOPAR_TCP_LAUNCH_H
#define AUTOPAR_TCP_LAUNCH_H

#include <functional>
#include <optional>
#include <string>

namespace autopar::inline runtime {

struct Launch {
  enum class By {
    Nobody,    ///< one rank by itself
    Mpirun,    ///< MPI knows the rest
    Variables, ///< RANK, WORLD_SIZE, …, as torchrun sets them
    Srun,
  };
  By by = By::Nobody;
  int rank = 0, ranks = 1;
  std::optional<int> localRank; ///< among those of this host

  /// Where rank 0 listens; of several ranks that MPI does not connect.
  std::string address;
  int port = 0;

  /// Seconds that a rank waits for another.
  double patience = 300;

  /// A variable's value, or null.
  using Environment = std::function<const char *(const char *name)>;

  /// Asks, in this order: torchrun's variables; those of MPI's launchers where the program is
  /// built `withMpi`; RANK and WORLD_SIZE; srun's. Where ranks meet say MASTER_ADDR and
  /// MASTER_PORT (29500), the port behind it where torchrun itself listens there, or AUTOPAR_PORT.
  /// AUTOPAR_PATIENCE are the seconds. Throws std::invalid_argument for a value that is none, and
  /// where one is missing.
  static Launch read(const Environment &variable, bool withMpi);
};

} // namespace autopar::inline runtime

#endif // AUTOPAR_TCP_LAUNCH_H
