// What --races and --strict find: each fault in a program that has it, and nothing in the same
// program put right. Each runs in a process of its own.
#include "standin/checks/Checks.h"
#include "standin/device/Random.h"
#include "standin/tests/OnDevice.h"

#include "autopar/cuda/Kernel.cuh"

#include <gtest/gtest.h>

using autopar::cuda::launch;

namespace standin {

namespace {

constexpr int count = 64;

/// body() under the checks.
template <class Body> void checked(Body body, Checks checks = {.races = true, .memory = true}) {
  choose(checks);
  body();
  std::_Exit(0);
}

template <class Body> void expectNothing(Body body) {
  EXPECT_EXIT(checked(body), testing::ExitedWithCode(0), "");
}

template <class Body> void expectFound(Body body, const char *what) {
  EXPECT_EXIT(checked(body), testing::ExitedWithCode(1), what);
}

/// A race, whatever else there may be.
template <class Body> void expectRace(Body body, const char *what = "a race") {
  EXPECT_EXIT(checked(body, {.races = true}), testing::ExitedWithCode(1), what);
}

//===- streams ---------------------------------------------------------------------------===//

__global__ void countKernel(int *out) { out[threadIdx.x] = threadIdx.x; }
__global__ void doubleKernel(int *out, const int *in) {
  out[threadIdx.x] = 2 * in[threadIdx.x];
}

/// Work on one stream, and on another that `orders`, or nothing, puts behind it.
struct TwoStreams {
  OnDevice<int> from{count}, to{count};
  OwnStream one, other;

