// See Context.h.
#include "autopar/cuda/Context.h"

#include "autopar/cuda/Planning.h"
#include "autopar/cuda/blas/Check.h"
#include "autopar/cuda/cudnn/Check.h"

using namespace autopar::cuda;

Context::Context() {
  int device = 0;
  check(cudaGetDevice(&device));
  check(cudnnCreate(&cudnnHandle));
  check(cudnnSetStream(cudnnHandle, compute));
  planFor(DeviceProperties::ofDevice(device), cudnnHandle);
  check(cublasLtCreate(&blasHandle));
}

Context::~Context() {
  cublasLtDestroy(blasHandle);
  if (plannedHandle() == cudnnHandle)
    planFor(plannedDevice());
  cudnnDestroy(cudnnHandle);
}

void Context::fork() const {
  forked.record(compute);
  communication.wait(forked);
}

void Context::synchronize() const {
  compute.synchronize();
  communication.synchronize();
  faults.raise();
}
