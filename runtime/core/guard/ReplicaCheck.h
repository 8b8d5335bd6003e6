// Ranks that hold the same block of a variable compute the same updates of it, bit for bit.
// Where their copies differ, a bit has flipped in some memory or a device computes wrongly, and
// nothing else would tell: a run goes on with it, and may save it.

#ifndef AUTOPAR_CORE_GUARD_REPLICACHECK_H
#define AUTOPAR_CORE_GUARD_REPLICACHECK_H

#include "autopar/core/guard/HostVariables.h"
#include "autopar/core/guard/WayBack.h"
#include "autopar/core/Rank.h"

#include <map>
#include <string>
#include <vector>

namespace autopar::inline runtime {

class ReplicaCheck {
public:
  /// Of the variables that more than one rank holds.
  ReplicaCheck(std::span<const Variable> variables, const Rank &rank, Arena &arena,
               const WayBack &wayBack);

  /// Compares digests of them. Throws std::runtime_error, the same on all ranks, that names the
  /// first variable of which there are two versions, and who has another than most. Collective;
  /// costs nothing where no variable is held twice.
  void require(int64_t step);

private:
  /// Of each rank the first that has the same block of what is split over a set of axes.
  using FirstHolders = std::vector<int>;

  std::string differenceOf(const Variable &variable,
                           const std::vector<uint64_t> &digests) const;
  [[noreturn]] void tell(int64_t step, const std::vector<uint64_t> &digests) const;

  const Rank &rank;
  const WayBack &wayBack;
  std::vector<Variable> replicated;
  std::map<unsigned, FirstHolders> holders; ///< by the set, as a number
  HostVariables onHost;
};

} // namespace autopar::inline runtime

#endif // AUTOPAR_CORE_GUARD_REPLICACHECK_H
