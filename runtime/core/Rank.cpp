// A rank's place, its share of its host, its groups.

#include "autopar/core/Rank.h"

#include <omp.h>
#include <sched.h>
#include <unistd.h>

#include <cstdlib>
#include <cstring>
#include <stdexcept>

using namespace autopar;

namespace {

/// What ranks of one host tell each other.
struct Tenant {
  char host[64]; ///< its name
  cpu_set_t cores;

  bool sharesHostWith(const Tenant &other) const {
    return std::strncmp(host, other.host, sizeof host) == 0;
  }
};

Tenant thisProcess() {
  Tenant tenant = {};
  gethostname(tenant.host, sizeof tenant.host - 1);
  if (sched_getaffinity(0, sizeof tenant.cores, &tenant.cores) != 0)
    throw std::runtime_error("cannot read which cores this process may use");
  return tenant;
}

/// A rank's share of its host's cores: each core that it may run on counts for one over the
/// number of ranks that may run there too. So it is right for ranks bound to their own cores
/// and for ranks that share them all.
int fairThreads(const Tenant &mine, const std::vector<Tenant> &tenants) {
  double share = 0;
  for (int core = 0; core < CPU_SETSIZE; ++core) {
    if (!CPU_ISSET(core, &mine.cores))
      continue;
    int users = 0;
    for (const Tenant &tenant : tenants)
      users += tenant.sharesHostWith(mine) && CPU_ISSET(core, &tenant.cores);
    share += 1.0 / users;
  }
  return std::max(1, static_cast<int>(share + 1e-9));
}

} // namespace

Rank::Rank(Peers &peers, const Mesh &mesh, const std::string &program)
    : Place(mesh, peers.index()), others(peers) {
  if (peers.ranks() != mesh.ranks())
    throw std::runtime_error("this program was compiled for mesh " + toString(mesh) + ", " +
                             std::to_string(mesh.ranks()) + " ranks, but " +
                             std::to_string(peers.ranks()) +
                             (peers.ranks() == 1 ? " runs" : " run") + "; start it as: " +
                             peers.starter(mesh.ranks()) + " " + program + " OPTIONS");

  const std::vector<Tenant> tenants = peers.allGather(thisProcess());
  const Tenant &mine = tenants[peers.index()];
  for (int before = 0; before < peers.index(); ++before)
    indexOnHost += tenants[before].sharesHostWith(mine);
  indexOnHost = peers.localRank().value_or(indexOnHost);

  if (!std::getenv("OMP_NUM_THREADS"))
    omp_set_num_threads(fairThreads(mine, tenants));
  openMpThreads = omp_get_max_threads();
}

Group Rank::group(AxisSet axes) const {
  return {.rank = this,
          .axes = axes,
          .ranks = static_cast<int>(mesh().blocks(axes)),
          .index = static_cast<int>(block(axes))};
}
