// What the stand-in device does with kernels: what they compute, and what it reports of those
// that are wrong.
#include "standin/tests/OnDevice.h"

#include "autopar/cuda/Kernel.cuh"

#include <gtest/gtest.h>

using autopar::cuda::launch;

namespace standin {

namespace {

__global__ void indexKernel(int *out) {
  const int thread = threadIdx.y * blockDim.x + threadIdx.x;
  out[(blockIdx.y * gridDim.x + blockIdx.x) * blockDim.x * blockDim.y + thread] =
      100 * blockIdx.y + 10 * blockIdx.x + thread;
}

TEST(Kernel, runsEachThreadOfEachBlock) {
  OnDevice<int> out(2 * 3 * 4);
  launch(indexKernel, dim3(3, 2), dim3(2, 2), 0, out.stream, out.data());
  const std::vector<int> values = out.read();
  for (int y = 0; y < 2; ++y)
    for (int x = 0; x < 3; ++x)
      for (int t = 0; t < 4; ++t)
        EXPECT_EQ(values[(y * 3 + x) * 4 + t], 100 * y + 10 * x + t);
}

/// Each thread reads what its neighbour has written, over and over.
__global__ void turnKernel(int *out, int times) {
  __shared__ int shared[256];
  int value = threadIdx.x;
  for (int i = 0; i < times; ++i) {
    shared[threadIdx.x] = value;
    __syncthreads();
    value = shared[(threadIdx.x + 1) % blockDim.x];
    __syncthreads();
  }
  out[blockIdx.x * blockDim.x + threadIdx.x] = value;
}

TEST(Kernel, barriersHoldAllThreads) {
  OnDevice<int> out(2 * 256);
  launch(turnKernel, 2, 256, 0, out.stream, out.data(), 300);
  const std::vector<int> values = out.read();
  for (int i = 0; i < 512; ++i)
    EXPECT_EQ(values[i], (i + 300) % 256);
}

__global__ void sumKernel(float *out) {
  out[threadIdx.x] = autopar::cuda::blockSum(static_cast<float>(threadIdx.x));
}

TEST(Kernel, shufflesAddUp) {
  OnDevice<float> out(256);
  launch(sumKernel, 1, 256, 0, out.stream, out.data());
  for (float value : out.read())
    EXPECT_EQ(value, 255 * 128);
}

__global__ void votesKernel(unsigned *out) {
  out[threadIdx.x] = __ballot_sync(0xffffffffu, threadIdx.x % 3 == 0);
  const bool any = __syncthreads_or(threadIdx.x == 40);
  out[threadIdx.x] += any;
}

TEST(Kernel, votesAreOfTheWarp) {
  OnDevice<unsigned> out(64);
  launch(votesKernel, 1, 64, 0, out.stream, out.data());
  const std::vector<unsigned> values = out.read();
  EXPECT_EQ(values[5], 0x49249249u + 1);
  EXPECT_EQ(values[37], 0x92492492u + 1);
}

__global__ void takesLessKernel(double, int64_t, int *out) { *out = 1; }

TEST(Kernel, whatNoGpuLaunchesIsAnError) {
  OnDevice<int> out(1);
  const auto status = [&](dim3 grid, dim3 block, size_t shared) {
    launch(takesLessKernel, grid, block, shared, out.stream, 1, 2, out.data());
    return cudaGetLastError();
  };
  EXPECT_EQ(status(1, 1024, 49152), cudaSuccess);
  EXPECT_EQ(status(0, 1, 0), cudaErrorInvalidConfiguration);
  EXPECT_EQ(status(1, 1025, 0), cudaErrorInvalidConfiguration);
  EXPECT_EQ(status(dim3(1, 65536), 1, 0), cudaErrorInvalidConfiguration);
  EXPECT_EQ(status(1, dim3(1, 1, 65), 0), cudaErrorInvalidConfiguration);
  EXPECT_EQ(status(1, 1, 49153), cudaErrorInvalidValue);
}

//===- what is wrong --------------------------------------------------------------------===//

template <class... Arguments>
void runOf(void (*kernel)(int *, Arguments...), unsigned threads,
           std::type_identity_t<Arguments>... arguments) {
  OnDevice<int> out(64);
  launch(kernel, 1, threads, 0, out.stream, out.data(), arguments...);
  out.read();
}

__global__ void divergingKernel(int *out) {
  if (threadIdx.x < 20)
    __syncthreads();
  else
    __syncthreads();
  *out = 1;
}

TEST(KernelDeathTest, barriersThatDiverge) {
  EXPECT_EXIT(runOf(divergingKernel, 64), testing::ExitedWithCode(1),
              "barriers diverge: thread .* waits at the barrier .*KernelTest.cu:[^$]*in kernel "
              "standin::.*divergingKernel\\(int\\*\\), block \\(0, 0, 0\\)");
}

__global__ void earlyEndKernel(int *out) {
  if (threadIdx.x == 3)
    return;
  *out = __shfl_xor_sync(0xffffffffu, 1, 1);
}

TEST(KernelDeathTest, shufflesWithLanesThatHaveEnded) {
  EXPECT_EXIT(runOf(earlyEndKernel, 32), testing::ExitedWithCode(1),
              "wait for each other for ever[^$]*waits in its warp at [^$]*has ended");
}

__global__ void foreignMaskKernel(int *out) { *out = __shfl_xor_sync(0xffff, 1, 16); }

TEST(KernelDeathTest, masksWithoutTheCaller) {
  EXPECT_EXIT(runOf(foreignMaskKernel, 32), testing::ExitedWithCode(1), "mask");
}

__global__ void offsetKernel(int *out, int64_t offset) { out[offset] = 1; }

TEST(KernelDeathTest, accessesBeyondAnAllocation) {
  EXPECT_EXIT(runOf<int64_t>(offsetKernel, 1, 64), testing::ExitedWithCode(1),
              "an access to byte 256 of an allocation of 256 bytes of device memory[^$]*in "
              "kernel [^$]*offsetKernel.*, block \\(0, 0, 0\\), thread \\(0, 0, 0\\)");
}

TEST(KernelDeathTest, accessesToWhatIsFreed) {
  EXPECT_EXIT(
      {
        OnDevice<int> out(64);
        int *const freed = out.data();
        cudaFree(freed);
        launch(offsetKernel, 1, 1, 0, out.stream, freed, 1);
        cudaStreamSynchronize(out.stream);
      },
      testing::ExitedWithCode(1), "byte 4 of a freed allocation of 256 bytes");
}

__global__ void wideKernel(int *out, int64_t offset) {
  autopar::cuda::Pack<int, 4>::load(out + offset).store(out);
}

TEST(KernelDeathTest, wideAccessesThatAreMisaligned) {
  EXPECT_EXIT(
      runOf<int64_t>(wideKernel, 1, 1), testing::ExitedWithCode(1),
      "an access to [^$]*Pack[^$]* at [^$]*Kernel.cuh:[^$]*no multiple of the 16 bytes[^$]*in "
      "kernel [^$]*wideKernel");
}

__global__ void deepKernel(int *out, int64_t depth) {
  volatile char room[16 << 10];
  room[depth] = 1;
  if (depth < 20)
    deepKernel(out, depth + 1);
  *out = room[depth];
}

TEST(KernelDeathTest, stacksThatAreFull) {
  EXPECT_EXIT(runOf<int64_t>(deepKernel, 1, 0), testing::ExitedWithCode(1), "stack is full");
}

} // namespace

} // namespace standin
