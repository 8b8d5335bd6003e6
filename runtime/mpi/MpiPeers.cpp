#include "autopar/mpi/MpiPeers.h"

#include "autopar/mpi/CheckMpi.h"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <stdexcept>

using namespace autopar;

namespace {

/// Whether a launcher started this process as one of several.
bool startedByLauncher() {
  for (const char *name : {"OMPI_COMM_WORLD_SIZE", "PMIX_RANK", "PMI_RANK", "SLURM_PROCID"})
    if (std::getenv(name))
      return true;
  return false;
}

/// MPI counts are 32-bit integers: `piece(bytes)` for all of a message, in order.
template <typename Byte, typename Piece>
void inPieces(std::span<Byte> message, const Piece &piece) {
  constexpr size_t most = size_t(1) << 30;
  for (size_t done = 0; done < message.size(); done += most)
    piece(message.subspan(done, std::min(most, message.size() - done)));
}

} // namespace

std::unique_ptr<Peers> MpiPeers::join(int &argc, char **&argv) {
  // Alone there is nobody to talk to: no helper daemon needs to be started.
  if (!startedByLauncher())
    setenv("OMPI_MCA_ess_singleton_isolated", "1", /*overwrite=*/0);
  int provided = 0, rank = 0, ranks = 1;
  checkMpi(MPI_Init_thread(&argc, &argv, MPI_THREAD_FUNNELED, &provided));
  checkMpi(MPI_Comm_set_errhandler(MPI_COMM_WORLD, MPI_ERRORS_RETURN));
  checkMpi(MPI_Comm_rank(MPI_COMM_WORLD, &rank));
  checkMpi(MPI_Comm_size(MPI_COMM_WORLD, &ranks));
  return std::unique_ptr<Peers>(new MpiPeers(rank, ranks));
}

MpiPeers::~MpiPeers() {
  for (auto &[mesh, communicator] : communicators)
    MPI_Comm_free(&communicator);
  MPI_Finalize();
}

void MpiPeers::sendToFirst(std::span<const std::byte> message) {
  inPieces(message, [](std::span<const std::byte> piece) {
    checkMpi(MPI_Send(piece.data(), static_cast<int>(piece.size()), MPI_BYTE, /*dest=*/0,
                      /*tag=*/0, MPI_COMM_WORLD));
  });
}

void MpiPeers::receive(int from, std::span<std::byte> message) {
  inPieces(message, [from](std::span<std::byte> piece) {
    checkMpi(MPI_Recv(piece.data(), static_cast<int>(piece.size()), MPI_BYTE, from, /*tag=*/0,
                      MPI_COMM_WORLD, MPI_STATUS_IGNORE));
  });
}

void MpiPeers::allGatherBytes(std::span<const std::byte> mine, std::span<std::byte> all) {
  const int bytes = static_cast<int>(mine.size());
  checkMpi(MPI_Allgather(mine.data(), bytes, MPI_BYTE, all.data(), bytes, MPI_BYTE,
                         MPI_COMM_WORLD));
}

void MpiPeers::endAll(const std::string &line) {
  std::fputs(line.c_str(), stderr);
  std::fflush(stderr);
  if (ranks() == 1)
    std::_Exit(1);
  MPI_Abort(MPI_COMM_WORLD, 1);
  std::abort(); // MPI_Abort does not return
}

std::string MpiPeers::starter(int64_t ranks) const {
  return "mpirun -n " + std::to_string(ranks);
}

MPI_Comm MpiPeers::communicator(const Group &group) {
  auto *const peers = dynamic_cast<MpiPeers *>(&group.rank->peers());
  if (!peers)
    throw std::invalid_argument("a collective over MPI needs ranks that mpirun has started");
  const Mesh &mesh = group.rank->mesh();
  const std::pair key(toString(mesh), group.axes);
  const auto found = peers->communicators.find(key);
  if (found != peers->communicators.end())
    return found->second;

  AxisSet others;
  for (int axis = 0; axis < mesh.sizes.size(); ++axis)
    if (!group.axes.contains(axis))
      others = others | AxisSet{axis};
  MPI_Comm made = MPI_COMM_NULL;
  checkMpi(MPI_Comm_split(MPI_COMM_WORLD, static_cast<int>(group.rank->block(others)),
                          group.index, &made));
  checkMpi(MPI_Comm_set_errhandler(made, MPI_ERRORS_RETURN));
  return peers->communicators.emplace(key, made).first->second;
}
