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
