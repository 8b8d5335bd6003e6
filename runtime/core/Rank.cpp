// Bootstrap: MPI's start and end, a rank's place and threads, its groups, and
// how one rank's failure becomes everyone's end.

#include "autopar/core/Rank.h"

#include "autopar/core/CheckMpi.h"

#include <omp.h>
#include <sched.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

using namespace autopar;

namespace {

/// Whether a launcher started this process as one of several.
bool startedByLauncher() {
  for (const char *name : {"OMPI_COMM_WORLD_SIZE", "PMIX_RANK", "PMI_RANK", "SLURM_PROCID"})
    if (std::getenv(name))
      return true;
  return false;
}

/// This rank's share of the node's cores: each core that it may run on counts
/// for one over the number of local ranks that may run there too. So it is
/// right for ranks bound to their own cores and for ranks that share them all.
int fairThreads() {
  MPI_Comm node;
  checkMpi(MPI_Comm_split_type(MPI_COMM_WORLD, MPI_COMM_TYPE_SHARED, 0, MPI_INFO_NULL, &node));
  cpu_set_t mine;
  CPU_ZERO(&mine);
  if (sched_getaffinity(0, sizeof mine, &mine) != 0)
    throw std::runtime_error("cannot read which cores this process may use");
  std::vector<int> usable(CPU_SETSIZE);
  for (int cpu = 0; cpu < CPU_SETSIZE; ++cpu)
    usable[cpu] = CPU_ISSET(cpu, &mine) ? 1 : 0;
  std::vector<int> users(usable.size());
  checkMpi(MPI_Allreduce(usable.data(), users.data(), CPU_SETSIZE, MPI_INT, MPI_SUM, node));
  checkMpi(MPI_Comm_free(&node));
  double share = 0;
  for (size_t cpu = 0; cpu < usable.size(); ++cpu)
    if (usable[cpu])
      share += 1.0 / users[cpu];
  return std::max(1, static_cast<int>(share + 1e-9));
}

} // namespace

Session::Session(int &argc, char **&argv) : name(argc ? argv[0] : "PROGRAM") {
  // Alone there is nobody to talk to: no helper daemon needs to be started.
  if (!startedByLauncher())
    setenv("OMPI_MCA_ess_singleton_isolated", "1", /*overwrite=*/0);
  int provided = 0;
  checkMpi(MPI_Init_thread(&argc, &argv, MPI_THREAD_FUNNELED, &provided));
  checkMpi(MPI_Comm_set_errhandler(MPI_COMM_WORLD, MPI_ERRORS_RETURN));
  checkMpi(MPI_Comm_rank(MPI_COMM_WORLD, &worldRank));
  checkMpi(MPI_Comm_size(MPI_COMM_WORLD, &worldSize));
}

Session::~Session() { MPI_Finalize(); }

int Session::guard(const std::function<int()> &body) const {
  try {
    return body();
  } catch (const std::exception &error) {
    // Most failures meet every rank at the same point. Rank 0 speaks first and
    // stops the others before they repeat it; a rank that fails alone speaks
    // after a moment.
    if (worldRank != 0)
      std::this_thread::sleep_for(
          std::chrono::milliseconds(500 + 100 * std::min(worldRank, 20)));
    const std::string who = worldSize == 1 ? ""
                                           : "rank " + std::to_string(worldRank) + " of " +
                                                 std::to_string(worldSize) + ": ";
    std::fflush(stdout);
    std::fprintf(stderr, "error: %s%s\n", who.c_str(), error.what());
    std::fflush(stderr);
    if (worldSize == 1)
      return 1;
    MPI_Abort(MPI_COMM_WORLD, 1);
    std::abort(); // MPI_Abort does not return
  }
}

Rank::Rank(const Session &session, const Mesh &mesh)
    : Place(mesh, session.index()), everyone{MPI_COMM_WORLD, session.ranks(), session.index()} {
  if (session.ranks() != mesh.ranks())
    throw std::runtime_error(
        "this program was compiled for mesh " + toString(mesh) + ", " +
        std::to_string(mesh.ranks()) + " ranks, but " + std::to_string(session.ranks()) +
        (session.ranks() == 1 ? " runs" : " run") + "; start it as: mpirun -n " +
        std::to_string(mesh.ranks()) + " " + session.program() + " OPTIONS");

  if (!std::getenv("OMP_NUM_THREADS"))
    omp_set_num_threads(fairThreads());
  openMpThreads = omp_get_max_threads();
}

Rank::~Rank() {
  for (auto &[axes, group] : groups)
    MPI_Comm_free(&group.communicator);
}

const Group &Rank::group(AxisSet axes) {
  auto found = groups.find(axes);
  if (found != groups.end())
    return found->second;

  AxisSet others;
  for (int axis = 0; axis < mesh().sizes.size(); ++axis)
    if (!axes.contains(axis))
      others = others | AxisSet{axis};
  Group group;
  checkMpi(MPI_Comm_split(MPI_COMM_WORLD, static_cast<int>(block(others)),
                          static_cast<int>(block(axes)), &group.communicator));
  checkMpi(MPI_Comm_set_errhandler(group.communicator, MPI_ERRORS_RETURN));
  checkMpi(MPI_Comm_size(group.communicator, &group.ranks));
  checkMpi(MPI_Comm_rank(group.communicator, &group.index));
  return groups.emplace(axes, group).first->second;
}
