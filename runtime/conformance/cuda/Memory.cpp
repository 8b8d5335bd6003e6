// The device's memory as the training loop uses it: numbers that are written and read without
// waiting, and batches that come beside the program's work, each in its order.
#include "Random.h"
#include "Tensor.h"

using namespace autopar;
using namespace autopar::conformance;

namespace {

class DevicesMemory : public testing::Test {
protected:
  ~DevicesMemory() override { context().synchronize(); }

  DeviceMemory memory{context()};

  template <class T> T *allocate(int64_t count) {
    owned.push_back(std::make_unique<TargetMemory>(count * sizeof(T)));
    return reinterpret_cast<T *>(owned.back()->data());
  }
  std::vector<float> read(const float *from, int64_t count) {
    std::vector<float> values(count);
    memory.read(values.data(), from, count * sizeof(float));
    return values;
  }

private:
  std::vector<std::unique_ptr<TargetMemory>> owned;
};

TEST_F(DevicesMemory, readsWhatWasThereWhenItWasAsked) {
  float *const place = allocate<float>(1);
  std::vector<std::unique_ptr<Reading>> readings;
  for (int step = 0; step < 5; ++step) {
    const float value = step;
    memory.write(place, &value, sizeof value);
    readings.push_back(memory.readLater(place, sizeof value));
  }
  for (int step : {1, 0, 4, 2, 3}) {
    float value = -1;
    readings[step]->get(&value);
    EXPECT_EQ(value, step);
  }
}

TEST_F(DevicesMemory, keepsSmallWritesInTheirOrder) {
  constexpr int places = 7, writes = 1000; // more than wait at once
  float *const numbers = allocate<float>(places);
  for (int i = 0; i < writes; ++i) {
    const float value = i;
    memory.write(numbers + i % places, &value, sizeof value);
  }
  const auto last = read(numbers, places);
  for (int i = writes - places; i < writes; ++i)
    EXPECT_EQ(last[i % places], i);
}

TEST_F(DevicesMemory, bringsABatchBesideTheWorkOnTheOneBefore) {
  constexpr int64_t count = 100000, batches = 4;
  float *const beside = allocate<float>(count), *const input = allocate<float>(count),
               *const sums = allocate<float>(batches * count);
  const std::shared_ptr<std::byte> pinned = memory.staging(count * sizeof(float));
  auto *const host = reinterpret_cast<float *>(pinned.get());
  const auto bring = [&](int64_t batch) {
    std::fill_n(host, count, float(batch + 1));
    memory.feed()->bring(beside, host, count * sizeof(float));
  };
  bring(0);
  for (int64_t batch = 0; batch < batches; ++batch) {
    memory.feed()->place(input, beside, count * sizeof(float));
    Add{count}(context(), input, input, sums + batch * count);
    if (batch + 1 < batches)
      bring(batch + 1);
  }
  for (int64_t batch = 0; batch < batches; ++batch)
    EXPECT_EQ(read(sums + batch * count, count), std::vector<float>(count, 2 * (batch + 1)));
}

// Of any length, and wherever they begin: in fours where they can be.
TEST_F(DevicesMemory, normalisesPixelsByTheirChannels) {
  Random random(1);
  PixelLevels levels;
  for (auto &channel : levels.ofChannel)
    std::ranges::copy(random.normal(PixelLevels::values), channel);
  constexpr int64_t most = 3 * 1001;
  const std::shared_ptr<std::byte> pinned = memory.staging(most);
  auto *const pixels = reinterpret_cast<uint8_t *>(pinned.get());
  for (int64_t i = 0; i < most; ++i)
    pixels[i] = static_cast<uint8_t>(random.number(0, 255));
  uint8_t *const beside = allocate<uint8_t>(most + 3);
  float *const images = allocate<float>(most + 3);
  for (int64_t count : {int64_t(3), int64_t(12), int64_t(300), most})
    for (int64_t begin : {0, 3}) {
      memory.feed()->bring(beside + begin, pixels, count);
      memory.feed()->placePixels(images + begin, beside + begin, count, levels);
      std::vector<float> wanted(count);
      for (int64_t i = 0; i < count; ++i)
        wanted[i] = levels.ofChannel[i % PixelLevels::channels][pixels[i]];
      EXPECT_EQ(read(images + begin, count), wanted) << count << " from " << begin;
    }
}

} // namespace
