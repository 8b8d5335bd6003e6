// Ranks of one communicator, each with a socket to each other. They are processes of one
// machine.
#ifndef AUTOPAR_TEST_STANDIN_NCCL_MESH_H
#define AUTOPAR_TEST_STANDIN_NCCL_MESH_H

#include <cstddef>
#include <string>
#include <vector>

namespace standin::nccl {

class Mesh {
public:
  /// Waits for all ranks that come by this name; one that does not within a minute is reported.
  Mesh(const std::string &name, int ranks, int rank);
  ~Mesh();
  Mesh(const Mesh &) = delete;
  Mesh &operator=(const Mesh &) = delete;

  struct Transfer {
    int peer; ///< may be this rank
    const void *from;
    size_t bytesFrom;
    void *to;
    size_t bytesTo;
  };

  /// All at once. `what` is a line that says what this rank does; each peer of a transfer must
  /// say the same. Peers that do not, or that have ended, are reported.
  void exchange(const std::string &what, const std::vector<Transfer> &transfers);

  const int ranks, rank;

private:
  std::vector<int> sockets; ///< by rank; -1 is this one's
};

} // namespace standin::nccl

#endif // AUTOPAR_TEST_STANDIN_NCCL_MESH_H
