// See LayerNumbers.h.
#include "compiler/emit/LayerNumbers.h"

#include "compiler/emit/Literals.h"

#include "llvm/ADT/StringExtras.h"

namespace autopar::emit {

using llvm::ArrayRef, llvm::StringRef;

/// `layer`, `layer - 1`
static std::string layerLess(int64_t lowest) {
  return lowest == 0 ? "layer" : "layer - " + std::to_string(lowest);
}

/// A straight line through the numbers; empty where they lie on none.
static std::string lineThrough(ArrayRef<int64_t> numbers, int64_t lowest) {
  const int64_t slope = numbers.size() > 1 ? numbers[1] - numbers[0] : 0;
  for (size_t i = 1; i < numbers.size(); ++i)
    if (numbers[i] - numbers[i - 1] != slope)
      return "";
  if (slope == 0)
    return std::to_string(numbers.front());
  const std::string times =
      (slope < 0 ? " - " : " + ") + std::to_string(std::abs(slope)) + " * ";
  const int64_t start = numbers.front() - slope * lowest;
  if (start >= 0)
    return std::to_string(start) + times + "layer";
  return std::to_string(numbers.front()) + times + "(" + layerLess(lowest) + ")";
}

/// `nth(layer, {…})`
static std::string choice(std::string list, int64_t lowest) {
  return "nth(" + layerLess(lowest) + ", " + list + ")";
}

std::string numberOfLayer(ArrayRef<int64_t> numbers, int64_t lowest) {
  if (std::string line = lineThrough(numbers, lowest); !line.empty())
    return line;
  // Two points always lie on a line: an exception wants three others.
  constexpr size_t enough = 4;
  auto unless = [](int64_t layer, int64_t number, const std::string &line) {
    return "layer == " + std::to_string(layer) + " ? " + std::to_string(number) + " : " + line;
  };
  if (numbers.size() >= enough) {
    if (std::string line = lineThrough(numbers.drop_front(), lowest + 1); !line.empty())
      return unless(lowest, numbers.front(), line);
    if (std::string line = lineThrough(numbers.drop_back(), lowest); !line.empty())
      return unless(lowest + static_cast<int64_t>(numbers.size()) - 1, numbers.back(), line);
  }
  return choice(list(numbers), lowest);
}

/// The text in parts, of digits and of others in turn; the first is of others.
static std::vector<StringRef> parts(StringRef text) {
  std::vector<StringRef> parts;
  for (bool digits = false; !text.empty(); digits = !digits) {
    parts.push_back(text.take_while([&](char c) { return llvm::isDigit(c) == digits; }));
    text = text.drop_front(parts.back().size());
  }
  return parts;
}

std::string textOfLayer(ArrayRef<std::string> texts, int64_t lowest) {
  if (llvm::all_equal(texts))
    return texts.front();
  std::vector<std::vector<StringRef>> all;
  for (const std::string &text : texts)
    all.push_back(parts(text));
  std::string text;
  for (size_t part = 0; part < all.front().size(); ++part) {
    llvm::SmallVector<int64_t> numbers;
    if (part % 2 == 1)
      for (const std::vector<StringRef> &of : all)
        of[part].getAsInteger(10, numbers.emplace_back());
    text += numbers.empty() || llvm::all_equal(numbers) ? all.front()[part].str()
                                                        : numberOfLayer(numbers, lowest);
  }
  return text;
}

std::string nameOfLayer(ArrayRef<std::string> names, StringRef row, int64_t lowest) {
  auto offset = [&](size_t index) -> std::optional<int64_t> {
    std::optional<PlaceInRow> place = placeInRow(names[index], row);
    if (!place || place->rest != placeInRow(names.front(), row)->rest)
      return std::nullopt;
    return place->layer - lowest - static_cast<int64_t>(index);
  };
  std::optional<PlaceInRow> first = placeInRow(names.front(), row);
  if (first && llvm::all_of(llvm::seq(names.size()), [&](size_t index) {
        return offset(index) == first->layer - lowest;
      })) {
    const int64_t before = lowest - first->layer;
    const std::string rest = first->rest.empty() ? "" : " + " + quoted("." + first->rest.str());
    if (before == 0)
      return "name" + rest;
    return quoted((row + ".").str()) + " + std::to_string(layer " + (before > 0 ? "- " : "+ ") +
           std::to_string(std::abs(before)) + ")" + rest;
  }
  llvm::SmallVector<std::string> texts = llvm::map_to_vector(names, quoted);
  if (llvm::all_equal(texts))
    return texts.front();
  return choice("{" + llvm::join(texts, ", ") + "}", lowest);
}

std::string loopHead(const Repeat &repeat) {
  const std::string last = std::to_string(repeat.layer(repeat.turns - 1));
  return "for (int64_t layer = " + std::to_string(repeat.first) + "; layer " +
         (repeat.step > 0 ? "<= " + last + "; ++layer)" : ">= " + last + "; --layer)");
}

} // namespace autopar::emit
