// What the stand-in's NCCL does between processes, and what it reports of ranks that do not do
// the same.
#include "standin/tests/OnDevice.h"

#include <gtest/gtest.h>
#include <nccl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstring>
#include <functional>

namespace standin {

namespace {

constexpr size_t count = 5;

/// body(rank, communicator) in two processes. Returns rank 1's exit code.
int onTwoRanks(const std::function<int(int, ncclComm_t)> &body) {
  ncclUniqueId id;
  ncclGetUniqueId(&id);
  const pid_t other = fork();
  const int rank = other == 0;
  ncclComm_t communicator = nullptr;
  if (ncclCommInitRank(&communicator, 2, id, rank) != ncclSuccess)
    std::_Exit(2);
  const int result = body(rank, communicator);
  ncclCommDestroy(communicator);
  if (rank == 1)
    std::_Exit(result);
  EXPECT_EQ(result, 0);
  int status = 0;
  waitpid(other, &status, 0);
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

TEST(Nccl, sumsOverRanks) {
  EXPECT_EQ(onTwoRanks([](int rank, ncclComm_t communicator) {
              OnDevice<float> numbers(count);
              const std::vector<float> own(count, rank + 1.5f);
              cudaMemcpyAsync(numbers.data(), own.data(), count * sizeof(float),
                              cudaMemcpyHostToDevice, numbers.stream);
              ncclAllReduce(numbers.data(), numbers.data(), count, ncclFloat32, ncclSum,
                            communicator, numbers.stream);
              return numbers.read() == std::vector<float>(count, 4) ? 0 : 1;
            }),
            0);
}

TEST(Nccl, messagesOfAGroupPassEachOther) {
  EXPECT_EQ(onTwoRanks([](int rank, ncclComm_t communicator) {
              OnDevice<uint8_t> from(count), to(count);
              cudaMemsetAsync(from.data(), rank + 1, count, to.stream);
              ncclGroupStart();
              ncclSend(from.data(), count, ncclUint8, 1 - rank, communicator, to.stream);
              ncclRecv(to.data(), count, ncclUint8, 1 - rank, communicator, to.stream);
              ncclGroupEnd();
              return to.read() == std::vector<uint8_t>(count, 2 - rank) ? 0 : 1;
            }),
            0);
}

TEST(Nccl, splitsByColorInTheOrderOfKeys) {
  EXPECT_EQ(onTwoRanks([](int rank, ncclComm_t communicator) {
              ncclComm_t reversed = nullptr, alone = nullptr;
              ncclCommSplit(communicator, 0, -rank, &reversed, nullptr);
              ncclCommSplit(communicator, rank, 0, &alone, nullptr);
              OnDevice<uint8_t> own(1), all(2), one(1);
              cudaMemsetAsync(own.data(), rank + 1, 1, all.stream);
              ncclAllGather(own.data(), all.data(), 1, ncclUint8, reversed, all.stream);
              ncclAllGather(own.data(), one.data(), 1, ncclUint8, alone, all.stream);
              const bool isRight = all.read() == std::vector<uint8_t>{2, 1};
              ncclCommDestroy(reversed);
              ncclCommDestroy(alone);
              return isRight && one.read() == std::vector<uint8_t>{uint8_t(rank + 1)} ? 0 : 1;
            }),
            0);
}

/// Sums at the `stride`th number of a window for each rank before this one.
int sumInWindow(int stride) {
  return onTwoRanks([stride](int rank, ncclComm_t communicator) {
    const OwnStream stream;
    void *memory = nullptr;
    ncclWindow_t window = nullptr;
    ncclMemAlloc(&memory, NCCL_WIN_REQUIRED_ALIGNMENT);
    ncclCommWindowRegister(communicator, memory, NCCL_WIN_REQUIRED_ALIGNMENT, &window,
                           NCCL_WIN_COLL_SYMMETRIC);
    float *const at = static_cast<float *>(memory) + rank * stride;
    ncclAllReduce(at, at, count, ncclFloat32, ncclSum, communicator, stream);
    cudaStreamSynchronize(stream);
    ncclCommWindowDeregister(communicator, window);
    ncclMemFree(memory);
    return 0;
  });
}

TEST(Nccl, sumsInSymmetricWindows) { EXPECT_EQ(sumInWindow(0), 0); }

TEST(NcclDeathTest, ranksAtDifferentPlacesOfAWindow) {
  EXPECT_EXIT(sumInWindow(64), testing::ExitedWithCode(1),
              "in ncclAllReduce of 5 elements of type 7 at byte (0|256) of a window");
}

void sumDifferently() {
  onTwoRanks([](int rank, ncclComm_t communicator) {
    OnDevice<float> numbers(count);
    ncclAllReduce(numbers.data(), numbers.data(), count - rank, ncclFloat32, ncclSum,
                  communicator, numbers.stream);
    cudaStreamSynchronize(numbers.stream);
    return 0;
  });
}

TEST(NcclDeathTest, ranksThatDoNotDoTheSame) {
  EXPECT_EXIT(sumDifferently(), testing::ExitedWithCode(1),
              "NCCL: rank . is in ncclAllReduce of . elements of type 7, and rank . in "
              "ncclAllReduce of . elements");
}

void leaveEarly() {
  onTwoRanks([](int rank, ncclComm_t communicator) {
    if (rank == 1)
      return 0;
    OnDevice<float> numbers(count);
    ncclAllReduce(numbers.data(), numbers.data(), count, ncclFloat32, ncclSum, communicator,
                  numbers.stream);
    cudaStreamSynchronize(numbers.stream);
    return 0;
  });
}

TEST(NcclDeathTest, aRankThatHasEnded) {
  EXPECT_EXIT(leaveEarly(), testing::ExitedWithCode(1),
              "NCCL: rank 1 has ended, and rank 0 waits for it in ncclAllReduce");
}

} // namespace

} // namespace standin
