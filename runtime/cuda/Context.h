// What every call of this target runs on: a device's two streams and the libraries' handles,
// made once in set-up. A call's first argument.
#ifndef AUTOPAR_RUNTIME_CUDA_CONTEXT_H
#define AUTOPAR_RUNTIME_CUDA_CONTEXT_H

#include "autopar/cuda/Faults.h"
#include "autopar/cuda/Stream.h"
#include "autopar/cuda/Timeline.h"

struct cudnnContext;
struct cublasLtContext;

namespace autopar::cuda {

class Context {
public:
  /// On the current device, which later calls also plan for (see planFor).
  Context();
  ~Context();
  Context(const Context &) = delete;
  Context &operator=(const Context &) = delete;

  /// Computing calls run here, and beside it collectives, all of them: two communicators at work
  /// at once can wait for each other for ever, as NCCL's manual warns.
  const Stream compute;
  const Stream communication{Stream::Priority::High};
  const Faults faults;
  /// Marks are no part of the work, so whoever may put out work may set them.
  mutable DeviceTimeline timeline{compute, communication};

  cudnnContext *cudnn() const { return cudnnHandle; }
  cublasLtContext *blas() const { return blasHandle; }

  /// Communication put out from here on comes after all computation so far.
  void fork() const;

  /// Waits until all work is done. \throws std::runtime_error for an error of any of it,
  /// std::out_of_range for a fault that a call has left.
  void synchronize() const;

private:
  cudnnContext *cudnnHandle = nullptr;
  cublasLtContext *blasHandle = nullptr;
  const Event forked;
};

} // namespace autopar::cuda

#endif // AUTOPAR_RUNTIME_CUDA_CONTEXT_H
