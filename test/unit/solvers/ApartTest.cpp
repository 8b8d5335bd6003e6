#include "compiler/solvers/Apart.h"
#include "compiler/solvers/ProcessorClock.h"

#include <gtest/gtest.h>

#include <unistd.h>

#include <cassert>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <stdexcept>
#include <thread>

using namespace autopar;

namespace {

bool always(double) { return true; }
void ignore(Message &) {}

/// Uses the processor for so long.
void burn(double seconds) {
  const auto begin = ProcessorClock::now();
  while (ProcessorClock::secondsSince(begin) < seconds)
    ;
}

} // namespace

TEST(Apart, TellsWhatTheChildFound) {
  const std::vector<double> given = {1.5, -2};
  std::vector<std::vector<double>> heard;
  const auto end = Apart{.work =
                             [&](const Apart::Tell &tell) {
                               for (size_t size : {0, 1, 100'000})
                                 tell(Message().put('x').put(std::vector<double>(size, given[0])));
                             },
                         .hear =
                             [&](Message &message) {
                               EXPECT_EQ(message.take<char>(), 'x');
                               heard.push_back(message.takeList<double>());
                             },
                         .mayGoOn = always}
                       .run();
  EXPECT_EQ(end.kind, Apart::End::Finished);
  ASSERT_EQ(heard.size(), 3u);
  for (size_t i = 0; i < 3; ++i)
    EXPECT_EQ(heard[i], std::vector<double>(std::vector<size_t>{0, 1, 100'000}[i], 1.5));
}

TEST(Apart, KeepsWhatWasToldBeforeACrash) {
  int heard = 0;
  const auto end = Apart{.work =
                             [](const Apart::Tell &tell) {
                               tell(Message().put(7));
                               std::fprintf(stderr, "before\nClp.cpp:1: Assertion `x' failed.\n");
                               std::abort();
                             },
                         .hear = [&](Message &message) { heard = message.take<int>(); },
                         .mayGoOn = always}
                       .run();
  EXPECT_EQ(end.kind, Apart::End::Crashed);
  EXPECT_EQ(end.fault, "Clp.cpp:1: Assertion `x' failed.");
  EXPECT_EQ(heard, 7);
}

TEST(Apart, SaysByWhatSignalItEnded) {
  const auto end =
      Apart{.work = [](const Apart::Tell &) { raise(SIGSEGV); }, .hear = ignore, .mayGoOn = always}
          .run();
  EXPECT_EQ(end.kind, Apart::End::Crashed);
  EXPECT_EQ(end.fault, "Segmentation fault");
}

TEST(Apart, NeverReturnsIntoTheCaller) {
  // An exception would, through the caller's frames.
  const pid_t self = getpid();
  try {
    const auto end = Apart{.work = [](const Apart::Tell &) { throw std::runtime_error("lost"); },
                           .hear = ignore,
                           .mayGoOn = always}
                         .run();
    EXPECT_EQ(end.kind, Apart::End::Crashed);
    EXPECT_NE(end.fault.find("lost"), std::string::npos) << end.fault;
  } catch (...) {
    _exit(getpid() == self ? 3 : 4);
  }
  ASSERT_EQ(getpid(), self);
}

TEST(Apart, IsKilledWhereItMayNotGoOn) {
  const auto end = Apart{.work = [](const Apart::Tell &) { burn(60); },
                         .hear = ignore,
                         .mayGoOn = [](double seconds) { return seconds < 0.1; }}
                       .run();
  EXPECT_EQ(end.kind, Apart::End::Stopped);
  EXPECT_GE(end.seconds, 0.1);
  EXPECT_LT(end.seconds, 20);
}

TEST(Apart, CountsItsProcessorTime) {
  const auto own = ProcessorClock::now();
  const auto end =
      Apart{.work = [](const Apart::Tell &) { burn(0.3); }, .hear = ignore, .mayGoOn = always}
          .run();
  EXPECT_GE(end.seconds, 0.29);
  EXPECT_LT(ProcessorClock::secondsSince(own), 0.2); // the parent only waits
}

TEST(Apart, RunsInThreadsSideBySide) {
  std::vector<std::thread> threads;
  std::vector<int> sums(8);
  for (int t = 0; t < 8; ++t)
    threads.emplace_back([t, &sums] {
      for (int round = 0; round < 20; ++round)
        Apart{.work = [&](const Apart::Tell &tell) { tell(Message().put(t * round)); },
              .hear = [&](Message &message) { sums[t] += message.take<int>(); },
              .mayGoOn = always}
            .run();
    });
  for (std::thread &thread : threads)
    thread.join();
  for (int t = 0; t < 8; ++t)
    EXPECT_EQ(sums[t], 190 * t);
}

TEST(Apart, LeavesNothingBehind) {
  const auto open = [] {
    int count = 0;
    for ([[maybe_unused]] const auto &entry : std::filesystem::directory_iterator("/proc/self/fd"))
      ++count;
    return count;
  };
  const int before = open();
  for (int round = 0; round < 10; ++round)
    Apart{.work = [](const Apart::Tell &) { std::abort(); }, .hear = ignore, .mayGoOn = always}
        .run();
  EXPECT_EQ(open(), before);
}

TEST(ProcessorClock, StandsStillWhileOthersWork) {
  const auto begin = ProcessorClock::now();
  std::thread([] { burn(0.2); }).join();
  EXPECT_LT(ProcessorClock::secondsSince(begin), 0.1);
  burn(0.2);
  EXPECT_GE(ProcessorClock::secondsSince(begin), 0.2);
}
