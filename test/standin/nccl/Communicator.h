// What a communicator stands for here.
#ifndef AUTOPAR_TEST_STANDIN_NCCL_COMMUNICATOR_H
#define AUTOPAR_TEST_STANDIN_NCCL_COMMUNICATOR_H

#include "standin/nccl/Mesh.h"

#include <nccl.h>

struct ncclComm {
  standin::nccl::Mesh mesh;
};

#endif // AUTOPAR_TEST_STANDIN_NCCL_COMMUNICATOR_H
