// The first calls that a program makes of each library, one by one, with the status of each: what
// fails on a machine usually fails here, and here it says so in its own words. A line a call, as
// it returns; the exit code says whether all of them did well.
#include <cublasLt.h>
#include <cuda_runtime_api.h>
#include <cudnn.h>
#include <nccl.h>

#include <chrono>
#include <cstdio>
#include <string>

static bool wrong = false;

static const char *text(cudaError_t status) { return cudaGetErrorString(status); }
static const char *text(cudnnStatus_t status) { return cudnnGetErrorString(status); }
static const char *text(ncclResult_t status) { return ncclGetErrorString(status); }
static const char *text(cublasStatus_t status) {
  return cublasLtGetStatusString(status);
}

template <class Call> static bool say(const char *name, Call call) {
  std::printf("%s: ", name);
  std::fflush(stdout); // so that a call that hangs has a name
  const auto begin = std::chrono::steady_clock::now();
  const auto status = call();
  const std::chrono::duration<double, std::milli> took =
      std::chrono::steady_clock::now() - begin;
  std::printf("%d %s, %.1f ms\n", static_cast<int>(status), text(status), took.count());
  std::fflush(stdout);
  wrong |= static_cast<int>(status) != 0;
  return static_cast<int>(status) == 0;
}
#define SAY(name, ...) say(#name, [&] { return name(__VA_ARGS__); })

static void memoryAndStreams() {
  constexpr size_t bytes = size_t(1) << 20;
  void *device = nullptr, *host = nullptr;
  cudaStream_t stream = nullptr;
  cudaEvent_t event = nullptr;
  int least = 0, greatest = 0;
  SAY(cudaDeviceGetStreamPriorityRange, &least, &greatest);
  if (!SAY(cudaStreamCreateWithPriority, &stream, cudaStreamNonBlocking, greatest) ||
      !SAY(cudaEventCreateWithFlags, &event, cudaEventDisableTiming) ||
      !SAY(cudaMalloc, &device, bytes) || !SAY(cudaMallocHost, &host, bytes))
    return;
  SAY(cudaMemsetAsync, device, 0, bytes, stream);
  SAY(cudaMemcpyAsync, host, device, bytes, cudaMemcpyDeviceToHost, stream);
  SAY(cudaEventRecord, event, stream);
  SAY(cudaStreamWaitEvent, stream, event, 0);
  SAY(cudaStreamSynchronize, stream);

  cudaGraph_t graph = nullptr;
  cudaGraphExec_t ready = nullptr;
  SAY(cudaStreamBeginCapture, stream, cudaStreamCaptureModeThreadLocal);
  SAY(cudaMemsetAsync, device, 1, bytes, stream);
  if (SAY(cudaStreamEndCapture, stream, &graph) &&
      SAY(cudaGraphInstantiate, &ready, graph, 0)) {
    SAY(cudaGraphLaunch, ready, stream);
    SAY(cudaStreamSynchronize, stream);
    SAY(cudaGraphExecDestroy, ready);
    SAY(cudaGraphDestroy, graph);
  }
  SAY(cudaFree, device);
  SAY(cudaFreeHost, host);
  SAY(cudaEventDestroy, event);
  SAY(cudaStreamDestroy, stream);
}

int main() {
  int driver = 0, runtime = 0, devices = 0;
  SAY(cudaDriverGetVersion, &driver);
  SAY(cudaRuntimeGetVersion, &runtime);
  SAY(cudaGetDeviceCount, &devices);
  std::printf("driver's CUDA %d, runtime %d, %d devices\n", driver, runtime, devices);
  if (!SAY(cudaSetDevice, 0))
    return 1;
  cudaDeviceProp properties = {};
  if (SAY(cudaGetDeviceProperties, &properties, 0))
    std::printf("%s, compute capability %d.%d, %zu bytes, %d multiprocessors\n", properties.name,
                properties.major, properties.minor, properties.totalGlobalMem,
                properties.multiProcessorCount);
  size_t free = 0, total = 0;
  if (SAY(cudaMemGetInfo, &free, &total))
    std::printf("%zu of %zu bytes free\n", free, total);
  memoryAndStreams();

  cudnnHandle_t cudnn = nullptr;
  if (SAY(cudnnCreate, &cudnn))
    SAY(cudnnDestroy, cudnn);
  cublasLtHandle_t blas = nullptr;
  if (SAY(cublasLtCreate, &blas))
    SAY(cublasLtDestroy, blas);
  ncclUniqueId id;
  ncclComm_t communicator = nullptr;
  if (SAY(ncclGetUniqueId, &id) && SAY(ncclCommInitRank, &communicator, 1, id, 0))
    SAY(ncclCommDestroy, communicator);
  return wrong;
}
