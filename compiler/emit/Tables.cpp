// See Tables.h.
#include "compiler/emit/Tables.h"

#include "compiler/emit/LayerNumbers.h"
#include "compiler/emit/Likeness.h"
#include "compiler/emit/Literals.h"
#include "compiler/emit/Slices.h"
#include "dialects/dist/Dist.h"
#include "dialects/graph/Graph.h"
#include "dialects/rt/NextInput.h"
#include "passes/Passes.h"

#include "llvm/ADT/StringExtras.h"

using namespace mlir;

namespace autopar::emit {

namespace {

/// A tensor as the whole mesh has it, read from what `partition` left on a slice.
struct Global {
  Type type;
  Spec spec;

  std::string shapeAndSplit() const {
    int rank = cast<ShapedType>(type).getRank();
    std::string text = ".shape = " + shape(type);
    if (std::string axes = split(spec, rank); axes != "{}")
      text += ", .split = " + axes;
    return text;
  }
};

Global globalOf(rt::SliceOp slice) {
  std::optional<Mesh> mesh = dist::meshOf(slice);
  int axes = mesh ? mesh->numAxes() : 0;
  Global global{slice.getType(), Spec::replicated(axes)};
  if (auto type = slice->getAttrOfType<TypeAttr>(dist::globalTypeAttrName))
    global.type = type.getValue();
  if (auto sharding = slice->getAttrOfType<dist::ShardingAttr>(dist::userShardingAttrName))
    if (std::optional<Spec> spec = sharding.spec(axes))
      global.spec = *spec;
  return global;
}

std::string initialiser(rt::SliceOp slice) {
  Attribute init = slice->getAttr(rt::initAttrName);
  if (auto constant = dyn_cast_if_present<graph::ConstantInitAttr>(init))
    return "constant(" + real(constant.getValue()) + ")";
  if (auto normal = dyn_cast_if_present<graph::NormalInitAttr>(init))
    return "normal(" + real(normal.getDeviation()) + ")";
  return "uniform(" + real(cast<graph::UniformInitAttr>(init).getBound()) + ")";
}

StringRef kind(rt::SliceOp slice) {
  switch (slice.getKind()) {
  case rt::BufferKind::Parameter:
    return "VariableKind::Parameter";
  case rt::BufferKind::State:
    return "VariableKind::State";
  default:
    return "VariableKind::Slot";
  }
}

/// Where checkpoints hold the variable in another shape.
std::string stored(rt::SliceOp slice) {
  auto shape = slice->getAttrOfType<DenseI64ArrayAttr>(rt::storedAttrName);
  return shape ? ", .stored = " + list(shape) : "";
}

std::string offset(rt::SliceOp slice) { return std::to_string(int64_t(slice.getOffset())); }

int64_t endOf(rt::SliceOp slice) {
  return int64_t(slice.getOffset()) + int64_t(slice.getBytes());
}

/// Its name and its offset as expressions.
std::string variableEntry(rt::SliceOp slice, StringRef name, StringRef offset) {
  return ("{.name = " + name + ", .kind = " + kind(slice) + ", " +
          globalOf(slice).shapeAndSplit() + ", .offset = " + offset +
          ", .bytes = " + std::to_string(slice.getBytes()) +
          ", .initialiser = Initialiser::" + initialiser(slice) + stored(slice) + "}")
      .str();
}
std::string variableEntry(rt::SliceOp slice) {
  return variableEntry(slice, quoted(slice.getName()), offset(slice));
}

std::string constantEntry(rt::SliceOp slice, const Constants &constants) {
  const Global global = globalOf(slice);
  return ("    {.name = " + quoted(slice.getName()) + ", .type = " + dataType(global.type) +
          ", " + global.shapeAndSplit() + ", .offset = " + offset(slice) +
          ", .bytes = " + std::to_string(slice.getBytes()) + ", .numbers = " +
          constantsSymbol + " + " + std::to_string(constants.offsetOf(slice)) + "},")
      .str();
}

/// `next`: where the input's next value waits, if anywhere.
std::string portEntry(StringRef name, rt::SliceOp slice, rt::SliceOp next = {}) {
  return ("    {.name = " + quoted(name) + ", .type = " + dataType(slice.getType()) + ", " +
          globalOf(slice).shapeAndSplit() + ", .offset = " + offset(slice) +
          (next ? ", .next = " + offset(next) : "") + "},")
      .str();
}

/// The slice of the function in which the input's next value waits, or null.
rt::SliceOp nextOf(func::FuncOp function, StringAttr input) {
  for (rt::SliceOp slice : function.getOps<rt::SliceOp>())
    if (slice->getAttr(rt::nextAttrName) == input)
      return slice;
  return {};
}

class TableWriter {
public:
  /// An array of entries, and whether it has any: C++ has no empty arrays.
  bool array(StringRef type, StringRef name, ArrayRef<std::string> entries) {
    if (entries.empty())
      return false;
    lines.push_back(("constexpr " + type + " " + name + "[] = {").str());
    llvm::append_range(lines, entries);
    lines.push_back("};");
    lines.push_back("");
    return true;
  }

