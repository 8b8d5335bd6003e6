// See ChangeText.h. Also libFuzzer's mutator, for the entries that link this.
#include "ChangeText.h"

#include "Fuzz.h"

#include <algorithm>
#include <cctype>
#include <cstring>
#include <vector>

namespace fuzz {
namespace {

constexpr const char *numbers[] = {"0",
                                   "-1",
                                   "1",
                                   "2",
                                   "3",
                                   "8",
                                   "64",
                                   "255",
                                   "65536",
                                   "2147483647",
                                   "2147483648",
                                   "4294967296",
                                   "1099511627776",
                                   "4611686018427387904",
                                   "9223372036854775807",
                                   "-9223372036854775808",
                                   "18446744073709551616",
                                   "0.0",
                                   "-3.0",
                                   "1.0e+38",
                                   "1.0e+400",
                                   "1.0e-400",
                                   "0x7FF0000000000000",
                                   "0x7FF8000000000000"};

struct Span {
  size_t begin, length;
};

bool isDigit(char c) { return std::isdigit(static_cast<unsigned char>(c)); }
bool isWord(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) || std::strchr("_.%@#!", c);
}

/// The runs of characters for which `belongs`.
template <typename Belongs> std::vector<Span> runs(const std::string &text, Belongs belongs) {
  std::vector<Span> found;
  for (size_t at = 0; at < text.size();) {
    size_t end = at;
    while (end < text.size() && text[end] && belongs(text[end]))
      ++end;
    if (end > at)
      found.push_back({at, end - at});
    at = std::max(end, at + 1);
  }
  return found;
}

class Change {
public:
  Change(std::string &text, std::mt19937 &random) : text(text), random(random) {}

  void make() {
    switch (random() % 8) {
    case 0:
      return dropLine();
    case 1:
      return moveLine();
    case 2:
      return exchangeWords();
    case 3:
      return dropWord();
    default:
      return changeNumber();
    }
  }

private:
  const Span *pick(const std::vector<Span> &spans) {
    return spans.empty() ? nullptr : &spans[random() % spans.size()];
  }
  std::vector<Span> lines() {
    return runs(text, [](char c) { return c != '\n'; });
  }
  std::vector<Span> words() { return runs(text, isWord); }

  void changeNumber() {
    std::vector<Span> spans = runs(text, isDigit);
    if (const Span *number = pick(spans))
      text.replace(number->begin, number->length,
                   numbers[random() % (sizeof numbers / sizeof *numbers)]);
  }
  void dropLine() {
    std::vector<Span> spans = lines();
    if (const Span *line = pick(spans))
      text.erase(line->begin, line->length);
  }
  void moveLine() {
    std::vector<Span> spans = lines();
    const Span *from = pick(spans), *to = pick(spans);
    if (!from)
      return;
    std::string line = text.substr(from->begin, from->length) + "\n";
    if (random() % 2)
      text.insert(to->begin, line); // a second one
    else if (to->begin < from->begin)
      text.erase(from->begin, from->length), text.insert(to->begin, line);
  }
  void exchangeWords() {
    std::vector<Span> spans = words();
    const Span *to = pick(spans), *from = pick(spans);
    if (from)
      text.replace(to->begin, to->length, text.substr(from->begin, from->length));
  }
  void dropWord() {
    std::vector<Span> spans = words();
    if (const Span *word = pick(spans))
      text.erase(word->begin, word->length);
  }

  std::string &text;
  std::mt19937 &random;
};

} // namespace

std::string changeText(std::string text, unsigned seed) {
  std::mt19937 random(seed);
  for (unsigned i = 0, count = 1 + random() % 3; i < count; ++i)
    Change(text, random).make();
  return text;
}

} // namespace fuzz

extern "C" size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t maxSize,
                                          unsigned seed) {
  if (seed % 8 == 0)
    return LLVMFuzzerMutate(data, size, maxSize);
  std::string text = fuzz::changeText({reinterpret_cast<char *>(data), size}, seed / 8);
  size = std::min(text.size(), maxSize);
  std::memcpy(data, text.data(), size);
  return size;
}
