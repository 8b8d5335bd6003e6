// Where this process stands in the mesh, and among the ranks of its host. A Group is the ranks
// that differ from it along a set of axes only.

#ifndef AUTOPAR_CORE_RANK_H
#define AUTOPAR_CORE_RANK_H

#include "autopar/core/Peers.h"
#include "autopar/core/Place.h"

#include <string>

namespace autopar::inline runtime {

class Rank;

/// The ranks that take part in a collective. `index` counts row-major over the
/// axes that the group was made for, as blocks of a split dimension do.
struct Group {
  const Rank *rank; ///< this one
  AxisSet axes;
  int ranks;
  int index;
};

/// This process's place in the mesh.
class Rank : public Place {
public:
  /// Throws std::runtime_error, with the line that starts `program` rightly, when there are
  /// not as many peers as the mesh has places. Sets the number of OpenMP threads to this rank's
  /// share of the cores unless OMP_NUM_THREADS is set. Collective.
  Rank(Peers &peers, const Mesh &mesh, const std::string &program);
  Rank(const Rank &) = delete;
  Rank &operator=(const Rank &) = delete;

  Peers &peers() const { return others; }
  int threads() const { return openMpThreads; }

  /// The number of this rank among those of its host, counted from 0.
  int localIndex() const { return indexOnHost; }

  Group group(AxisSet axes) const;

private:
  Peers &others;
  int openMpThreads = 1;
  int indexOnHost = 0;
};

} // namespace autopar::inline runtime

#endif // AUTOPAR_CORE_RANK_H
