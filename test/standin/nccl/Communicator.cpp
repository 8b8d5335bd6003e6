// NCCL's functions on communicators, and those that say what was wrong.
#include "standin/nccl/Communicator.h"

#include <cstring>
#include <random>
#include <string>

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
  *communicator = new ncclComm{{id.internal, ranks, rank}};
  return ncclSuccess;
}

ncclResult_t ncclCommDestroy(ncclComm_t communicator) {
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
