// Where this process stands in the mesh, and the communicators over its axes.
// A Session is MPI from start to end, a Rank is one place in a mesh, a Group is
// the ranks that differ from it along a set of axes only.

#ifndef AUTOPAR_CORE_RANK_H
#define AUTOPAR_CORE_RANK_H

#include "autopar/core/Place.h"

#include <mpi.h>

#include <functional>
#include <map>
#include <string>

namespace autopar::inline runtime {

/// MPI from initialisation to finalisation. Without mpirun the process is a
/// world of its own.
class Session {
public:
  Session(int &argc, char **&argv);
  ~Session();
  Session(const Session &) = delete;
  Session &operator=(const Session &) = delete;

  int index() const { return worldRank; }
  int ranks() const { return worldSize; }
  const std::string &program() const { return name; }

  /// Runs `body` and returns its result as exit code. An exception becomes one
  /// line on standard error that names the rank, and stops every rank with exit
  /// code 1; where all ranks fail alike, rank 0 alone speaks.
  int guard(const std::function<int()> &body) const;

private:
  std::string name; ///< as the command line calls it
  int worldRank = 0;
  int worldSize = 1;
};

/// The ranks that take part in a collective. `index` counts row-major over the
/// axes that the group was made for, as blocks of a split dimension do.
struct Group {
  MPI_Comm communicator = MPI_COMM_NULL;
  int ranks = 1;
  int index = 0;
};

/// This process's place in the mesh.
class Rank : public Place {
public:
  /// Throws std::runtime_error, with the mpirun line to use, when the world is
  /// not as large as the mesh. Sets the number of OpenMP threads to this rank's
  /// share of the cores unless OMP_NUM_THREADS is set.
  Rank(const Session &session, const Mesh &mesh);
  ~Rank();
  Rank(const Rank &) = delete;
  Rank &operator=(const Rank &) = delete;

  int threads() const { return openMpThreads; }

  /// The group over `axes`, made on first use. Making one is collective: every
  /// rank must ask for the same groups in the same order, and in set-up.
  const Group &group(AxisSet axes);

  /// All ranks.
  const Group &world() const { return everyone; }

private:
  int openMpThreads = 1;
  Group everyone;
  std::map<AxisSet, Group> groups;
};

} // namespace autopar::inline runtime

#endif // AUTOPAR_CORE_RANK_H
