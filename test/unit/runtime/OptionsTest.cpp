#include "autopar/core/Options.h"

#include "TemporaryFolder.h"

#include <gtest/gtest.h>

#include <vector>

using namespace autopar;

namespace {

Options parse(std::vector<const char *> words) {
  words.insert(words.begin(), "train_rank");
  return Options::parse(static_cast<int>(words.size()), words.data());
}

std::string errorOfWords(const std::vector<const char *> &words) {
  return errorOf([&] { parse(words); });
}

struct OptionsTest : testing::Test {
  OptionsTest() { unsetenv("DATA"); }
};

} // namespace

TEST_F(OptionsTest, ReadsBothWaysToGiveAValue) {
  const Options options = parse({"--data", "here", "--steps=7", "--lr", "0.5", "--augment"});
  EXPECT_EQ(options.data, "here");
  EXPECT_EQ(options.steps, 7);
  EXPECT_EQ(options.learningRate, 0.5);
  EXPECT_TRUE(options.augment);
  EXPECT_FALSE(options.epochs);
}

TEST_F(OptionsTest, TellsWhatAllRanksMustShare) {
  const auto shared = [](const std::vector<const char *> &words) { return parse(words).shared; };
  const auto has = [](const std::vector<std::string> &all, const char *text) {
    return std::find(all.begin(), all.end(), text) != all.end();
  };
  const auto said = shared({"--data=a", "--lr", "1e-1", "--save", "/a", "--seed", "007"});
  EXPECT_TRUE(has(said, "with --lr 0.1"));
  EXPECT_TRUE(has(said, "with --seed 7"));
  EXPECT_TRUE(has(said, "with --save"));
  EXPECT_TRUE(has(said, "without --steps"));
  EXPECT_TRUE(has(said, "without --augment"));
  // Only what differs between hosts or is written by one rank.
  EXPECT_EQ(said, shared({"--data=b", "--log=l", "--lr=0.10", "--save", "/b", "--seed=7"}));
  EXPECT_NE(said, shared({"--data=a", "--lr", "0.1", "--seed", "7"}));
  // Above what a double tells apart.
  EXPECT_NE(shared({"--data=a", "--seed=9007199254740992"}),
            shared({"--data=a", "--seed=9007199254740993"}));
}

TEST_F(OptionsTest, NamesTheNearestOption) {
  EXPECT_EQ(errorOfWords({"--step", "7"}),
            "unknown option --step; the nearest is --steps, and --help lists all");
  EXPECT_NE(errorOfWords({"--learning-rat=1"}), "");
  EXPECT_NE(errorOfWords({"file"}), "");
}

TEST_F(OptionsTest, NamesTheValueThatWillNotDo) {
  EXPECT_EQ(errorOfWords({"--steps", "ten"}),
            "--steps takes a whole number from 1 to 1099511627776, not ten");
  EXPECT_EQ(errorOfWords({"--steps", "0"}),
            "--steps takes a whole number from 1 to 1099511627776, not 0");
  EXPECT_EQ(errorOfWords({"--lr", "nan"}), "--lr takes a positive number, not nan");
  EXPECT_EQ(errorOfWords({"--schedule", "linear"}),
            "--schedule takes one of constant, cosine, step, not linear");
  EXPECT_EQ(errorOfWords({"--std", "1,2,0"}),
            "--std takes three positive numbers R,G,B, not 1,2,0");
  EXPECT_EQ(errorOfWords({"--mean", "1,2"}), "--mean takes three numbers R,G,B, not 1,2");
  EXPECT_EQ(errorOfWords({"--data"}), "--data needs a value: --data PATH");
  EXPECT_EQ(errorOfWords({"--verify=yes"}), "--verify takes no value");
}

TEST_F(OptionsTest, TakesNumbersThatARunCanCount) {
  // 2^40 steps are the most, and none of what a program computes with is infinite in f32.
  EXPECT_EQ(parse({"--data=d", "--steps=1099511627776"}).steps, int64_t(1) << 40);
  for (const char *word :
       {"--steps=1099511627777", "--steps=-1", "--steps=+1", "--steps= 1", "--steps=1.0",
        "--epochs=99999999999999999999", "--warmup=-1", "--seed=-1", "--eval-every=0", "--lr=1e39",
        "--lr=1e-60", "--lr=inf", "--lr=0x1", "--gamma=0", "--std=1,1,1e-40", "--mean=1,1,nan"})
    EXPECT_NE(errorOfWords({"--data=d", word}), "") << word;
}

TEST_F(OptionsTest, TakesThreeNumbers) {
  const Options options = parse({"--data=x", "--mean", "0.1,-2,3e-1"});
  EXPECT_EQ(*options.mean, (std::array{0.1, -2.0, 0.3}));
}

TEST_F(OptionsTest, TakesTheDataFromTheEnvironment) {
  EXPECT_NE(errorOfWords({}).find("no data"), std::string::npos);
  setenv("DATA", "there", 1);
  EXPECT_EQ(parse({}).data, "there");
  EXPECT_EQ(parse({"--data", "here"}).data, "here");
  EXPECT_EQ(parse({"--fixed-batch", "file"}).data, "");
  unsetenv("DATA");
}

TEST_F(OptionsTest, RefusesWhatDoesNotGoTogether) {
  EXPECT_NE(errorOfWords({"--fixed-batch=f", "--augment"}), "");
  EXPECT_NE(errorOfWords({"--fixed-batch=f", "--eval-every=2"}), "");
  EXPECT_NE(errorOfWords({"--data=d", "--schedule=step"}), "");
  EXPECT_NE(errorOfWords({"--data=d", "--step-size=3"}), "");
  EXPECT_NE(errorOfWords({"--fixed-batch=f", "--test-data=t"}), "");
  EXPECT_EQ(errorOfWords({"--data=d", "--schedule=step", "--step-size=3"}), "");
}

TEST_F(OptionsTest, SaysWhatBecomesOfBadNumbers) {
  const Options silent = parse({"--data=d"});
  EXPECT_EQ(silent.onNan, OnBadStep::Stop);
  EXPECT_FALSE(silent.spike);
  const Options options =
      parse({"--data=d", "--on-nan=rewind", "--checkpoints=c", "--spike=2.5", "--check-replicas=0"});
  EXPECT_EQ(options.onNan, OnBadStep::Rewind);
  EXPECT_EQ(options.spike, 2.5);
  EXPECT_EQ(options.checkReplicas, 0);
  EXPECT_EQ(errorOfWords({"--data=d", "--on-nan=rewind"}),
            "--on-nan rewind needs --checkpoints DIR to go back to");
  EXPECT_EQ(errorOfWords({"--data=d", "--on-nan=halt"}),
            "--on-nan takes one of stop, skip, rewind, not halt");
  for (const char *factor : {"1", "0.5", "-2", "nan", "inf", "x", ""})
    EXPECT_EQ(errorOfWords({"--data=d", "--spike", factor}),
              std::string("--spike takes a number above 1, not ") + factor);
}

TEST_F(OptionsTest, HelpNeedsNoData) {
  EXPECT_TRUE(parse({"--help"}).help);
  const std::string text = Options::helpText({.model = "resnet50", .command = ""});
  EXPECT_NE(text.find("resnet50"), std::string::npos);
  EXPECT_NE(text.find("--fixed-batch FILE"), std::string::npos);
}
