// What a communicator stands for here.
#ifndef AUTOPAR_TEST_STANDIN_NCCL_COMMUNICATOR_H
#define AUTOPAR_TEST_STANDIN_NCCL_COMMUNICATOR_H

#include "standin/nccl/Mesh.h"

#include <nccl.h>

#include <cstddef>
#include <set>
#include <string>

/// A range of device memory that is registered with a communicator.
struct ncclWindow_vidmem {
  const char *begin;
  size_t bytes;
};

struct ncclComm {
  ncclComm(const std::string &name, int ranks, int rank) : name(name), mesh(name, ranks, rank) {}

  const std::string name;
  standin::nccl::Mesh mesh;
  int splits = 0; ///< communicators that were split off it
  std::set<ncclWindow_t> windows;

  /// " at byte 12 of a window": symmetric ones have all ranks' operands at the same places, so
  /// it is part of what a rank says that it does. Empty where the operand is in none.
  std::string placeOf(const void *operand) const;
};

#endif // AUTOPAR_TEST_STANDIN_NCCL_COMMUNICATOR_H
