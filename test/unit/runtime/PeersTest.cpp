// Ranks that meet by TCP: processes of this one, told of each other as torchrun would tell them.

#include "autopar/core/Agreement.h"
#include "autopar/core/checkpoint/Checkpoint.h"
#include "autopar/core/checkpoint/Safetensors.h"
#include "autopar/tcp/Join.h"
#include "autopar/tcp/Socket.h"

#include "PeersCheck.h"
#include "TemporaryFolder.h"

#include <gtest/gtest.h>

#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <csignal>
#include <cstring>
#include <functional>
#include <map>

using namespace autopar;
using Variables = std::map<std::string, std::string>;

namespace {

Launch read(const Variables &variables, bool withMpi = false) {
  return Launch::read(
      [&](const char *name) {
        const auto found = variables.find(name);
        return found == variables.end() ? nullptr : found->second.c_str();
      },
      withMpi);
}

/// A port of this host that nobody listens on.
int freePort() {
  const Socket door = Socket::listening(0);
  sockaddr_in6 address = {};
  socklen_t length = sizeof address;
  getsockname(door, reinterpret_cast<sockaddr *>(&address), &length);
  return ntohs(address.sin6_port); // at the same place in IPv4's
}

struct End {
  int status; ///< as waitpid gives it
  std::string said;
};

/// One process for each rank of `launches`, from what each was told to its end.
class Processes {
public:
  using Body = std::function<int(Peers &)>;

  Processes(const std::vector<Launch> &launches, const Body &body) {
    for (const Launch &launch : launches)
      start(launch, body);
  }

  pid_t operator[](int rank) const { return ids[rank]; }

  std::vector<End> wait() {
    std::vector<End> ends(ids.size());
    for (size_t rank = 0; rank < ids.size(); ++rank) {
      std::array<char, 4096> text;
      for (ssize_t got; (got = ::read(outputs[rank], text.data(), text.size())) > 0;)
        ends[rank].said.append(text.data(), got);
      close(outputs[rank]);
      waitpid(ids[rank], &ends[rank].status, 0);
    }
    return ends;
  }

private:
  void start(const Launch &launch, const Body &body) {
    static const Launch *told; // JoinPeers is a function without a state
    int ways[2];
    ASSERT_EQ(pipe(ways), 0);
    const pid_t id = fork();
    if (id == 0) {
      dup2(ways[1], STDERR_FILENO);
      close(ways[0]);
      close(ways[1]);
      told = &launch;
      const JoinPeers join = [](int &, char **&) { return joinByTcp(*told); };
      _exit(amongPeers(0, nullptr, join, body));
    }
    close(ways[1]);
    ids.push_back(id);
    outputs.push_back(ways[0]);
  }

  std::vector<pid_t> ids;
  std::vector<int> outputs;
};

std::vector<Launch> launches(int ranks, double patience = 20) {
  std::vector<Launch> all(ranks);
  const int port = freePort();
  for (int rank = 0; rank < ranks; ++rank)
    all[rank] = {.by = Launch::By::Variables,
                 .rank = rank,
                 .ranks = ranks,
                 .localRank = rank,
                 .address = "localhost",
                 .port = port,
                 .patience = patience};
  return all;
}

void expectEnd(const End &end, int code, const std::string &said) {
  EXPECT_TRUE(WIFEXITED(end.status) && WEXITSTATUS(end.status) == code) << end.status;
  EXPECT_EQ(end.said, said);
}

int sleepForLong(Peers &) {
  sleep(60);
  return 0;
}

} // namespace

TEST(Launch, IsOneRankWhereNothingIsSaid) {
  const Launch launch = read({});
  EXPECT_EQ(launch.by, Launch::By::Nobody);
  EXPECT_EQ(launch.ranks, 1);
  EXPECT_EQ(launch.patience, 300);
}

TEST(Launch, TakesTorchrunsVariables) {
  const Launch launch = read({{"RANK", "5"},
                              {"WORLD_SIZE", "8"},
                              {"LOCAL_RANK", "1"},
                              {"MASTER_ADDR", "node3"},
                              {"MASTER_PORT", "1234"}});
  EXPECT_EQ(launch.by, Launch::By::Variables);
  EXPECT_EQ(launch.rank, 5);
  EXPECT_EQ(launch.ranks, 8);
  EXPECT_EQ(launch.localRank, 1);
  EXPECT_EQ(launch.address, "node3");
  EXPECT_EQ(launch.port, 1234);
}

