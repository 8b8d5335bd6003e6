#include "autopar/core/TokenWindows.h"

#include "Meshes.h"
#include "TemporaryFolder.h"
#include "TokenText.h"

#include <gtest/gtest.h>

#include <algorithm>

using namespace autopar;

namespace {

using meshes::one, meshes::four;
constexpr int64_t batch = 4, sequence = 6;

/// The inputs of a step whose batch and sequence are split as told.
struct Text {
  Port ports[2];
  Arena arena{512};
  TokenBuffers buffers;

  Text(const Split &split, const Place &place)
      : ports{{.name = "tokens",
               .type = DataType::I32,
               .shape = {batch, sequence},
               .split = split},
              {.name = "labels",
               .type = DataType::I32,
               .shape = {batch, sequence},
               .split = split,
               .offset = 256}},
        buffers({.inputs = ports}, place, arena) {}

  std::vector<int32_t> read(size_t offset, int64_t count) {
    const int32_t *values = arena.at<int32_t>(offset, {count});
    return {values, values + count};
  }
  std::vector<int32_t> tokens() { return read(0, batch * sequence); }
  std::vector<int32_t> labels() { return read(256, batch * sequence); }
};

} // namespace

TEST(RandomWindows, AreRunsWhoseLabelsAreTheNextTokens) {
  const CountingText text(1000);
  Text whole({}, Place(one, 0));
  RandomWindows windows(text, whole.buffers, 1);
  windows.load(3);
  const auto tokens = whole.tokens(), labels = whole.labels();
  for (int64_t i = 0; i < batch * sequence; ++i) {
    EXPECT_EQ(labels[i], tokens[i] + 1);
    if (i % sequence) {
      EXPECT_EQ(tokens[i], tokens[i - 1] + 1);
    }
  }
}

TEST(RandomWindows, AreTheSameOnAnyMesh) {
  const CountingText text(1000);
  Text whole({}, Place(one, 0));
  RandomWindows(text, whole.buffers, 1).load(3);
  const auto tokens = whole.tokens();
  for (int rank = 0; rank < 4; ++rank) { // [2, 3] of [4, 6] each
    const Place place(four, rank);
    Text part({{0}, {1}}, place);
    RandomWindows(text, part.buffers, 1).load(3);
    const auto own = part.read(0, 6);
    for (int64_t row = 0; row < 2; ++row)
      for (int64_t column = 0; column < 3; ++column)
        EXPECT_EQ(own[row * 3 + column], tokens[(place.coordinate(0) * 2 + row) * sequence +
                                                place.coordinate(1) * 3 + column]);
  }
}

TEST(RandomWindows, DifferByStepAndSeedAndReachBothEnds) {
  const CountingText text(sequence + 3); // windows at 0, 1 and 2
  Text whole({}, Place(one, 0));
  const auto starts = [&](uint64_t seed, int64_t steps) {
    RandomWindows windows(text, whole.buffers, seed);
    std::vector<int32_t> found;
    for (int64_t step = 0; step < steps; ++step) {
      windows.load(step);
      for (int64_t row = 0; row < batch; ++row)
        found.push_back(whole.tokens()[row * sequence]);
    }
    return found;
  };
  EXPECT_NE(starts(1, 8), starts(2, 8));
  auto found = starts(1, 8);
  std::sort(found.begin(), found.end());
  found.erase(std::unique(found.begin(), found.end()), found.end());
  EXPECT_EQ(found, (std::vector<int32_t>{0, 1, 2}));
}

TEST(WindowsInOrder, GoThroughTheTextAndFillUpTheLastBatch) {
  const CountingText text(5 * sequence + 3); // five windows
  Text whole({}, Place(one, 0));
  WindowsInOrder windows(text, whole.buffers, 20);
  EXPECT_EQ(windows.batches(), 2);
  EXPECT_EQ(windows.samples(), 5 * sequence);
  windows.load(1);
  EXPECT_EQ(whole.tokens()[0], 4 * sequence);
  EXPECT_EQ(whole.labels()[sequence - 1], 5 * sequence);
  EXPECT_EQ(whole.tokens()[sequence], 0);
  EXPECT_EQ(whole.labels()[sequence], -1);
  EXPECT_EQ(WindowsInOrder(text, whole.buffers, 1).samples(), batch * sequence);
}

/// What shifts its labels itself is given the tokens; what has no labels, whole batches.
TEST(TokenBuffers, FillWhatTheProgramReads) {
  const CountingText text(1000);
  Arena arena{512};
  Port ports[] = {
      {.name = "tokens", .type = DataType::I32, .shape = {batch, sequence}},
      {.name = "token_labels", .type = DataType::I32, .shape = {batch, sequence}, .offset = 256}};
  const auto own = [&](size_t offset) {
    const int32_t *values = arena.at<int32_t>(offset, {batch, sequence});
    return std::vector(values, values + batch * sequence);
  };
  RandomWindows(text, TokenBuffers({.inputs = ports}, Place(one, 0), arena), 1).load(3);
  EXPECT_EQ(own(256), own(0));

  const std::span<const Port> alone(ports, 1);
  const TokenBuffers tokens({.inputs = alone}, Place(one, 0), arena);
  EXPECT_FALSE(tokens.hasLabels());
  const CountingText windows(5 * sequence + 1);
  EXPECT_EQ(WindowsInOrder(windows, tokens, 10).samples(), batch * sequence);
  EXPECT_NE(errorOf([&] { WindowsInOrder(CountingText(sequence + 1), tokens, 10); })
                .find("too few for a batch of 4 sequences"),
            std::string::npos);

  ports[1].name = "mask";
  EXPECT_EQ(errorOf([&] { TokenBuffers({.inputs = ports}, Place(one, 0), arena); }),
            "the program reads mask, which this data has not; give batches by --fixed-batch");
}

TEST(Windows, NeedATextThatHoldsOne) {
  const CountingText text(sequence);
  Text whole({}, Place(one, 0));
  EXPECT_EQ(
      errorOf([&] { RandomWindows(text, whole.buffers, 1); }),
      "a counting text has 6 tokens, too few for a sequence of 6 and the token behind it");
  EXPECT_NE(errorOf([&] { WindowsInOrder(text, whole.buffers, 1); }), "");
}

TEST(TokenBuffers, NameWhatIsNotText) {
  Arena arena(512);
  const Port ports[] = {{.name = "tokens", .type = DataType::I32, .shape = {4}},
                        {.name = "labels", .type = DataType::I32, .shape = {4}}};
  EXPECT_EQ(errorOf([&] { TokenBuffers({.inputs = ports}, Place(one, 0), arena); }),
            "input tokens is I32[4], not I32 of 2 dimensions, the batch and the sequence");
}
