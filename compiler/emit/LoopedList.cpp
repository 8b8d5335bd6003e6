// See LoopedList.h.
#include "compiler/emit/LoopedList.h"

#include "compiler/emit/LayerNumbers.h"
#include "compiler/emit/Likeness.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"

namespace autopar::emit {

using llvm::ArrayRef, llvm::StringRef;

/// The text of an item by the number of the turn's layer: `h_[layer].ln_1_` for `h_[3].ln_1_`
/// in layer 3's turn, `h_[layer - 1].ln_1_` in layer 4's.
static std::string textOf(const ListItem &item, unsigned index, const Repeat &repeat) {
  std::optional<PlaceInRow> place = placeInRow(item.name, repeat.row);
  if (!place)
    return item.text;
  const int64_t distance = place->layer - repeat.layer((index - repeat.begin) / repeat.length);
  const std::string number = "[" + std::to_string(place->layer) + "]";
  std::string byLayer = "[layer";
  if (distance != 0)
    byLayer += (distance < 0 ? " - " : " + ") + std::to_string(std::abs(distance));
  byLayer += "]";
  std::string text;
  StringRef rest = item.text;
  for (size_t at; (at = rest.find(number)) != StringRef::npos;) {
    text += (rest.take_front(at) + byLayer).str();
    rest = rest.drop_front(at + number.size());
  }
  return text + rest.str();
}

/// `all.insert(all.end(), {a, b});`, where items are tables' rows a line for each.
static void insert(std::vector<std::string> &lines, const std::string &indent,
                   ArrayRef<std::string> texts) {
  if (!StringRef(texts.front()).starts_with("{")) {
    lines.push_back(indent + "all.insert(all.end(), {" + llvm::join(texts, ", ") + "});");
    return;
  }
  lines.push_back(indent + "all.insert(all.end(), {");
  for (const std::string &text : texts)
    lines.push_back(indent + "    " + text + ",");
  lines.push_back(indent + "});");
}

std::vector<std::string> loopedList(StringRef type, ArrayRef<ListItem> items) {
  std::vector<std::string> names;
  for (const ListItem &item : items)
    names.push_back(item.name);
  auto compare = [&](const Repeat &repeat, ArrayRef<Repeat>, unsigned one, unsigned other) {
    return correspond(repeat, names[one], names[other]) &&
                   textOf(items[one], one, repeat) == textOf(items[other], other, repeat)
               ? Likeness::Alike
               : Likeness::Different;
  };
  const std::vector<Repeat> repeats = findRepeats(names, compare);
  if (repeats.empty())
    return {};
  std::vector<std::string> lines = {"[this] {", ("  std::vector<" + type + "> all;").str()};
  std::vector<std::string> texts;
  auto flush = [&](const std::string &indent) {
    if (!texts.empty())
      insert(lines, indent, texts);
    texts.clear();
  };
  auto loop = [&](const Repeat &repeat) {
    flush("  ");
    lines.push_back("  " + loopHead(repeat));
    for (unsigned number = repeat.begin; number < repeat.begin + repeat.length; ++number)
      texts.push_back(textOf(items[number], number, repeat));
    flush("    ");
  };
  forEachInOrder(repeats, items.size(), loop,
                 [&](unsigned number) { texts.push_back(items[number].text); });
  flush("  ");
  lines.push_back("  return all;");
  lines.push_back("}()");
  return lines;
}

} // namespace autopar::emit