  /// `variables`, with a loop where layers have the same; whether there are any.
  bool variables(ArrayRef<Variable> all) {
    std::vector<std::string> names;
    for (const Variable &variable : all)
      names.push_back(rt::SliceOp(variable.slice).getName().str());
    const std::vector<Repeat> repeats = findRepeats(
        names, [&](const Repeat &repeat, ArrayRef<Repeat>, unsigned one, unsigned other) {
          return correspond(repeat, names[one], names[other]) &&
                         variableEntry(all[one].slice, "", "") ==
                             variableEntry(all[other].slice, "", "")
                     ? Likeness::Alike
                     : Likeness::Different;
        });
    if (repeats.empty()) {
      SmallVector<std::string> entries;
      for (const Variable &variable : all)
        entries.push_back("    " + variableEntry(variable.slice) + ",");
      return array("Variable", "variables", entries);
    }
    lines.push_back("const VariableTable variables = [] {");
    lines.push_back("  VariableTable table;");
    forEachInOrder(
        repeats, all.size(), [&](const Repeat &repeat) { variablesOfLayers(repeat, all); },
        [&](unsigned number) {
          lines.push_back("  table.add(" + variableEntry(all[number].slice) + ");");
        });
    lines.push_back("  return table;");
    lines.push_back("}();");
    lines.push_back("");
    return true;
  }

  /// `<prefix>Inputs` and `<prefix>Outputs`, and the entry point that names them. Variables end
  /// below `variablesEnd`.
  std::string entryPoint(func::FuncOp function, StringRef prefix, int64_t variablesEnd) {
    SmallVector<std::string> inputs, outputs, fields;
    int64_t peak = variablesEnd;
    for (rt::SliceOp slice : function.getOps<rt::SliceOp>()) {
      peak = std::max(peak, endOf(slice));
      if (auto name = slice->getAttrOfType<StringAttr>(graph::inputAttrName))
        inputs.push_back(portEntry(name, slice, nextOf(function, name)));
    }
    for (auto [index, value] : llvm::enumerate(function.front().getTerminator()->getOperands()))
      if (auto name = function.getResultAttrOfType<StringAttr>(index, graph::outputAttrName))
        outputs.push_back(portEntry(name, sliceOf(value)));
    if (array("Port", (prefix + "Inputs").str(), inputs))
      fields.push_back((".inputs = " + prefix + "Inputs").str());
    if (array("Port", (prefix + "Outputs").str(), outputs))
      fields.push_back((".outputs = " + prefix + "Outputs").str());
    fields.push_back(".peakBytes = " + std::to_string(peak));
    return "{" + llvm::join(fields, ", ") + "}";
  }

