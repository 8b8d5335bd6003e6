// What the stand-in device does with streams, events, graphs and memory, and what it reports.
#include "standin/tests/OnDevice.h"

#include <gtest/gtest.h>

#include <sys/mman.h>

#include <set>

namespace standin {

namespace {

/// A byte that work on any stream sets.
class Byte : public OnDevice<unsigned char> {
public:
  Byte() : OnDevice(1) { set(0, stream); }
  void set(int value, cudaStream_t on) { cudaMemsetAsync(data(), value, 1, on); }
};

TEST(Stream, nothingIsDoneBeforeSomebodyWaits) {
  Byte byte;
  unsigned char *pinned = nullptr;
  cudaMallocHost(reinterpret_cast<void **>(&pinned), 1);
  *pinned = 7;
  cudaMemcpyAsync(pinned, byte.data(), 1, cudaMemcpyDeviceToHost, byte.stream);
  EXPECT_EQ(*pinned, 7);
  cudaStreamSynchronize(byte.stream);
  EXPECT_EQ(*pinned, 0);
  cudaFreeHost(pinned);
}

TEST(Stream, unorderedWorkComesInEitherOrder) {
  std::set<int> seen;
  for (int i = 0; i < 100; ++i) {
    Byte byte;
    cudaStreamSynchronize(byte.stream);
    OwnStream one, other;
    byte.set(1, one);
    byte.set(2, other);
    cudaStreamSynchronize(one);
    cudaStreamSynchronize(other);
    seen.insert(byte.read()[0]);
  }
  EXPECT_EQ(seen, (std::set<int>{1, 2}));
}

// The host waits for what an event marks, and for no more.
TEST(Stream, hostsWaitForEvents) {
  std::set<int> seen;
  for (int i = 0; i < 100; ++i) {
    Byte byte;
    cudaStreamSynchronize(byte.stream);
    OwnStream one;
    OwnEvent first;
    EXPECT_EQ(cudaEventQuery(first), cudaSuccess) << "of an event that marks nothing";
    unsigned char *pinned = nullptr;
    cudaMallocHost(reinterpret_cast<void **>(&pinned), 1);
    byte.set(1, one);
    cudaMemcpyAsync(pinned, byte.data(), 1, cudaMemcpyDeviceToHost, one);
    cudaEventRecord(first, one);
    byte.set(2, one);
    cudaMemcpyAsync(pinned, byte.data(), 1, cudaMemcpyDeviceToHost, one);
    if (i % 2)
      cudaEventSynchronize(first);
    else
      while (cudaEventQuery(first) == cudaErrorNotReady)
        cudaGetLastError();
    seen.insert(*pinned);
    cudaStreamSynchronize(one);
    EXPECT_EQ(*pinned, 2);
    cudaFreeHost(pinned);
  }
  EXPECT_EQ(seen, (std::set<int>{1, 2}));
}

TEST(Stream, eventsOrderIt) {
  for (int i = 0; i < 100; ++i) {
    Byte byte;
    cudaStreamSynchronize(byte.stream);
    OwnStream one, other;
    OwnEvent event;
    byte.set(1, one);
    cudaEventRecord(event, one);
    cudaStreamWaitEvent(other, event);
    byte.set(2, other);
    cudaStreamSynchronize(other);
    EXPECT_EQ(byte.read()[0], 2);
  }
}

/// Sets the byte on one stream, then on another, captured from the first.
cudaError_t capture(Byte &byte, cudaStream_t one, cudaStream_t other, bool joins,
                    cudaGraph_t *graph) {
  OwnEvent forked, done;
  cudaStreamBeginCapture(one, cudaStreamCaptureModeThreadLocal);
  byte.set(1, one);
  cudaEventRecord(forked, one);
  cudaStreamWaitEvent(other, forked);
  byte.set(2, other);
  cudaEventRecord(done, other);
  if (joins)
    cudaStreamWaitEvent(one, done);
  return cudaStreamEndCapture(one, graph);
}

TEST(Graph, replaysWhatWasCaptured) {
  Byte byte;
  OwnStream one, other;
  cudaGraph_t graph = nullptr;
  ASSERT_EQ(capture(byte, one, other, /*joins=*/true, &graph), cudaSuccess);
  EXPECT_EQ(byte.read()[0], 0); // Capturing does nothing.
  cudaGraphExec_t executable = nullptr;
  ASSERT_EQ(cudaGraphInstantiate(&executable, graph, 0), cudaSuccess);
  cudaGraphDestroy(graph);
  for (int i = 0; i < 3; ++i) {
    byte.set(9, one);
    ASSERT_EQ(cudaGraphLaunch(executable, one), cudaSuccess);
    cudaStreamSynchronize(one);
    EXPECT_EQ(byte.read()[0], 2);
  }
  cudaGraphExecDestroy(executable);
}

TEST(Graph, streamsMustComeBack) {
  Byte byte;
  OwnStream one, other;
  cudaGraph_t graph = nullptr;
  EXPECT_EQ(capture(byte, one, other, /*joins=*/false, &graph), cudaErrorStreamCaptureUnjoined);
  cudaGetLastError();
}

TEST(Graph, capturesMayNotWait) {
  Byte byte;
  OwnStream one;
  cudaGraph_t graph = nullptr;
  cudaStreamBeginCapture(one, cudaStreamCaptureModeThreadLocal);
  EXPECT_EQ(cudaStreamSynchronize(one), cudaErrorStreamCaptureUnsupported);
  EXPECT_EQ(cudaStreamEndCapture(one, &graph), cudaErrorStreamCaptureInvalidated);
  cudaGetLastError();
}

TEST(Memory, isFullAtSomeTime) {
  void *memory = nullptr;
  EXPECT_EQ(cudaMalloc(&memory, size_t(80) << 30), cudaErrorMemoryAllocation);
  cudaGetLastError();
}

TEST(MemoryDeathTest, copiesBeyondAnAllocation) {
  EXPECT_EXIT(
      {
        Byte byte;
        cudaMemsetAsync(byte.data() + 1, 0, 1, byte.stream);
      },
      testing::ExitedWithCode(1),
      "what cudaMemsetAsync writes, 1 bytes of device memory, begins at byte 1 of an "
      "allocation "
      "of 1 bytes");
}

TEST(MemoryDeathTest, hostMemoryWhereTheDevicesIsMeant) {
  EXPECT_EXIT(
      {
        Byte byte;
        unsigned char onHost = 0;
        cudaMemcpyAsync(&onHost, byte.data(), 1, cudaMemcpyHostToDevice, byte.stream);
      },
      testing::ExitedWithCode(1), "is no device memory");
}

TEST(MemoryDeathTest, freedTwice) {
  EXPECT_EXIT(
      {
        void *memory = nullptr;
        cudaMalloc(&memory, 8);
        cudaFree(memory);
        cudaFree(memory);
      },
      testing::ExitedWithCode(1), "an allocation of 8 bytes of device memory is freed twice");
}

TEST(MemoryDeathTest, theHostTouchesTheDevices) {
  Byte byte;
  if (const int key = pkey_alloc(0, 0); key < 0)
    GTEST_SKIP() << "this processor has no protection keys";
  else
    pkey_free(key);
  EXPECT_EXIT(*const_cast<volatile unsigned char *>(byte.data()) = 1,
              testing::ExitedWithCode(1),
              "the host touches byte 0 of an allocation of 1 bytes of device memory");
}

void dropPriorities() {
  OwnStream one;
  cudaStream_t other = nullptr;
  cudaStreamCreateWithPriority(&other, cudaStreamNonBlocking, -1);
  OwnEvent forked, joined;
  cudaGraph_t graph = nullptr;
  cudaGraphExec_t executable = nullptr;
  cudaStreamBeginCapture(one, cudaStreamCaptureModeThreadLocal);
  cudaEventRecord(forked, one);
  cudaStreamWaitEvent(other, forked, 0);
  cudaEventRecord(joined, other);
  cudaStreamWaitEvent(one, joined, 0);
  cudaStreamEndCapture(one, &graph);
  cudaGraphInstantiate(&executable, graph, 0);
}

TEST(StreamDeathTest, graphsThatWouldDropPriorities) {
  EXPECT_EXIT(dropPriorities(), testing::ExitedWithCode(1),
              "without cudaGraphInstantiateFlagUseNodePriority");
}

} // namespace

} // namespace standin
