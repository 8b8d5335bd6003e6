#include "autopar/core/LogTail.h"

#include "TemporaryFolder.h"

#include <gtest/gtest.h>

#include <fstream>

using namespace autopar;

namespace {

struct LogTailTest : testing::Test {
  TemporaryFolder folder;
  std::string path = folder.path / "log";

  /// What stays of a file.
  std::string kept(const std::string &text, int64_t steps) {
    std::ofstream(path) << text;
    return text.substr(0, LogTail::of(path, steps).bytes);
  }
  bool isEvaluated(const std::string &text, int64_t steps) {
    std::ofstream(path) << text;
    return LogTail::of(path, steps).isEvaluated;
  }
};

std::string steps(int64_t first, int64_t last) {
  std::string text;
  for (int64_t step = first; step <= last; ++step)
    text += R"({"step":)" + std::to_string(step) + R"(,"loss":1.5})" + "\n";
  return text;
}

const std::string end = "{\"arena_bytes\":64}\n";

} // namespace

TEST_F(LogTailTest, KeepsTheStepsThatWereSaved) {
  EXPECT_EQ(kept(steps(1, 7), 5), steps(1, 5));
  EXPECT_EQ(kept(steps(1, 7), 0), "");
  EXPECT_EQ(kept(steps(1, 4), 5), steps(1, 4));
  EXPECT_EQ(kept("", 5), "");
}

TEST_F(LogTailTest, KeepsTheEndOfARunThatStoppedThere) {
  EXPECT_EQ(kept(steps(1, 5) + end + steps(6, 9) + end, 5), steps(1, 5) + end);
  EXPECT_EQ(kept(steps(1, 5) + end + steps(6, 9) + end, 9),
            steps(1, 5) + end + steps(6, 9) + end);
}

TEST_F(LogTailTest, LeavesOutWhatAKillCutShort) {
  EXPECT_EQ(kept(steps(1, 5) + "{\"step\":6,", 5), steps(1, 5));
  EXPECT_EQ(kept(steps(1, 5) + "{\"step\":6,\"loss\":1}", 9), steps(1, 5));
}

TEST_F(LogTailTest, KeepsStepsThatARunWentBackFrom) {
  const std::string back = steps(1, 8) + "{\"step\":9,\"rewound_to\":5}\n" + steps(6, 7);
  EXPECT_EQ(kept(back + steps(8, 9), 7), back);
  EXPECT_EQ(kept(back, 5), steps(1, 5));
}

TEST_F(LogTailTest, SeesWhetherThatStepWasEvaluated) {
  const std::string evaluation = "{\"step\":5,\"test_loss\":1}\n";
  EXPECT_TRUE(isEvaluated(steps(1, 5) + evaluation, 5));
  EXPECT_TRUE(isEvaluated(steps(1, 5) + evaluation + "{\"step\":5,\"checkpoint\":\"c\"}\n", 5));
  EXPECT_TRUE(isEvaluated(steps(1, 5) + evaluation + steps(6, 7), 5));
  EXPECT_FALSE(isEvaluated(steps(1, 5) + evaluation + steps(6, 7), 6));
  EXPECT_FALSE(isEvaluated(steps(1, 5), 5));
}

TEST_F(LogTailTest, TouchesNoFileOfSomebodyElses) {
  for (const char *text :
       {"hello\n", "{}\n", "[1]\n", "\n", "{\"step\":\"1\"}\n", "{\"loss\":1}\n"}) {
    std::ofstream(path) << steps(1, 2) << text << steps(3, 4);
    EXPECT_EQ(
        errorOf([&] { LogTail::of(path, 9); }),
        path + ": line 3 is none that --log writes, and --resume would go on behind it; name "
               "another file");
  }
  std::ofstream(path) << std::string(3 << 20, '[');
  EXPECT_NE(errorOf([&] { LogTail::of(path, 9); }), "");
  std::ofstream(path) << std::string(1000, '[') << "\n";
  EXPECT_NE(errorOf([&] { LogTail::of(path, 9); }), "");
}