TEST(Launch, LeavesTorchrunItsPort) {
  Variables given{{"RANK", "0"},
                  {"WORLD_SIZE", "2"},
                  {"MASTER_ADDR", "a"},
                  {"MASTER_PORT", "1234"},
                  {"TORCHELASTIC_USE_AGENT_STORE", "True"}};
  EXPECT_EQ(read(given).port, 1235);
  given["AUTOPAR_PORT"] = "77";
  EXPECT_EQ(read(given).port, 77);
}

TEST(Launch, TakesSrunsVariables) {
  const Launch launch = read({{"SLURM_PROCID", "3"},
                              {"SLURM_STEP_NUM_TASKS", "4"},
                              {"SLURM_LOCALID", "1"},
                              {"MASTER_ADDR", "node0"}});
  EXPECT_EQ(launch.by, Launch::By::Srun);
  EXPECT_EQ(launch.rank, 3);
  EXPECT_EQ(launch.localRank, 1);
  EXPECT_EQ(launch.port, 29500);
  // In a batch script itself there is no step.
  EXPECT_EQ(read({{"SLURM_PROCID", "0"}, {"SLURM_NTASKS", "4"}}).by, Launch::By::Nobody);
}

TEST(Launch, TheInnermostLauncherCounts) {
  Variables given{{"OMPI_COMM_WORLD_SIZE", "2"}, {"RANK", "0"}, {"WORLD_SIZE", "1"}};
  EXPECT_EQ(read(given, /*withMpi=*/true).by, Launch::By::Mpirun);
  EXPECT_EQ(read(given, /*withMpi=*/false).by, Launch::By::Variables);
  given["TORCHELASTIC_RUN_ID"] = "none";
  EXPECT_EQ(read(given, /*withMpi=*/true).by, Launch::By::Variables);
}

TEST(Launch, SaysWhatIsWrong) {
  const auto fails = [](const Variables &given, const std::string &error) {
    try {
      read(given);
      ADD_FAILURE() << "not told: " << error;
    } catch (const std::invalid_argument &told) {
      EXPECT_EQ(told.what(), error);
    }
  };
  fails({{"RANK", "0"}}, "RANK is set and WORLD_SIZE is not; a launcher sets both, a single rank "
                         "needs none");
  fails({{"SLURM_STEP_NUM_TASKS", "2"}}, "SLURM_STEP_NUM_TASKS is set and SLURM_PROCID is not; a "
                                         "launcher sets both, a single rank needs none");
  fails({{"RANK", "x"}, {"WORLD_SIZE", "2"}}, "RANK takes a whole number from 0 on, not 'x'");
  fails({{"RANK", "2"}, {"WORLD_SIZE", "2"}},
        "RANK=2 is no rank of WORLD_SIZE=2, which counts from 0");
  fails({{"RANK", "1"}, {"WORLD_SIZE", "2"}},
        "MASTER_ADDR is not set: it names the host of rank 0, where 2 ranks meet");
  fails({{"SLURM_PROCID", "1"}, {"SLURM_STEP_NUM_TASKS", "2"}},
        "MASTER_ADDR is not set: it names the host of rank 0, where 2 ranks meet; before srun: "
        "export MASTER_ADDR=$(scontrol show hostnames \"$SLURM_JOB_NODELIST\" | head -n 1)");
  fails({{"RANK", "1"}, {"WORLD_SIZE", "2"}, {"MASTER_ADDR", "a"}, {"MASTER_PORT", "70000"}},
        "MASTER_PORT takes a port, from 1 to 65535, not '70000'");
  fails({{"AUTOPAR_PATIENCE", "-1"}},
        "AUTOPAR_PATIENCE takes a positive number of seconds, not '-1'");
  fails({{"OMPI_COMM_WORLD_SIZE", "2"}},
        "mpirun has started this program, which was built without MPI; start it by torchrun or "
        "srun, or build it where MPI is");
}

