// See Likeness.h.
#include "compiler/emit/Likeness.h"

#include "compiler/emit/Declarations.h"
#include "compiler/emit/Slices.h"
#include "dialects/graph/Names.h"

#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringMap.h"

using namespace mlir;

namespace autopar::emit {

std::optional<PlaceInRow> placeInRow(StringRef name, StringRef row) {
  int64_t layer;
  if (!name.consume_front(row) || !name.consume_front(".") || name.empty() ||
      !llvm::isDigit(name.front()) || name.consumeInteger(10, layer))
    return std::nullopt;
  if (!name.empty() && !name.consume_front("."))
    return std::nullopt;
  return PlaceInRow{layer, name};
}

std::vector<Operation *> operationsOf(func::FuncOp function) {
  std::vector<Operation *> operations;
  for (Operation &op : function.front())
    if (isa<rt::CallOp, rt::JoinOp>(op))
      operations.push_back(&op);
  return operations;
}

/// Whether calls of these configurations are alike: only where a dropout stands may differ.
static bool isAlike(Attribute a, Attribute b);

static bool isAlike(DictionaryAttr a, DictionaryAttr b) {
  return a.size() == b.size() && llvm::all_of(llvm::zip(a, b), [](auto pair) {
    auto [one, other] = pair;
    return one.getName() == other.getName() &&
           (one.getName() == "site" || isAlike(one.getValue(), other.getValue()));
  });
}

static bool isAlike(Attribute a, Attribute b) {
  if (a == b)
    return true;
  auto arrayA = dyn_cast<ArrayAttr>(a), arrayB = dyn_cast<ArrayAttr>(b);
  if (arrayA && arrayB)
    return arrayA.size() == arrayB.size() &&
           llvm::all_of(llvm::zip(arrayA, arrayB), [](auto pair) {
             return isAlike(std::get<0>(pair), std::get<1>(pair));
           });
  auto stepA = dyn_cast<rt::StepAttr>(a), stepB = dyn_cast<rt::StepAttr>(b);
  return stepA && stepB && stepA.getCallee() == stepB.getCallee() &&
         stepA.getReads() == stepB.getReads() && isAlike(stepA.getConfig(), stepB.getConfig());
}

/// Slices that one declaration can stand for, but for the offset.
static bool isAlike(rt::SliceOp a, rt::SliceOp b) {
  return a.getType() == b.getType() && isRaw(a) == isRaw(b);
}

bool correspond(const Repeat &repeat, StringRef one, StringRef other) {
  std::optional<PlaceInRow> place = placeInRow(one, repeat.row),
                            otherPlace = placeInRow(other, repeat.row);
  if (!place || !otherPlace)
    return one == other;
  return place->rest == otherPlace->rest && otherPlace->layer - place->layer == repeat.step;
}

namespace {

class Finder {
public:
  Finder(ArrayRef<std::string> names, Compare compare) : names(names), compare(compare) {
    for (auto [number, name] : llvm::enumerate(names))
      numbers[name].push_back(number);
  }

  std::vector<Repeat> find() {
    for (unsigned begin = 0; begin < names.size();) {
      const Repeat best = bestFrom(begin);
      if (saved(best) < worthwhile) {
        ++begin;
        continue;
      }
      found.push_back(turned(best));
      begin = found.back().end();
    }
    return std::move(found);
  }

private:
  /// Lines less to write for which a loop is worth reading.
  static constexpr unsigned worthwhile = 4;

  static unsigned saved(const Repeat &repeat) {
    return repeat.turns < 2 ? 0 : repeat.length * (repeat.turns - 1);
  }

  /// The one that begins here and saves most.
  Repeat bestFrom(unsigned begin) {
    Repeat best;
    const std::string &name = names[begin];
    // Any number in the name may be the layer's.
    for (size_t dot = name.find('.'); dot != std::string::npos; dot = name.find('.', dot + 1)) {
      const std::string row = name.substr(0, dot);
      std::optional<PlaceInRow> place = placeInRow(name, row);
      if (!place)
        continue;
      for (int64_t step : {1, -1}) {
        const std::string rest = place->rest.empty() ? "" : "." + place->rest.str();
        auto next = numbers.find(row + "." + std::to_string(place->layer + step) + rest);
        if (next == numbers.end())
          continue;
        for (unsigned second : next->second) {
          if (second <= begin)
            continue;
          Repeat repeat{begin, second - begin, 0, row, place->layer, step};
          repeat.turns = turnsOf(repeat);
          if (saved(repeat) > saved(best))
            best = repeat;
        }
      }
    }
    return best;
  }

  /// A repeat may begin anywhere in its turn. One that begins with a layer's end and goes on
  /// with the next layer begins there instead, unless that saves less than half: a turn reads as a
  /// layer.
  Repeat turned(const Repeat &repeat) {
    Repeat best = repeat;
    if (2 * ownOf(repeat) >= repeat.length)
      return best;
    for (unsigned begin = repeat.begin + 1; begin < repeat.begin + repeat.length; ++begin) {
      std::optional<PlaceInRow> place = placeInRow(names[begin], repeat.row);
      if (!place)
        continue;
      Repeat other = repeat;
      other.begin = begin;
      other.first = place->layer;
      other.turns = turnsOf(other);
      if (2 * saved(other) >= saved(repeat) && ownOf(other) > ownOf(best))
        best = other;
    }
    return best;
  }

  /// How many things of the first turn are its layer's by their names.
  unsigned ownOf(const Repeat &repeat) const {
    auto isOwn = [&](const std::string &name) {
      std::optional<PlaceInRow> place = placeInRow(name, repeat.row);
      return place && place->layer == repeat.first;
    };
    return llvm::count_if(names.slice(repeat.begin, repeat.length), isOwn);
  }