  std::vector<std::string> lines;

private:
  void variablesOfLayers(const Repeat &repeat, ArrayRef<Variable> all) {
    lines.push_back("  " + loopHead(repeat) + " {");
    lines.push_back("    const std::string name = " + quoted(repeat.row + ".") +
                    " + std::to_string(layer);");
    for (unsigned place = 0; place < repeat.length; ++place) {
      SmallVector<std::string> names;
      SmallVector<int64_t> offsets;
      for (int64_t layer = repeat.lowest(); layer <= repeat.highest(); ++layer) {
        rt::SliceOp slice = all[repeat.numberOf(layer, place)].slice;
        names.push_back(slice.getName().str());
        offsets.push_back(slice.getOffset());
      }
      lines.push_back(
          "    table.add(" +
          variableEntry(all[repeat.begin + place].slice,
                        nameOfLayer(names, repeat.row, repeat.lowest()),
                        "size_t(" + numberOfLayer(offsets, repeat.lowest()) + ")") +
          ");");
    }
    lines.push_back("  }");
  }
};

/// From the call of the loss: labels lie below it. Of a vocabulary, which may be padded and
/// split, those that count.
std::optional<int64_t> numberOfClasses(ModuleOp module) {
  std::optional<int64_t> classes;
  module.walk([&](rt::CallOp call) {
    for (StringRef field : {"valid", "classes"})
      if (auto attr = call.getConfig().getAs<IntegerAttr>(field)) {
        classes = attr.getInt();
        return;
      }
  });
  return classes;
}

/// From the lookups of tokens: they lie below a table's rows, of which a rank may have some. None
/// where the loss is over the vocabulary, of which some rows may be padding.
std::optional<int64_t> vocabularyBesideClasses(ModuleOp module) {
  std::optional<int64_t> rows;
  bool isOfClasses = false;
  module.walk([&](rt::CallOp call) {
    isOfClasses |= call.getConfig().contains("valid");
    if (auto table = call.getConfig().getAs<dist::PartAttr>("table"))
      rows = std::max(rows.value_or(0), table.getWhole().front());
  });
  return isOfClasses ? std::nullopt : rows;
}

/// Whether the step is given labels that are classes.
bool readsLabels(func::FuncOp step) {
  return llvm::any_of(step.getOps<rt::SliceOp>(), [](rt::SliceOp slice) {
    auto input = slice->getAttrOfType<StringAttr>(graph::inputAttrName);
    return input && (input == "labels" || input == "token_labels") &&
           cast<ShapedType>(slice.getType()).getElementType().isInteger();
  });
}

} // namespace

std::string modelName(ModuleOp module, const EmitOptions &options) {
  return options.model.empty() ? module.getName().value_or("model").str() : options.model;
}

llvm::Expected<std::vector<std::string>>
descriptionTables(ModuleOp module, const VariableScope &variables, const Constants &constants,
                  const EmitOptions &options) {
  auto step = module.lookupSymbol<func::FuncOp>(stepFunctionName);
  std::optional<int64_t> classes = numberOfClasses(module);
  auto optimizer =
      module->getAttrOfType<graph::OptimizerAttrInterface>(graph::optimizerAttrName);
  if (!classes && readsLabels(step))
    return llvm::createStringError("the program has no loss over classes, which the runtime's "
                                   "data needs to know the number of");
  if (!optimizer)
    return llvm::createStringError("the module has no " + graph::optimizerAttrName +
                                   " to take the learning rate from");

  TableWriter tables;
  int64_t variablesEnd = 0;
  SmallVector<Variable> kept;
  SmallVector<std::string> given;
  for (const Variable &variable : variables.variables()) {
    variablesEnd = std::max(variablesEnd, endOf(variable.slice));
    if (isConstant(variable.slice))
      given.push_back(constantEntry(variable.slice, constants));
    else
      kept.push_back(variable);
  }
  bool hasVariables = tables.variables(kept);
  bool hasConstants = tables.array("Constant", "constants", given);
  std::string stepEntry = tables.entryPoint(step, "step", variablesEnd);
  std::string updateEntry;
  if (auto update = module.lookupSymbol<func::FuncOp>(updateFunctionName))
    updateEntry = tables.entryPoint(update, "update", variablesEnd);
  std::string evaluateEntry;
  if (auto evaluate = module.lookupSymbol<func::FuncOp>(evaluateFunctionName))
    evaluateEntry = tables.entryPoint(evaluate, "evaluate", variablesEnd);

  Mesh mesh = dist::meshOf(module).value_or(Mesh({1}));
  SmallVector<std::string> names;
  for (const std::string &name : mesh.names)
    names.push_back(quoted(name));
  std::string arena =
      std::to_string(module->getAttrOfType<IntegerAttr>(rt::arenaAttrName).getInt());
  auto field = [&](StringRef name, const std::string &value) {
    tables.lines.push_back(("    ." + name + " = " + value + ",").str());
  };
  tables.lines.push_back("const Description description = {");
  field("model", quoted(modelName(module, options)));
  field("command", quoted(options.command));
  field("digest", "0"); // until all is written: see ProgramText.cpp
  field("mesh",
        "{.sizes = " + list(mesh.sizes) + ", .axes = {" + llvm::join(names, ", ") + "}}");
  field("arenaBytes", arena);
  std::string more;
  if (options.hiddenSeconds > 0)
    more += ", .hiddenSeconds = " + real(options.hiddenSeconds);
  if (options.budgetBytes > 0)
    more += ", .budgetBytes = " + std::to_string(options.budgetBytes) +
            ", .reserveBytes = " + std::to_string(options.reserveBytes);
  field("predicted", "{.computeSeconds = " + real(options.computeSeconds) +
                         ", .communicationSeconds = " + real(options.communicationSeconds) +
                         more + "}");
  field("classes", std::to_string(classes.value_or(0)));
  if (std::optional<int64_t> vocabulary = vocabularyBesideClasses(module))
    field("tokens", std::to_string(*vocabulary));
  field("learningRate", real(optimizer.startingLearningRate()));
  if (hasVariables)
    field("variables", "variables");
  if (hasConstants)
    field("constants", "constants");
  field("step", stepEntry);
  if (!updateEntry.empty()) {
    field("update", updateEntry);
    field("microBatches",
          std::to_string(
              module->getAttrOfType<IntegerAttr>(graph::microBatchesAttrName).getInt()));
  }
  if (!evaluateEntry.empty())
    field("evaluate", evaluateEntry);
  tables.lines.push_back("};");
  return std::move(tables.lines);
}

} // namespace autopar::emit