TEST(TcpPeers, KeepWhatPeersPromise) {
  for (int ranks : {1, 2, 3, 5}) {
    Processes processes(launches(ranks), [](Peers &peers) {
      checkPeers(peers);
      return peers.localRank().value_or(0) == peers.index() ? 0 : 2;
    });
    for (const End &end : processes.wait())
      expectEnd(end, 0, "");
  }
}

TEST(TcpPeers, TakeAStrangerForNoRank) {
  const std::vector<Launch> all = launches(2);
  Processes first({all[0]}, [](Peers &peers) { return peers.allGather(7)[1] == 7 ? 0 : 2; });
  const Socket stranger = Socket::connected("localhost", all[0].port, after(10));
  stranger.send(std::as_bytes(std::span("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")));
  Processes second({all[1]}, [](Peers &peers) { return peers.allGather(7)[0] == 7 ? 0 : 2; });
  for (Processes *processes : {&first, &second})
    for (const End &end : processes->wait())
      expectEnd(end, 0, "");
}

TEST(TcpPeers, GatherACheckpoint) {
  static constexpr Mesh mesh{.sizes = {2, 2}, .axes = {"x", "y"}};
  static constexpr Variable variables[] = {
      {.name = "w", .shape = {2, 6}, .split = {{}, {1}}, .offset = 0, .bytes = 24}};
  const TemporaryFolder folder;
  Processes processes(launches(4), [&](Peers &peers) {
    const Rank rank(peers, mesh, "runtime-tests");
    Arena arena(64);
    float *const local = arena.at<float>(0, {2, 3});
    for (int i = 0; i < 6; ++i)
      local[i] = static_cast<float>(i / 3 * 6 + i % 3 + 3 * rank.coordinate(1));
    saveCheckpoint(folder.path / "saved", variables, {}, rank, arena);
    return 0;
  });
  for (const End &end : processes.wait())
    expectEnd(end, 0, "");
  const SafetensorsReader saved(folder.path / "saved");
  float values[12];
  saved.read(saved.tensors().at("w"), 0, std::as_writable_bytes(std::span(values)));
  for (int i = 0; i < 12; ++i)
    EXPECT_EQ(values[i], i);
}

TEST(TcpPeers, FindWhoRunsSomethingElse) {
  // Rank 2 differs in what counts, rank 1 in what does not.
  Processes processes(launches(3), [](Peers &peers) {
    const std::string host = "/" + std::to_string(peers.index());
    std::vector<Fact> facts = {{"runs", "with --steps 3"},
                               {"trains", "on " + host, "the same"},
                               {"runs", "without --seed"}};
    requireAgreement(peers, facts);
    if (peers.index() == 2) {
      facts[0].what = "with --steps 6";
      facts[1] = {"trains", "on " + host, "another"};
    }
    requireAgreement(peers, facts);
    return 0;
  });
  const std::vector<End> ends = processes.wait();
  expectEnd(ends[0], 1,
            "error: rank 0 of 3: rank 2 runs with --steps 6, rank 0 with --steps 3; rank 2 trains "
            "on /2, rank 0 on /0; all ranks must agree\n");
  for (int rank : {1, 2})
    expectEnd(ends[rank], 1,
              "error: rank 0 of 3 has failed; rank " + std::to_string(rank) + " stops\n");
}

TEST(TcpPeers, NameTheRankThatDoesNotCome) {
  std::vector<Launch> all = launches(4, /*patience=*/1);
  all.erase(all.begin() + 2);
  Processes processes(all, sleepForLong);
  const std::string error = "error: rank 2 of 4 did not come to localhost:" +
                            std::to_string(all[0].port) +
                            " within 1 second; AUTOPAR_PATIENCE gives more\n";
  for (const End &end : processes.wait())
    expectEnd(end, 1, error);
}

TEST(TcpPeers, NameRankZeroWhereItDoesNotCome) {
  const std::vector<Launch> all = launches(2, /*patience=*/0.5);
  Processes processes({all[1]}, sleepForLong);
  expectEnd(processes.wait()[0], 1,
            "error: rank 0 is not at localhost:" + std::to_string(all[1].port) +
                ": Connection refused; it may not have started, or MASTER_ADDR name another "
                "host\n");
}

