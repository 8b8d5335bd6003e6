// What is touched of an arena is seen from outside, whether the host reaches it or not.

#include "autopar/core/ArenaWatch.h"

#include "FarMemory.h"
#include "TemporaryFolder.h"

#include <gtest/gtest.h>

#include <cmath>
#include <cstring>
#include <functional>

using namespace autopar;

namespace {

/// An arena of 10000 bytes, a page and some: a variable of 256 bytes, a buffer of 4000 behind a
/// gap of 64, and one of 2 bytes at the end of the plan, 5122 bytes. Neither buffer is a multiple
/// of 64, so gaps lie behind both.
class Watched {
public:
  static constexpr size_t peak = 5122;

  explicit Watched(Memory &memory) : arena(memory, 10000), watch(arena) {
    variable = arena.at<float>(0, {64});
    buffer = arena.at<float>(320, {1000});
    last = arena.slice(5120, 2).data();
  }

  void write(void *to, const std::vector<std::byte> &bytes) {
    arena.memory().write(to, bytes.data(), bytes.size());
  }
  void writeAt(size_t offset, size_t count, std::byte value = std::byte(0)) {
    write(arena.pages().data() + offset, std::vector<std::byte>(count, value));
  }
  void keep() {
    const Variable variables[] = {{.name = "w", .shape = {64}, .offset = 0, .bytes = 256}};
    watch.keep({.variables = variables});
  }

  Arena arena;
  ArenaWatch watch;
  float *variable, *buffer;
  std::byte *last;
};

class ArenaWatchTest : public testing::TestWithParam<bool> {
protected:
  FarMemory far;
  HostMemory near;
  Watched watched{GetParam() ? static_cast<Memory &>(far) : near};
};
INSTANTIATE_TEST_SUITE_P(Memories, ArenaWatchTest, testing::Bool(),
                         [](const auto &info) { return info.param ? "far" : "near"; });

TEST_P(ArenaWatchTest, SeesWhatIsTouchedAndNothingElse) {
  watched.writeAt(0, 200); // of the variable's 256 bytes
  watched.keep();
  watched.watch.begin();
  Touched touched = watched.watch.end(Watched::peak, "nothing");
  EXPECT_EQ(touched.bytes, 200u);
  EXPECT_EQ(touched.end, 200u);

  watched.watch.begin();
  watched.writeAt(320, 4000);
  touched = watched.watch.end(Watched::peak, "a buffer");
  EXPECT_EQ(touched.bytes, 200u + 4000);
  EXPECT_EQ(touched.end, 4320u);

  // Not what was touched in the turn before.
  watched.watch.begin();
  watched.writeAt(5120, 2);
  touched = watched.watch.end(Watched::peak, "the last");
  EXPECT_EQ(touched.bytes, 200u + 2);
  EXPECT_EQ(touched.end, Watched::peak);
}

TEST_P(ArenaWatchTest, SeesAByteOfAnyValue) {
  watched.keep();
  for (int value = 0; value < 256; ++value) {
    // In one turn of two a byte may be what the pattern has there.
    size_t end = 0;
    for (int turn = 0; turn < 32 && end == 0; ++turn) {
      watched.watch.begin();
      watched.writeAt(321, 1, std::byte(value));
      end = watched.watch.end(Watched::peak, "a byte").end;
    }
    EXPECT_EQ(end, 322u) << value;
  }
}

TEST_P(ArenaWatchTest, CatchesWhatIsNotPlanned) {
  const auto told = [&](size_t offset, size_t peak = Watched::peak) {
    watched.watch.begin();
    watched.writeAt(offset, 4);
    return errorOf([&] { watched.watch.end(peak, "step 3"); });
  };
  watched.keep();
  EXPECT_EQ(told(256), "step 3 has touched byte 259 of the arena, which is no part of any buffer; "
                       "a call leaves its buffer"); // between the variable and the buffer
  EXPECT_EQ(told(4320), "step 3 has touched byte 4323 of the arena, which is no part of any "
                        "buffer; a call leaves its buffer"); // right behind the buffer
  EXPECT_EQ(told(5122), "step 3 has touched byte 5125 of the arena, and its plan ends at byte "
                        "5122; a call leaves its buffer"); // behind the plan
  EXPECT_EQ(told(9998), "step 3 has touched byte 10001 of the arena, and its plan ends at byte "
                        "5122; a call leaves its buffer"); // over the arena's end
  EXPECT_EQ(told(12284), "step 3 has touched byte 12287 of the arena, and its plan ends at byte "
                         "5122; a call leaves its buffer"); // the last of its last page
  // In a buffer, but of another function's.
  EXPECT_EQ(told(4000, /*peak=*/4002), "step 3 has touched byte 4003 of the arena, and its plan "
                                       "ends at byte 4002; a call leaves its buffer");
  EXPECT_EQ(told(320), "");
}

TEST_P(ArenaWatchTest, CatchesWhatSettingUpTouches) {
  watched.writeAt(260, 4);
  EXPECT_EQ(errorOf([&] { watched.keep(); }),
            "setting up has touched byte 263 of the arena, which is no part of any buffer; a call "
            "leaves its buffer");
}

TEST(ArenaWatch, ACopyOfWhatWasNeverWrittenIsSeen) {
  Watched watched(HostMemory::instance());
  watched.keep();
  watched.watch.begin();
  std::memmove(watched.buffer + 500, watched.buffer, 2000);
  // A number of four bytes in 1024 is as it was.
  EXPECT_GT(watched.watch.end(Watched::peak, "a copy").bytes, 1800u);
}

TEST(ArenaWatch, WhatIsNotWrittenIsNoNumber) {
  Watched watched(HostMemory::instance());
  watched.keep();
  watched.watch.begin();
  const auto *words = reinterpret_cast<const uint32_t *>(watched.buffer);
  for (int i = 0; i < 1000; i += 2) {
    ASSERT_TRUE(std::isnan(watched.buffer[i])) << i;
    double wide;
    std::memcpy(&wide, watched.buffer + i, sizeof wide);
    ASSERT_TRUE(std::isnan(wide)) << i;
    // f16 has 5 bits of exponent, bf16 8: all are set, and some of the rest.
    for (uint32_t half : {words[i] & 0xFFFF, words[i] >> 16}) {
      ASSERT_EQ(half & 0x7F80, 0x7F80u) << i;
      ASSERT_NE(half & 0x007F, 0u) << i;
    }
    const auto integer = static_cast<int32_t>(words[i]);
    ASSERT_TRUE(integer < 0 || integer > 1 << 30) << i;
  }
}

} // namespace
