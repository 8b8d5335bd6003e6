// Buffers to be packed: what is accepted gets offsets that the checker accepts.
#include "Fuzz.h"

#include "compiler/solvers/packing/Packing.h"

#include <cstring>

using namespace autopar;

namespace {

/// Takes numbers off the input: of one byte, or, where the byte before says so, of eight.
class Numbers {
public:
  Numbers(const uint8_t *data, size_t size) : data(data), left(size) {}
  bool empty() const { return left == 0; }
  int64_t next() {
    const bool wide = take() % 8 == 7;
    int64_t value = take();
    if (wide && left >= 8) {
      std::memcpy(&value, data, 8);
      data += 8, left -= 8;
    }
    return value;
  }

private:
  uint8_t take() { return left ? --left, *data++ : 0; }
  const uint8_t *data;
  size_t left;
};

} // namespace

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  Numbers numbers(data, size);
  PackOptions options;
  options.timeLimitSeconds = 0.02;
  options.alignment = numbers.next();
  if (numbers.next() % 2)
    options.capacity = numbers.next();
  std::vector<Buffer> buffers;
  while (!numbers.empty() && buffers.size() < 40) {
    const int64_t begin = numbers.next(), length = numbers.next();
    buffers.push_back({"b", begin, length < 256 && begin >= 0 && begin < 256 ? begin + length : length,
                       numbers.next()});
    if (int64_t other = numbers.next(); other % 8 == 1)
      buffers.back().sameOffsetAs = other / 8;
  }
  Packing packing = pack(buffers, options);
  if (packing.status == PackStatus::Invalid)
    return 0;
  fuzz::require(packing.arenaBytes >= packing.largestLiveSet, "an arena below its live set");
  std::optional<std::string> wrong =
      check(buffers, packing.offsets, packing.arenaBytes, options.alignment);
  fuzz::require(!wrong, wrong.value_or(""));
  return 0;
}