TEST(TcpPeers, EndTheirPatienceWithAHostThatAnswersNothing) {
  // Nobody takes calls here, and there is room for one that waits: the kernel drops others.
  const int door = socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in address = {};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t length = sizeof address;
  ASSERT_EQ(bind(door, reinterpret_cast<sockaddr *>(&address), length), 0);
  ASSERT_EQ(listen(door, /*backlog=*/0), 0);
  ASSERT_EQ(getsockname(door, reinterpret_cast<sockaddr *>(&address), &length), 0);
  const int port = ntohs(address.sin_port);
  const Socket waiting = Socket::connected("127.0.0.1", port, after(10));

  Launch launch = launches(2, /*patience=*/0.5)[1];
  launch.address = "127.0.0.1";
  launch.port = port;
  expectEnd(Processes({launch}, sleepForLong).wait()[0], 1,
            "error: rank 0 is not at 127.0.0.1:" + std::to_string(port) +
                ": Connection timed out; it may not have started, or MASTER_ADDR name another "
                "host\n");
  close(door);
}

TEST(TcpPeers, MustAgreeOnWhoTheyAre) {
  std::vector<Launch> all = launches(3);
  all[2].ranks = 4;
  Processes disagree(all, sleepForLong);
  for (const End &end : disagree.wait())
    expectEnd(end, 1,
              "error: rank 2 was told of 4 ranks, rank 0 of 3; all must be told the same number\n");
  all = launches(3);
  all[2].rank = 1;
  Processes twins(all, sleepForLong);
  for (const End &end : twins.wait())
    expectEnd(end, 1,
              "error: two processes say that they are rank 1 of 3; RANK must differ\n");
}

TEST(TcpPeers, StopWhenOneIsKilled) {
  for (int victim : {2, 0}) {
    Processes processes(launches(4), [](Peers &peers) {
      peers.allGather(0);
      return sleepForLong(peers);
    });
    usleep(500'000);
    const auto start = std::chrono::steady_clock::now();
    kill(processes[victim], SIGKILL);
    const std::vector<End> ends = processes.wait();
    EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(10));
    for (int rank = 0; rank < 4; ++rank)
      if (rank == victim)
        EXPECT_TRUE(WIFSIGNALED(ends[rank].status));
      else
        expectEnd(ends[rank], 1,
                  "error: rank " + std::to_string(victim) +
                      " of 4 is gone, it was killed or its host is lost; rank " +
                      std::to_string(rank) + " stops\n");
  }
}

TEST(TcpPeers, StopWhenOneFails) {
  Processes processes(launches(3), [](Peers &peers) {
    peers.allGather(0);
    if (peers.index() == 1)
      throw std::runtime_error("the disk is full");
    return sleepForLong(peers);
  });
  const std::vector<End> ends = processes.wait();
  expectEnd(ends[0], 1, "error: rank 1 of 3 has failed; rank 0 stops\n");
  expectEnd(ends[1], 1, "error: rank 1 of 3: the disk is full\n");
  expectEnd(ends[2], 1, "error: rank 1 of 3 has failed; rank 2 stops\n");
}

TEST(TcpPeers, TellAnErrorOfAllOnce) {
  Processes processes(launches(3),
                      [](Peers &) -> int { throw std::runtime_error("no such folder"); });
  const std::vector<End> ends = processes.wait();
  expectEnd(ends[0], 1, "error: rank 0 of 3: no such folder\n");
  expectEnd(ends[1], 1, "error: rank 0 of 3 has failed; rank 1 stops\n");
  expectEnd(ends[2], 1, "error: rank 0 of 3 has failed; rank 2 stops\n");
}

TEST(TcpPeers, NameTheRankThatSendsNothing) {
  Processes processes(launches(3, /*patience=*/1), [](Peers &peers) {
    if (peers.index() != 2)
      peers.allGather(0);
    return sleepForLong(peers);
  });
  expectEnd(processes.wait()[0], 1,
            "error: rank 0 of 3: rank 2 of 3 has sent nothing for 1 second\n");
}
