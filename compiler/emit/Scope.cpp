// See Scope.h.
#include "compiler/emit/Scope.h"

#include "compiler/emit/Declarations.h"
#include "compiler/emit/LayerNumbers.h"
#include "compiler/emit/LoopedList.h"
#include "compiler/emit/Roles.h"
#include "compiler/emit/Slices.h"
#include "dialects/graph/Names.h"
#include "dialects/rt/NextInput.h"

#include "llvm/ADT/StringExtras.h"

using namespace mlir;

namespace autopar::emit {

VariableScope::VariableScope(ModuleOp module) {
  llvm::StringSet<> seen;
  module.walk([&](rt::SliceOp slice) {
    if (slice.isVariable() && !slice.getUpdates() && seen.insert(slice.getName()).second)
      all.push_back({slice, ""});
  });
  llvm::stable_sort(all, [](const Variable &a, const Variable &b) {
    return rt::SliceOp(a.slice).getOffset() < rt::SliceOp(b.slice).getOffset();
  });
  for (auto [number, variable] : llvm::enumerate(all)) {
    variable.identifier = given.ofModel(variable.slice.getName());
    numbers[variable.slice.getName()] = number;
  }
}

std::vector<std::string>
VariableScope::declarations(llvm::function_ref<bool(rt::SliceOp)> isNeeded) const {
  std::vector<Entry> entries;
  for (const Variable &variable : all) {
    rt::SliceOp slice = variable.slice;
    if (isNeeded(slice))
      entries.push_back({declaration(slice, variable.identifier),
                         stringifyBufferKind(slice.getKind()).str()});
  }
  return table(entries);
}

FunctionScope::FunctionScope(func::FuncOp function, const VariableScope &variables,
                             const Kernels &kernels)
    : function(function), variables(variables), kernels(kernels), values(function),
      all(operationsOf(function)), found(findRepeats(all, values)) {
  findBlocks();
  Identifiers names = variables.names();
  for (const Block &block : alike)
    names.unique(block.array);
  for (rt::SliceOp slice : function.getOps<rt::SliceOp>())
    if (!slice.isVariable())
      buffers[slice] = names.ofModel(values(slice));
  for (rt::CallOp call : function.getOps<rt::CallOp>()) {
    for (const Block &block : alike)
      if (std::string object = block.object(call); !object.empty())
        objects[call] = object;
    if (!objects.contains(call))
      objects[call] = names.ofCall(classOf(call), values(call));
    for (Value input : call.getInputs()) {
      rt::SliceOp read = sliceOf(input);
      lastReaders[read] = call;
      for (Value out : call.getOuts())
        if (sliceOf(out).getOffset() == read.getOffset())
          successors[read] = sliceOf(out);
    }
  }
  for (Value value : function.front().getTerminator()->getOperands())
    returned.insert(sliceOf(value));
  findUses();
  findLists(names);
}

/// `HBlock` for the row `h`
static std::string typeOfRow(StringRef row) {
  std::string type;
  for (StringRef part : llvm::split(row, '.'))
    for (StringRef word : llvm::split(part, '_')) {
      std::string letters;
      for (char c : word)
        if (llvm::isAlnum(c))
          letters += c;
      if (!letters.empty())
        type += llvm::toUpper(letters[0]) + letters.substr(1);
    }
  return type.empty() || !llvm::isAlpha(type[0]) ? "Block" : type + "Block";
}

/// The buffers in a table's rows that layers have alike, and the layers.
static std::vector<std::pair<Repeat, std::vector<std::vector<rt::SliceOp>>>>
buffersOfRows(rt::CallOp table, const ValueNames &values,
              llvm::function_ref<rt::SliceOp(Value)> declared) {
  std::vector<SmallVector<Value>> rows;
  std::vector<std::string> names;
  for (unsigned row : llvm::seq(table.getRows())) {
    rows.push_back(SmallVector<Value>(table.getRowInputs(row)));
    llvm::append_range(rows.back(), table.getRowOutputs(row));
    names.push_back(values(sliceOf(rows.back().front())).str());
  }
  std::vector<std::pair<Repeat, std::vector<std::vector<rt::SliceOp>>>> found;
  for (const Repeat &repeat : findRepeats(names, [&](const Repeat &repeat, ArrayRef<Repeat>,
                                                     unsigned one, unsigned other) {
         return llvm::all_of(llvm::zip(rows[one], rows[other]),
                             [&](auto pair) {
                               rt::SliceOp a = sliceOf(std::get<0>(pair)),
                                           b = sliceOf(std::get<1>(pair));
                               return a.getType() == b.getType() &&
                                      correspond(repeat, values(a), values(b));
                             })
                    ? Likeness::Alike
                    : Likeness::Different;
       })) {
    std::vector<std::vector<rt::SliceOp>> buffers;
    for (unsigned place = 0; place < repeat.length; ++place)
      for (unsigned column = 0; column < rows.front().size(); ++column) {
        std::vector<rt::SliceOp> &ofLayers = buffers.emplace_back();
        for (int64_t layer = repeat.lowest(); layer <= repeat.highest(); ++layer)
          ofLayers.push_back(declared(rows[repeat.numberOf(layer, place)][column]));
      }
    found.push_back({repeat, std::move(buffers)});
  }
  return found;
}

void FunctionScope::findBlocks() {
  auto slice = [&](Value memory) { return declared(memory); };
  auto callClass = [&](rt::CallOp call) { return classOf(call); };
  Identifiers types, arrays = variables.names();
  auto blockOver = [&](const Repeat &repeat) -> Block & {
    for (Block &block : alike)
      if (block.isOver(repeat))
        return block;
    const bool isFirst =
        llvm::none_of(alike, [&](const Block &block) { return block.row == repeat.row; });
    const std::string lowest = std::to_string(repeat.lowest()),
                      highest = std::to_string(repeat.highest());
    return alike.emplace_back(
        repeat.row, repeat.lowest(), repeat.highest(),
        types.unique(typeOfRow(repeat.row) + (isFirst ? "" : lowest + "To" + highest)),
        arrays.ofModel(repeat.row + (isFirst ? "" : "_" + lowest + "_to_" + highest)));
  };
  const Block::Naming naming{values, slice, callClass};
  for (const Repeat &repeat : found)
    blockOver(repeat).add(repeat, all, naming);
  for (rt::CallOp call : function.getOps<rt::CallOp>())
    if (call.getCalleeEntry().form == rt::CallForm::Table)
      for (const auto &[repeat, buffers] : buffersOfRows(call, values, slice))
        for (const std::vector<rt::SliceOp> &ofLayers : buffers)
          blockOver(repeat).add(ofLayers, naming);
}

void FunctionScope::findLists(Identifiers &names) {
  auto find = [&](rt::CallOp call, ValueRange tensors, bool written) {
    std::vector<ListItem> items;
    for (Value tensor : tensors)
      items.push_back({values(sliceOf(tensor)).str(), buffer(tensor)});
    const std::string type = listType(call, written);
    std::vector<std::string> text = loopedList(type, items);
    if (!text.empty())
      lists.push_back({call, written,
                       names.ofModel(values(call) + (written ? ".outputs" : ".inputs")), type,
                       std::move(text)});
  };
  for (rt::CallOp call : function.getOps<rt::CallOp>()) {
    if (!takesLists(call) || isInLayers(call))
      continue;
    if (!call.getCalleeEntry().inPlace)
      find(call, call.getInputs(), /*written=*/false);
    if (call.isCollective())
      find(call, call.getOuts(), /*written=*/true);
  }
}

std::string FunctionScope::list(rt::CallOp call, bool written) const {
  for (const List &list : lists)
    if (list.call == call && list.written == written)
      return list.identifier;
  return "";
}

std::vector<std::string> FunctionScope::listDeclarations() const {
  std::vector<std::string> lines;
  for (const List &list : lists) {
    std::vector<std::string> text = list.text;
    text.front() = "const std::vector<" + list.type + "> " + list.identifier + " = " + text.front();
    text.back() += ";";
    llvm::append_range(lines, text);
  }
  return lines;
}

void FunctionScope::findUses() {
  auto use = [&](rt::SliceOp slice) {
    if (llvm::all_of(alike, [&](const Block &block) { return block.buffer(slice).empty(); }))
      named.insert(slice);
  };
  for (const Block &block : alike)
    for (const Block::Member &member : block.members()) {
      if (member.liesOutside())
        use(member.slices.front());
      else
        inLayers.insert(member.slices.begin(), member.slices.end());
    }
  forEachInOrder(found, all.size(), [](const Repeat &) {}, [&](unsigned number) {
    for (Value operand : all[number]->getOperands())
      use(declared(operand));
  });
}

const Block &FunctionScope::blockOf(const Repeat &repeat) const {
  return *llvm::find_if(alike, [&](const Block &block) { return block.isOver(repeat); });
}

rt::SliceOp FunctionScope::declared(Value memory) const {
  rt::SliceOp slice = sliceOf(memory);
  return slice.isVariable()
             ? variables.variable(slice.getUpdates().value_or(slice.getName())).slice
             : slice;
}

bool FunctionScope::isInLayers(rt::CallOp call) const {
  return llvm::any_of(alike, [&](const Block &block) { return !block.object(call).empty(); });
}

std::string FunctionScope::buffer(rt::SliceOp slice) const {
  for (const Block &block : alike)
    if (std::string own = block.buffer(slice); !own.empty())
      return own;
  return slice.isVariable() ? variables.variable(slice.getName()).identifier
                            : buffers.lookup(slice);
}

/// Why its bytes may be used again: `until conv2dForward_conv2`, the call that reads it last.
std::string FunctionScope::lifetime(rt::SliceOp slice) const {
  if (rt::isNextInput(slice))
    return ", brought while a step runs";
  if (rt::SliceOp next = successors.lookup(slice))
    return ", then " + buffer(declared(next.getResult())) + " in its place";
  if (returned.contains(slice))
    return ", to the end";
  if (rt::CallOp call = lastReaders.lookup(slice))
    return ", until " + object(call);
  return "";
}

std::vector<std::string> FunctionScope::bufferDeclarations() const {
  std::vector<Entry> entries;
  for (rt::SliceOp slice : function.getOps<rt::SliceOp>())
    if (!slice.isVariable() && (isNamed(slice) || !isInLayers(slice)))
      entries.push_back({declaration(slice, buffer(slice)),
                         stringifyBufferKind(slice.getKind()).str() + lifetime(slice)});
  return table(entries);
}

/// Of the layer in the middle, seen from it.
std::string FunctionScope::commentOn(const Block &block, const Block::Member &member) const {
  rt::SliceOp slice = Block::oneOf(member.slices);
  std::string comment = stringifyBufferKind(slice.getKind()).str();
  if (!slice.isVariable())
    comment += lifetime(slice);
  auto replace = [&](const std::string &from, const std::string &to) {
    for (size_t at; (at = comment.find(from)) != std::string::npos;)
      comment.replace(at, from.size(), to);
  };
  replace(block.element(block.middle()) + ".", "");
  for (int64_t distance : {-1, 1})
    replace(block.element(block.middle() + distance) + ".",
            block.array + (distance < 0 ? "[layer - 1]." : "[layer + 1]."));
  // The neighbours of the first and the last have names of their own.
  for (int64_t end : {block.lowest, block.highest})
    if (rt::SliceOp other = member.slices[end - block.lowest];
        !placeInRow(values(other), block.row) && placeInRow(values(slice), block.row))
      comment += "; " + buffer(other) + " of " + block.row + "." + std::to_string(end);
  return comment;
}

std::string FunctionScope::objectSeenFrom(const Block &block, rt::CallOp call) const {
  for (const Block &owner : alike) {
    const std::string identifier = owner.identifierOf(call);
    if (identifier.empty())
      continue;
    const int64_t distance = owner.layerOf(call) - block.middle();
    if (&owner == &block && distance == 0)
      return identifier;
    const std::string sign = distance < 0 ? " - " : " + ";
    return "step." + owner.array + "[layer" +
           (distance == 0 ? "" : sign + std::to_string(std::abs(distance))) + "]." + identifier;
  }
  return "step." + object(call);
}

std::vector<std::string> FunctionScope::bufferDeclarations(const Block &block) const {
  std::vector<Entry> entries, workspaces;
  for (const Block::Member &member : block.members()) {
    if (member.liesOutside())
      continue;
    std::vector<std::string> texts;
    for (rt::SliceOp slice : member.slices)
      texts.push_back(declaration(slice, member.identifier));
    (isRaw(Block::oneOf(member.slices)) ? workspaces : entries)
        .push_back({textOfLayer(texts, block.lowest), commentOn(block, member)});
  }
  llvm::append_range(entries, workspaces);
  return table(entries);
}

std::vector<std::string> FunctionScope::callDeclarations() const {
  std::vector<std::string> lines;
  for (rt::CallOp call : function.getOps<rt::CallOp>())
    if (!isInLayers(call))
      llvm::append_range(lines, declarationOf(call, objects.lookup(call)));
  return lines;
}

std::vector<std::string> FunctionScope::callDeclarations(const Block &block) const {
  std::vector<std::string> lines;
  for (const Block::Part &part : block.parts)
    for (unsigned place = 0; place < part.repeat.length; ++place) {
      if (isa<rt::JoinOp>(all[part.repeat.begin + place]))
        continue;
      std::vector<std::string> texts;
      for (rt::CallOp call : block.ofLayers<rt::CallOp>(part.repeat, all, place))
        texts.push_back(llvm::join(declarationOf(call, block.identifierOf(call)), "\n"));
      lines.push_back(textOfLayer(texts, block.lowest));
    }
  return lines;
}

std::vector<std::string> FunctionScope::declarationOf(rt::CallOp call, StringRef object) const {
  auto name = [&](Value memory) { return buffer(memory); };
  std::vector<std::string> lines;
  if (call.getCalleeEntry().form == rt::CallForm::Table) {
    std::vector<ListItem> rows;
    for (auto [row, text] : llvm::enumerate(tableRows(call, name))) {
      ValueRange first = call.getRowInputs(row);
      if (first.empty())
        first = call.getRowOutputs(row);
      rows.push_back({values(sliceOf(first.front())).str(), text});
    }
    if (std::vector<std::string> looped = loopedList(rowType(call, kernels), rows); !looped.empty())
      lines = tableInitialiser(call, looped);
  }
  if (lines.empty())
    lines = callInitialiser(call, name);
  lines.front() = ("const " + typeOf(call) + " " + object + lines.front()).str();
  lines.back() += ";";
  return lines;
}

} // namespace autopar::emit