  void order() {
    OwnEvent event;
    cudaEventRecord(event, one);
    cudaStreamWaitEvent(other, event);
  }
  void fill(cudaStream_t stream, int first = 0, int ints = count) {
    cudaMemsetAsync(from.data() + first, 1, ints * sizeof(int), stream);
  }
  void read(cudaStream_t stream) {
    launch(doubleKernel, 1, count, 0, stream, to.data(), from.data());
  }
  void finish() {
    cudaStreamSynchronize(one);
    cudaStreamSynchronize(other);
  }
};

TEST(StreamRacesDeathTest, aWriteAndARead) {
  expectRace(
      [] {
        TwoStreams on;
        launch(countKernel, 1, count, 0, on.one, on.from.data());
        on.read(on.other);
        on.finish();
      },
      "a race: kernel [^$]*Kernel\\(.* on stream [0-9]* (reads|writes) 256 bytes from byte 0 "
      "of "
      "an allocation of 256 bytes of device memory on, which kernel [^$]*Kernel\\(.* on stream "
      "[0-9]* (writes|reads); no event, stream or wait of the host orders the two");
}

TEST(StreamRacesDeathTest, inEitherOrder) {
  for (int i = 0; i < 6; ++i) {
    random().below(2); // The next process has the two in another order, perhaps.
    expectRace(
        [] {
          TwoStreams on;
          on.fill(on.one, 0, 2);
          on.fill(on.other, 1, 2);
          on.finish();
        },
        "a race: cudaMemsetAsync on stream . writes 4 bytes from byte 4 of [^$]*, which "
        "cudaMemsetAsync on stream . writes");
  }
}

TEST(StreamRacesDeathTest, oneEventTooFew) {
  for (bool isOrdered : {true, false}) {
    const auto program = [=] {
      TwoStreams on;
      launch(countKernel, 1, count, 0, on.one, on.from.data());
      on.order();
      on.read(on.other);
      if (isOrdered) {
        OwnEvent isRead;
        cudaEventRecord(isRead, on.other);
        cudaStreamWaitEvent(on.one, isRead);
      }
      launch(countKernel, 1, count, 0, on.one, on.from.data());
      on.finish();
    };
    if (isOrdered)
      expectNothing(program);
    else
      expectRace(program, "a race: kernel");
  }
}

TEST(StreamRacesDeathTest, anEventIsWhatItWasWhenItWasWaitedFor) {
  expectRace(
      [] {
        TwoStreams on;
        OwnEvent event;
        cudaEventRecord(event, on.one);
        launch(countKernel, 1, count, 0, on.one, on.from.data());
        cudaStreamWaitEvent(on.other, event); // Before the kernel, not behind it.
        on.read(on.other);
        on.finish();
      },
      "a race: kernel");
}

TEST(StreamRacesDeathTest, theHostsWaitOrders) {
  expectNothing([] {
    TwoStreams on;
    launch(countKernel, 1, count, 0, on.one, on.from.data());
    cudaStreamSynchronize(on.one);
    on.read(on.other);
    on.finish();
  });
}

TEST(StreamRacesDeathTest, readersAndNeighboursDoNot) {
  expectNothing([] {
    TwoStreams on;
    on.fill(on.one, 0, 32);
    on.fill(on.other, 32, 32);
    on.finish();
    OnDevice<int> second(count);
    on.read(on.one);
    launch(doubleKernel, 1, count, 0, on.other, second.data(), on.from.data());
    on.finish();
  });
}

TEST(StreamRacesDeathTest, copiesFromThePageableHostAreNotWaitedFor) {
  expectRace(
      [] {
        TwoStreams on;
        const std::vector<int> ones(count, 1);
        cudaMemcpyAsync(on.from.data(), ones.data(), count * sizeof(int),
                        cudaMemcpyHostToDevice, on.one);
        on.read(on.other);
        on.finish();
      },
      "a race: ");
}

/// Two branches of a captured graph, on the same bytes unless an edge orders them.
void captureBranches(bool isOrdered, bool launchesBeside) {
  TwoStreams on;
  cudaGraph_t graph = nullptr;
  cudaGraphExec_t executable = nullptr;
  cudaStreamBeginCapture(on.one, cudaStreamCaptureModeThreadLocal);
  if (isOrdered)
    launch(countKernel, 1, count, 0, on.one, on.from.data());
  on.order();
  if (!isOrdered)
    launch(countKernel, 1, count, 0, on.one, on.from.data());
  on.read(on.other);
  OwnEvent done;
  cudaEventRecord(done, on.other);
  cudaStreamWaitEvent(on.one, done);
  cudaStreamEndCapture(on.one, &graph);
  cudaGraphInstantiate(&executable, graph, 0);
  for (int i = 0; i < 2; ++i)
    cudaGraphLaunch(executable, on.one);
  if (launchesBeside)
    on.read(on.other);
  on.finish();
}

TEST(StreamRacesDeathTest, branchesOfAGraph) {
  expectNothing([] { captureBranches(true, false); });
  expectRace([] { captureBranches(false, false); },
             "a race: kernel [^$]* on stream ., in a graph, of what was captured from stream");
}

TEST(StreamRacesDeathTest, aGraphAndAStream) {
  expectRace([] { captureBranches(true, true); }, "a race: kernel");
}

//===- threads of a kernel ---------------------------------------------------------------===//

void runOf(void (*kernel)(int *), unsigned blocks = 1, unsigned threads = count) {
  OnDevice<int> out(1024);
  launch(kernel, blocks, threads, 0, out.stream, out.data());
  cudaStreamSynchronize(out.stream);
}

template <bool HasBarrier> __global__ void neighbourKernel(int *out) {
  __shared__ int mine[count];
  mine[threadIdx.x] = threadIdx.x;
  if (HasBarrier)
    __syncthreads();
  out[threadIdx.x] = mine[(threadIdx.x + 1) % blockDim.x];
}

TEST(BlockRacesDeathTest, aBarrierIsMissing) {
  expectRace([] { runOf(neighbourKernel<false>); },
             "a race of threads: thread \\([0-9]*, 0, 0\\) (reads|writes) shared memory, "
             "[^$]*neighbourKernel<false>[^$]*mine, which thread \\([0-9]*, 0, 0\\) "
             "(reads|writes) between the same barriers\n  in kernel [^$]*neighbourKernel");
  expectNothing([] { runOf(neighbourKernel<true>); });
}

/// The second barrier of two: what is read must be read before it is written again.
template <bool HasBarrier> __global__ void againKernel(int *out) {
  __shared__ int mine[count];
  for (int i = 0; i < 2; ++i) {
    mine[threadIdx.x] = threadIdx.x + i;
    __syncthreads();
    out[threadIdx.x] = mine[(threadIdx.x + 1) % blockDim.x];
    if (HasBarrier)
      __syncthreads();
  }
}

TEST(BlockRacesDeathTest, writtenBeforeAllHaveRead) {
  expectNothing([] { runOf(againKernel<true>, 1); });
  expectRace([] { runOf(againKernel<false>, 1); }, "a race of threads");
}

/// The first 16 lanes meet, and read what the first `Readers` of a warp have written.
template <unsigned Readers> __global__ void lanesKernel(int *out) {
  __shared__ int mine[32];
  mine[threadIdx.x] = threadIdx.x;
  if (threadIdx.x < 16)
    __syncwarp(0xffff);
  if (threadIdx.x < 16)
    out[threadIdx.x] = mine[(threadIdx.x + 1) % Readers];
}

TEST(BlockRacesDeathTest, lanesAreOrderedByTheirMask) {
  expectNothing([] { runOf(lanesKernel<16>, 1, 32); });
  expectRace([] { runOf(lanesKernel<32>, 1, 32); },
             "a race of threads: thread \\((15|16), 0, 0\\)");
}

template <bool IsOrdered> __global__ void shuffleKernel(int *out) {
  __shared__ int mine[32];
  mine[threadIdx.x] = threadIdx.x;
  const int lane = __shfl_xor_sync(0xffffffffu, static_cast<int>(threadIdx.x), 1);
  if (IsOrdered)
    __syncwarp();
  out[threadIdx.x] = mine[lane];
}

TEST(BlockRacesDeathTest, shufflesOrderNoMemory) {
  expectNothing([] { runOf(shuffleKernel<true>, 1, 32); });
  expectRace([] { runOf(shuffleKernel<false>, 1, 32); }, "a race of threads");
}

__global__ void sameKernel(int *out) { out[threadIdx.x] = blockIdx.x; }

TEST(BlockRacesDeathTest, blocksThatWriteTheSame) {
  expectNothing([] { runOf(sameKernel, 1); });
  expectRace([] { runOf(sameKernel, 2); },
             "a race of threads: thread \\(0, 0, 0\\) writes byte 0 of an allocation of 4096 "
             "bytes of device memory, which a thread of another block writes\n");
}

__global__ void halvesKernel(int *out) {
  reinterpret_cast<uint16_t *>(out)[threadIdx.x] = threadIdx.x;
  out[count + threadIdx.x] = 1;
}

TEST(BlockRacesDeathTest, neighboursInAWordDoNot) {
  expectNothing([] { runOf(halvesKernel); });
}

__global__ void addKernel(float *sum, bool isAtomic) {
  if (isAtomic)
    atomicAdd(sum, 1);
  else
    *sum += 1;
}

TEST(BlockRacesDeathTest, atomicsDoNot) {
  for (bool isAtomic : {true, false}) {
    const auto program = [=] {
      OnDevice<float> sum(2);
      cudaMemsetAsync(sum.data(), 0, sizeof(float), sum.stream);
      launch(addKernel, 2, 32, 0, sum.stream, sum.data(), isAtomic);
      cudaStreamSynchronize(sum.stream);
    };
    if (isAtomic)
      expectNothing(program);
    else
      expectRace(program, "a race of threads");
  }
}

//===- memory ----------------------------------------------------------------------------===//

TEST(UnwrittenDeathTest, readByAKernel) {
  expectFound(
      [] {
        TwoStreams on;
        on.fill(on.one, 0, count - 1);
        on.read(on.one);
        on.finish();
      },
      "a read of memory that nobody has written: byte 252 of an allocation of 256 bytes[^$]*in "
      "kernel [^$]*doubleKernel[^$]*, thread \\(63, 0, 0\\)");
}

TEST(UnwrittenDeathTest, zerosOfAnAllocatorAreNobodys) {
  expectFound(
      [] {
        TwoStreams on;
        on.fill(on.one); // All of it, before anything else.
        on.read(on.one);
        on.finish();
      },
      "a read of memory that nobody has written: byte (0|252) of");
}

TEST(UnwrittenDeathTest, aCopyIsNoUse) {
  for (int ints : {count, count - 1}) {
    const auto program = [=] {
      TwoStreams on;
      OnDevice<int> copy(count);
      launch(countKernel, 1, ints, 0, on.one, on.from.data());
      cudaMemcpyAsync(copy.data(), on.from.data(), count * sizeof(int),
                      cudaMemcpyDeviceToDevice, on.one);
      launch(doubleKernel, 1, count, 0, on.one, on.to.data(), copy.data());
      on.finish();
    };
    if (ints == count)
      expectNothing(program);
    else
      expectFound(program, "nobody has written: byte 252");
  }
}

TEST(UnwrittenDeathTest, readByTheHost) {
  expectFound(
      [] {
        OnDevice<int> out(count);
        out.read();
      },
      "what cudaMemcpyAsync reads is memory that nobody has written: byte 0");
}

__global__ void unwrittenSharedKernel(int *out) {
  __shared__ int some[count];
  if (blockIdx.x == 0 || threadIdx.x < 32)
    some[threadIdx.x] = 1;
  __syncthreads();
  out[blockIdx.x * blockDim.x + threadIdx.x] = some[threadIdx.x];
}

TEST(UnwrittenDeathTest, sharedMemoryOfTheBlockBefore) {
  expectFound([] { runOf(unwrittenSharedKernel, 2); },
              "a read of shared memory that no thread of the block has written, "
              "[^$]*unwrittenSharedKernel[^$]*some\n[^$]*block \\(1, 0, 0\\), thread "
              "\\((32|63), 0, 0\\)");
}

TEST(PageableDeathTest, inAKernel) {
  expectFound(
      [] {
        OnDevice<int> out(count);
        const std::vector<int> onHost(count, 1);
        launch(doubleKernel, 1, count, 0, out.stream, out.data(), onHost.data());
        cudaStreamSynchronize(out.stream);
      },
      "an access to memory of the host that a device does not reach[^$]*in kernel "
      "[^$]*doubleKernel");
}

TEST(PageableDeathTest, pinnedMemoryIsReached) {
  expectNothing([] {
    OnDevice<int> out(count);
    int *pinned = nullptr;
    cudaMallocHost(reinterpret_cast<void **>(&pinned), count * sizeof(int));
    launch(doubleKernel, 1, count, 0, out.stream, out.data(), pinned);
    cudaStreamSynchronize(out.stream);
  });
}

TEST(ChecksDeathTest, areOfTheseNames) {
  EXPECT_FALSE(checksOfName("").any());
  EXPECT_TRUE(checksOfName("races").races);
  EXPECT_TRUE(checksOfName("strict").memory);
  EXPECT_EXIT(checksOfName("all"), testing::ExitedWithCode(1),
              "STANDIN_CHECKS is all, which is neither races nor strict");
}

} // namespace

} // namespace standin
