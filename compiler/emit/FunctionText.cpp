// See FunctionText.h.
#include "compiler/emit/FunctionText.h"

#include "compiler/emit/CallText.h"
#include "compiler/emit/LayerNumbers.h"
#include "compiler/emit/Layers.h"
#include "compiler/emit/Lines.h"
#include "compiler/emit/Literals.h"
#include "compiler/emit/Slices.h"
#include "dialects/graph/Names.h"

#include "llvm/ADT/StringExtras.h"

using namespace mlir;

namespace autopar::emit {

namespace {

class Text {
public:
  void add(const Twine &text) { lines.push_back(text.str()); }
  void indented(ArrayRef<std::string> more) {
    for (const std::string &text : more)
      for (StringRef line : llvm::split(text, '\n'))
        lines.push_back((line.empty() ? "" : "  ") + line.str());
  }
  void append(ArrayRef<std::string> more) { llvm::append_range(lines, more); }
  /// `callee(arguments);`
  void call(const Twine &callee, ArrayRef<std::string> arguments) {
    add("  " + callee + "(" + llvm::join(arguments, ", ") + ");");
  }
  /// A function's text; of one without a body nothing.
  void function(const Twine &name, const Text &body) {
    add("");
    add("void " + name + "() {");
    append(body.lines);
    add("}");
  }

