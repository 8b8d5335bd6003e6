// See Block.h.
#include "compiler/emit/Block.h"

#include "compiler/emit/Slices.h"
#include "dialects/graph/Names.h"

#include "llvm/ADT/StringExtras.h"

using namespace mlir;

namespace autopar::emit {

std::string Block::seenFrom(int64_t layer, StringRef name) const {
  std::optional<PlaceInRow> place = placeInRow(name, row);
  if (!place)
    return name.str();
  // A layer's own result is called after the row.
  const StringRef last = StringRef(row).contains('.') ? StringRef(row).rsplit('.').second : row;
  const std::string rest = place->rest.empty() ? last.str() : place->rest.str();
  const int64_t distance = place->layer - layer;
  if (distance == 0)
    return rest;
  return rest + (distance < 0 ? ".before" : ".behind") +
         (std::abs(distance) > 1 ? std::to_string(std::abs(distance)) : "");
}

unsigned Block::addMember(const std::vector<rt::SliceOp> &slices, const Naming &naming) {
  auto [entry, isNew] = numbers.try_emplace({slices.begin(), slices.end()}, all.size());
  if (!isNew)
    return entry->second;
  Member member{slices, ""};
  if (!llvm::all_equal(slices)) {
    auto seen = [&](int64_t layer) {
      return seenFrom(layer, naming.values(member.slices[layer - lowest]));
    };
    const std::string name = seen(middle());
    member.identifier = names.ofModel(name);
    for (int64_t layer = lowest; layer <= highest; ++layer) {
      rt::SliceOp slice = member.slices[layer - lowest];
      std::optional<PlaceInRow> place = placeInRow(naming.values(slice), row);
      if (place && place->layer == layer && seen(layer) == name)
        buffers.try_emplace(slice, element(layer) + "." + member.identifier);
    }
  }
  all.push_back(member);
  return entry->second;
}

/// After the class that most of what computes in a turn is of, as in an optimizer's; else turns
/// go forward, unless most of their calls make gradients.
static std::string partName(ArrayRef<std::vector<rt::CallOp>> turn,
                            const Block::Naming &naming) {
  SmallVector<rt::CallOp> calls, computing;
  for (const std::vector<rt::CallOp> &ofLayers : turn)
    calls.push_back(ofLayers.front());
  llvm::copy_if(calls, std::back_inserter(computing),
                [](rt::CallOp call) { return !call.getCalleeEntry().movesOnly; });
  ArrayRef<rt::CallOp> counted = computing.empty() ? calls : computing;
  auto areMost = [&](auto condition) {
    return 2 * llvm::count_if(counted, condition) > static_cast<int64_t>(counted.size());
  };
  for (rt::CallOp one : counted)
    if (std::string callClass = naming.callClass(one);
        areMost([&](rt::CallOp call) { return naming.callClass(call) == callClass; }))
      return lowerFirst(callClass);
  return areMost([](rt::CallOp call) {
           return StringRef(nameOf(call.getOperation())).contains(".grad");
         })
             ? "backward"
             : "forward";
}

void Block::add(const Repeat &repeat, ArrayRef<Operation *> operations, const Naming &naming) {
  std::vector<std::vector<rt::CallOp>> turn;
  for (unsigned place = 0; place < repeat.length; ++place)
    if (isa<rt::CallOp>(operations[repeat.begin + place]))
      turn.push_back(ofLayers<rt::CallOp>(repeat, operations, place));
  // Buffers first: calls are named after them, but for a word.
  for (const std::vector<rt::CallOp> &calls : turn) {
    rt::CallOp one = oneOf(calls);
    for (unsigned operand = 0; operand < one->getNumOperands(); ++operand) {
      std::vector<rt::SliceOp> slices;
      for (rt::CallOp call : calls)
        slices.push_back(naming.slice(call->getOperand(operand)));
      operands[one][one->getOperand(operand)] = addMember(slices, naming);
    }
  }
  for (const std::vector<rt::CallOp> &calls : turn) {
    rt::CallOp one = oneOf(calls);
    const std::string identifier =
        names.ofCall(naming.callClass(one),
                     seenFrom(middle(), naming.values(one)));
    for (auto [index, call] : llvm::enumerate(calls)) {
      layers[call] = lowest + static_cast<int64_t>(index);
      identifiers[call] = identifier;
      objects[call] = element(layers[call]) + "." + identifier;
    }
  }
  parts.push_back({partNames.unique(partName(turn, naming)), repeat});
}

} // namespace autopar::emit