  /// Turns that are alike, the first and the last but for their neighbours.
  unsigned turnsOf(const Repeat &repeat) {
    unsigned turns = 1;
    for (unsigned behind = repeat.begin + repeat.length; behind + repeat.length <= names.size();
         behind += repeat.length) {
      std::optional<unsigned> differences = differencesOf(repeat, behind - repeat.length);
      if (!differences || *differences * 2 > repeat.length)
        break;
      ++turns;
      if (*differences > 0 && turns > 2)
        break;
    }
    return turns;
  }

  /// How many things of the turn that begins at `begin` and of the next have other neighbours;
  /// nothing where any differ.
  std::optional<unsigned> differencesOf(const Repeat &repeat, unsigned begin) {
    unsigned differences = 0;
    for (unsigned one = begin; one < begin + repeat.length; ++one)
      switch (compare(repeat, found, one, one + repeat.length)) {
      case Likeness::Alike:
        break;
      case Likeness::Neighbours:
        ++differences;
        break;
      case Likeness::Different:
        return std::nullopt;
      }
    return differences;
  }

  ArrayRef<std::string> names;
  Compare compare;
  llvm::StringMap<SmallVector<unsigned, 2>> numbers;
  std::vector<Repeat> found;
};

/// Whether one text can stand for both, whatever buffers they are given.
bool haveOneForm(rt::CallOp a, rt::CallOp b) {
  // A table names its buffers where it is made.
  if (a.getCallee() != b.getCallee() || a.getCalleeEntry().form == rt::CallForm::Table ||
      !isAlike(a.getConfig(), b.getConfig()) || a.getInputs().size() != b.getInputs().size() ||
      a.getOuts().size() != b.getOuts().size() || !a.getScratch() != !b.getScratch())
    return false;
  llvm::SmallDenseMap<Operation *, Operation *> there, back;
  for (auto [one, other] : llvm::zip(a->getOperands(), b->getOperands())) {
    rt::SliceOp slice = sliceOf(one), otherSlice = sliceOf(other);
    if (one.getType() != other.getType() || !isAlike(slice, otherSlice) ||
        there.try_emplace(slice, otherSlice).first->second != otherSlice ||
        back.try_emplace(otherSlice, slice).first->second != slice)
      return false;
  }
  return true;
}

/// Whether the operands are one value outside, or have names that correspond.
bool haveCorrespondingOperands(const Repeat &repeat, const ValueNames &values, rt::CallOp a,
                               rt::CallOp b) {
  return llvm::all_of(llvm::zip(a->getOperands(), b->getOperands()), [&](auto pair) {
    rt::SliceOp one = sliceOf(std::get<0>(pair)), other = sliceOf(std::get<1>(pair));
    return one == other ||
           (values(one) != values(other) && correspond(repeat, values(one), values(other)));
  });
}

} // namespace

std::vector<Repeat> findRepeats(ArrayRef<std::string> names, Compare compare) {
  return Finder(names, compare).find();
}

void forEachInOrder(ArrayRef<Repeat> repeats, unsigned count,
                    function_ref<void(const Repeat &)> turns,
                    function_ref<void(unsigned)> one) {
  unsigned number = 0;
  for (const Repeat &repeat : repeats) {
    for (; number < repeat.begin; ++number)
      one(number);
    turns(repeat);
    number = repeat.end();
  }
  for (; number < count; ++number)
    one(number);
}

std::vector<Repeat> findRepeats(ArrayRef<Operation *> operations, const ValueNames &values) {
  DenseMap<Operation *, unsigned> numbers;
  std::vector<std::string> names;
  for (auto [number, op] : llvm::enumerate(operations)) {
    numbers[op] = number;
    names.push_back(isa<rt::CallOp>(op) ? nameOf(op) : "");
  }
  // Joins wait for the same of one layer and of the next if turns of one repeat start it, this
  // one or an earlier.
  auto haveOneCollective = [&](const Repeat &repeat, ArrayRef<Repeat> earlier, rt::JoinOp a,
                               rt::JoinOp b) {
    const unsigned one = numbers.at(a.getCollective()), other = numbers.at(b.getCollective());
    if (one >= repeat.begin)
      return other == one + repeat.length;
    auto starts = llvm::find_if(
        earlier, [&](const Repeat &turns) { return one >= turns.begin && one < turns.end(); });
    if (starts == earlier.end() || other < starts->begin || other >= starts->end())
      return false;
    auto place = [&](unsigned number) { return (number - starts->begin) % starts->length; };
    auto layer = [&](unsigned number) {
      return starts->layer((number - starts->begin) / starts->length);
    };
    return starts->row == repeat.row && place(one) == place(other) &&
           layer(other) - layer(one) == repeat.step;
  };
  return findRepeats(names, [&](const Repeat &repeat, ArrayRef<Repeat> earlier, unsigned one,
                                unsigned other) {
    auto join = dyn_cast<rt::JoinOp>(operations[one]),
         otherJoin = dyn_cast<rt::JoinOp>(operations[other]);
    if (join && otherJoin)
      return haveOneCollective(repeat, earlier, join, otherJoin) ? Likeness::Alike
                                                                 : Likeness::Different;
    auto call = dyn_cast<rt::CallOp>(operations[one]),
         otherCall = dyn_cast<rt::CallOp>(operations[other]);
    if (!call || !otherCall || !haveOneForm(call, otherCall))
      return Likeness::Different;
    return correspond(repeat, names[one], names[other]) &&
                   haveCorrespondingOperands(repeat, values, call, otherCall)
               ? Likeness::Alike
               : Likeness::Neighbours;
  });
}

} // namespace autopar::emit