  std::vector<std::string> lines;
};

} // namespace

/// `object.requireWorkspace(bytes)`, where the machine is asked.
static void requireWorkspace(Text &text, rt::CallOp call, const std::string &object) {
  if (!checksWorkspace(call))
    return;
  const int64_t planned = call.getScratch() ? rt::bytesOf(call.getScratch().getType()) : 0;
  text.call(object + ".requireWorkspace", {std::to_string(planned)});
}

static bool hasSetUp(const FunctionScope &scope, const Block &block) {
  return llvm::any_of(block.parts, [&](const Block::Part &part) {
    return llvm::any_of(scope.operations().slice(part.repeat.begin, part.repeat.length),
                        [](Operation *op) {
                          auto call = dyn_cast<rt::CallOp>(op);
                          return call && checksWorkspace(call);
                        });
  });
}

std::vector<std::string> FunctionText::structure() const {
  Text text;
  text.add("struct " + type + " : Variables {");
  for (const Block &block : scope.blocks())
    text.indented(blockStructure(block));
  text.indented(scope.bufferDeclarations());
  text.add("");
  for (const Block &block : scope.blocks())
    text.add("  Layers<" + block.type + ", " + Twine(block.lowest) + ", " +
             Twine(block.highest) + "> " + block.array + "{*this};");
  text.indented(scope.listDeclarations());
  text.indented(scope.callDeclarations());
  if (!callTimes.empty())
    text.add("  CallClock clock{rank, " + quoted(callTimes) + "};");
  text.add("");
  // Without it the struct is an aggregate, for which g++ 12 wants memory that is quadratic in
  // the members: gigabytes for a step that is recomputed many times over.
  text.add("  " + type + "(Rank &rank, Arena &arena) : Variables{{rank, arena}} {}");
  text.add("  void setUp();");
  text.add("  void run();");
  text.add("};");
  return std::move(text.lines);
}

std::vector<std::string> FunctionText::blockStructure(const Block &block) const {
  Text text;
  text.add("// " + block.row + "." + Twine(block.lowest) + " to " + block.row + "." +
           Twine(block.highest) + ", which are alike.");
  text.add("struct " + block.type + " : Frame {");
  text.add("  " + type + " &step;");
  text.add("  const int64_t layer;");
  text.add("  const std::string name = " + quoted(block.row + ".") +
           " + std::to_string(layer);");
  text.indented(scope.bufferDeclarations(block));
  text.add("");
  text.indented(scope.callDeclarations(block));
  text.add("");
  text.add("  " + block.type + "(" + type +
           " &step, int64_t layer) : Frame(step), step(step), layer(layer) {}");
  if (hasSetUp(scope, block))
    text.add("  void setUp();");
  for (const Block::Part &part : block.parts)
    text.add("  void " + part.name + "();");
  text.add("};");
  text.add("");
  return std::move(text.lines);
}

std::vector<std::string> FunctionText::functions() const {
  Text text;
  text.add("");
  text.add("// Libraries prepare their kernels, and say whether the planned workspaces do "
           "here.");
  text.append(setUp());
  for (const Block &block : scope.blocks())
    if (hasSetUp(scope, block))
      text.append(setUp(block));
  text.append(run());
  for (const Block &block : scope.blocks())
    for (const Block::Part &part : block.parts)
      text.append(run(block, part));
  return std::move(text.lines);
}

std::vector<std::string> FunctionText::setUp() const {
  Text body;
  for (const Block &block : scope.blocks())
    if (hasSetUp(scope, block)) {
      body.add("  for (" + block.type + " &block : " + block.array + ")");
      body.add("    block.setUp();");
    }
  auto one = [&](unsigned number) {
    if (auto call = dyn_cast<rt::CallOp>(scope.operations()[number]))
      requireWorkspace(body, call, scope.object(call));
  };
  forEachInOrder(scope.repeats(), scope.operations().size(), [](const Repeat &) {}, one);
  Text text;
  text.function(type + "::setUp", body);
  return {text.lines.begin() + 1, text.lines.end()};
}

std::vector<std::string> FunctionText::setUp(const Block &block) const {
  Text body, text;
  for (const Block::Part &part : block.parts)
    for (Operation *op : scope.operations().slice(part.repeat.begin, part.repeat.length))
      if (auto call = dyn_cast<rt::CallOp>(op))
        requireWorkspace(body, call, block.identifierOf(call));
  text.function(type + "::" + block.type + "::setUp", body);
  return std::move(text.lines);
}

/// What a call is among its layer's, by its class and its name in the layer; empty for others.
static std::string roleIn(StringRef row, Operation *op) {
  auto call = dyn_cast<rt::CallOp>(op);
  const std::string name = nameOf(op);
  std::optional<PlaceInRow> place = placeInRow(name, row);
  return call && place ? (call.getCallee() + " " + place->rest).str() : "";
}

/// Why a layer's calls from `number` on are written out though layers of its row are in loops:
/// where they first differ from those of another layer. Empty where there is little to say.
std::string FunctionText::whyApart(StringRef layer, unsigned number) const {
  constexpr unsigned few = 4;
  ArrayRef<Operation *> all = scope.operations();
  auto [row, last] = layer.rsplit('.');
  if (last.empty() || llvm::none_of(scope.blocks(), [&](const Block &block) {
        return block.row == row;
      }))
    return "";
  auto isOurs = [&](Operation *op) { return layerOf(nameOf(op)) == layer; };
  ArrayRef<Operation *> ours = all.drop_front(number);
  if (ours.size() < few || !llvm::all_of(ours.take_front(few), isOurs))
    return "";
  // The layer before it in the program, or else behind it.
  auto isSame = [&](Operation *op) {
    return !isOurs(op) && roleIn(row, op) == roleIn(row, ours.front());
  };
  const auto before = llvm::find_if(llvm::reverse(all.take_front(number)), isSame);
  const auto behind = llvm::find_if(ours, isSame);
  ArrayRef<Operation *> theirs;
  if (before != all.take_front(number).rend())
    theirs = all.drop_front(before.base() - all.begin() - 1).take_front(number);
  else if (behind != ours.end())
    theirs = ours.drop_front(behind - ours.begin());
  if (theirs.empty())
    return "";
  const std::string other = layerOf(nameOf(theirs.front())).str();
  for (auto [one, another] : llvm::zip(ours, theirs)) {
    if (another == ours.front())
      break;
    const std::string role = roleIn(row, one), otherRole = roleIn(row, another);
    if (role.empty() != otherRole.empty())
      break; // at the row's end
    if (role != otherRole)
      return (layer + " is apart: " + role + " stands where " + other + " has " + otherRole)
          .str();
    if (one->getOperandTypes() != another->getOperandTypes())
      return (layer + " is apart: " + role + " has other shapes than in " + other).str();
  }
  return "";
}

std::vector<std::string> FunctionText::run() const {
  Text body;
  if (!callTimes.empty())
    body.call("clock.start", {});
  std::string layer;
  llvm::StringSet<> said;
  auto loop = [&](const Repeat &repeat) {
    const Block &block = scope.blockOf(repeat);
    auto part = llvm::find_if(block.parts, [&](const Block::Part &part) {
      return part.repeat.begin == repeat.begin;
    });
    body.add("  " + loopHead(repeat));
    body.add("    " + block.array + "[layer]." + part->name + "();");
    layer.clear();
  };
  auto one = [&](unsigned number) {
    Operation *op = scope.operations()[number];
    if (auto join = dyn_cast<rt::JoinOp>(op)) {
      body.call(scope.object(join.getCollective()) + ".join", {joinArgument(join)});
      return;
    }
    auto call = cast<rt::CallOp>(op);
    const std::string name = nameOf(op);
    if (layer != layerOf(name)) {
      layer = layerOf(name);
      if (std::string why = whyApart(layer, number); !why.empty() && said.insert(why).second)
        body.add("  // " + oneLine(why) + ".");
      body.call("timeline.layer", {quoted(layer)});
    }
    body.call(scope.object(call),
              callArguments(
                  call, [&](Value memory) { return scope.buffer(memory); },
                  [&](bool written) { return scope.list(call, written); }));
    if (!callTimes.empty())
      body.call("clock.lap", {quoted(name)});
  };
  forEachInOrder(scope.repeats(), scope.operations().size(), loop, one);
  body.call("timeline.end", {});
  Text text;
  text.function(type + "::run", body);
  return std::move(text.lines);
}

std::vector<std::string> FunctionText::run(const Block &block, const Block::Part &part) const {
  Text body;
  body.call("timeline.layer", {"name.c_str()"});
  for (unsigned place = 0; place < part.repeat.length; ++place) {
    if (isa<rt::JoinOp>(scope.operations()[part.repeat.begin + place])) {
      rt::JoinOp join = Block::oneOf(
          block.ofLayers<rt::JoinOp>(part.repeat, scope.operations(), place));
      body.call(scope.objectSeenFrom(block, join.getCollective()) + ".join",
                {joinArgument(join)});
      continue;
    }
    const auto calls = block.ofLayers<rt::CallOp>(part.repeat, scope.operations(), place);
    rt::CallOp call = Block::oneOf(calls);
    body.call(block.identifierOf(call), callArguments(call, [&](Value memory) {
                const Block::Member &member = block.memberOf(call, memory);
                return member.liesOutside() ? "step." + scope.buffer(member.slices.front())
                                            : member.identifier;
              }));
    if (!callTimes.empty()) {
      SmallVector<std::string> names;
      for (rt::CallOp of : calls)
        names.push_back(nameOf(of.getOperation()));
      body.call("step.clock.lap", {nameOfLayer(names, block.row, block.lowest)});
    }
  }
  Text text;
  text.function(type + "::" + block.type + "::" + part.name, body);
  return std::move(text.lines);
}

} // namespace autopar::emit
