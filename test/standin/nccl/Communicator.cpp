// NCCL's functions on communicators, and those that say what was wrong.
#include "standin/nccl/Communicator.h"

#include "standin/Report.h"
#include "standin/device/Memory.h"

#include <cstring>
#include <random>
#include <string>
#include <vector>

/// A name, in a form that no other run's has.
ncclResult_t ncclGetUniqueId(ncclUniqueId *id) {
  std::random_device draw;
  const std::string name = "autopar-standin-" + std::to_string(draw()) + std::to_string(draw());
  *id = {};
  std::memcpy(id->internal, name.c_str(), name.size());
  return ncclSuccess;
}

ncclResult_t ncclCommInitRank(ncclComm_t *communicator, int ranks, ncclUniqueId id, int rank) {
  if (ranks < 1 || rank < 0 || rank >= ranks || !id.internal[0])
    return ncclInvalidArgument;
  *communicator = new ncclComm(id.internal, ranks, rank);
  return ncclSuccess;
}

ncclResult_t ncclCommInitRankConfig(ncclComm_t *communicator, int ranks, ncclUniqueId id, int rank,
                                    ncclConfig_t *) {
  return ncclCommInitRank(communicator, ranks, id, rank);
}

/// What every rank says at once.
template <class T>
static std::vector<T> allGather(standin::nccl::Mesh &mesh, const std::string &what,
                                const T &mine) {
  std::vector<T> all(mesh.ranks);
  std::vector<standin::nccl::Mesh::Transfer> transfers;
  for (int peer = 0; peer < mesh.ranks; ++peer)
    transfers.push_back({peer, &mine, sizeof mine, &all[peer], sizeof mine});
  mesh.exchange(what, transfers);
  return all;
}

ncclResult_t ncclCommSplit(ncclComm_t communicator, int color, int key, ncclComm_t *made,
                           ncclConfig_t *) {
  struct Wish {
    int color, key;
  };
  standin::nccl::Mesh &mesh = communicator->mesh;
  const std::vector<Wish> wishes = allGather(mesh, "ncclCommSplit", Wish{color, key});
  const std::string name = communicator->name + "/" + std::to_string(communicator->splits++) +
                           "." + std::to_string(color);
  *made = nullptr;
  if (color == NCCL_SPLIT_NOCOLOR)
    return ncclSuccess;
  int ranks = 0, rank = 0;
  for (int peer = 0; peer < mesh.ranks; ++peer) {
    if (wishes[peer].color != color)
      continue;
    ++ranks;
    // Those of one key are in the order of their ranks.
    if (wishes[peer].key < key || (wishes[peer].key == key && peer < mesh.rank))
      ++rank;
  }
  *made = new ncclComm(name, ranks, rank);
  return ncclSuccess;
}

ncclResult_t ncclMemAlloc(void **memory, size_t bytes) {
  // Windows begin at multiples of this, as the end of an allocation does here.
  const size_t whole = (bytes + NCCL_WIN_REQUIRED_ALIGNMENT - 1) / NCCL_WIN_REQUIRED_ALIGNMENT *
                       NCCL_WIN_REQUIRED_ALIGNMENT;
  *memory = standin::allocate(standin::Place::Device, whole);
  return *memory ? ncclSuccess : ncclUnhandledCudaError;
}

ncclResult_t ncclMemFree(void *memory) {
  standin::release(standin::Place::Device, memory);
  return ncclSuccess;
}

ncclResult_t ncclCommWindowRegister(ncclComm_t communicator, void *memory, size_t bytes,
                                    ncclWindow_t *window, int flags) {
  standin::require(standin::Place::Device, memory, bytes, "what ncclCommWindowRegister takes");
  if (reinterpret_cast<uintptr_t>(memory) % NCCL_WIN_REQUIRED_ALIGNMENT)
    return ncclInvalidArgument;
  allGather(communicator->mesh,
            "ncclCommWindowRegister of " + std::to_string(bytes) + " bytes with flags " +
                std::to_string(flags),
            0);
  *window = new ncclWindow_vidmem{static_cast<const char *>(memory), bytes};
  communicator->windows.insert(*window);
  return ncclSuccess;
}

ncclResult_t ncclCommWindowDeregister(ncclComm_t communicator, ncclWindow_t window) {
  if (!communicator->windows.erase(window))
    return ncclInvalidArgument;
  delete window;
  return ncclSuccess;
}

std::string ncclComm::placeOf(const void *operand) const {
  const char *const at = static_cast<const char *>(operand);
  for (const ncclWindow_t window : windows)
    if (at >= window->begin && at < window->begin + window->bytes)
      return " at byte " + std::to_string(at - window->begin) + " of a window";
  return "";
}

ncclResult_t ncclCommDestroy(ncclComm_t communicator) {
  if (!communicator->windows.empty())
    standin::report("NCCL: a communicator is destroyed while a window is registered with it");
  delete communicator;
  return ncclSuccess;
}

/// Whatever goes wrong is reported at once.
ncclResult_t ncclCommGetAsyncError(ncclComm_t, ncclResult_t *error) {
  *error = ncclSuccess;
  return ncclSuccess;
}

const char *ncclGetErrorString(ncclResult_t result) {
  return result == ncclSuccess           ? "no error"
         : result == ncclInvalidArgument ? "invalid argument"
         : result == ncclInvalidUsage    ? "invalid usage"
                                         : "another error of NCCL's";
}

const char *ncclGetLastError(ncclComm_t) { return ""; }
