// See Operands.h.
#include "dialects/rt/Operands.h"

#include "dialects/rt/Chain.h"

#include "mlir/IR/TypeUtilities.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/ErrorHandling.h"

using namespace mlir;

namespace autopar::rt {

//===- which there are --------------------------------------------------------------------===//

Operands::Operands(ArrayRef<Operand> ofTable, function_ref<bool(StringRef)> isThere)
    : operands(llvm::make_filter_range(ofTable, [&](const Operand &operand) {
        return operand.presence != Operand::With || llvm::all_of(operand.with, isThere);
      })) {}

bool Operands::has(Operand::Presence presence) const {
  return llvm::any_of(operands, [&](const Operand &o) { return o.presence == presence; });
}

unsigned Operands::least() const {
  return operands.size() - (has(Operand::Maybe) ? 1 : 0);
}

bool Operands::canBe(unsigned count) const {
  return count >= least() && (count <= operands.size() || has(Operand::Many));
}

SmallVector<StringRef> Operands::names(unsigned count) const {
  SmallVector<StringRef> names;
  for (const Operand &operand : operands)
    if (operand.presence != Operand::Maybe || count > least())
      names.push_back(operand.name);
  if (has(Operand::Many))
    names.resize(count, names.back());
  return names;
}

std::string Operands::describe(unsigned rows, ArrayRef<StringRef> ofRow) const {
  const unsigned fewest = rows * ofRow.size() + least();
  std::string text = std::to_string(fewest);
  if (has(Operand::Many))
    text += " or more";
  else if (has(Operand::Maybe))
    text += " or " + std::to_string(fewest + 1);
  std::vector<std::string> parts;
  if (!ofRow.empty())
    parts.push_back(std::to_string(rows) + " rows of " + llvm::join(ofRow, ", "));
  for (const Operand &operand : operands)
    parts.push_back(operand.presence == Operand::Maybe ? "[" + operand.name.str() + "]"
                                                       : operand.name.str());
  return parts.empty() ? text : text + ": " + llvm::join(parts, ", ");
}

Operands outputsOf(const Callee &callee) {
  return Operands(callee.outputs, [](StringRef) { return false; });
}

/// Whether a number or a flag is given that is not 0.
static bool isSet(DictionaryAttr config, StringRef field) {
  Attribute value = config.get(field);
  if (auto real = dyn_cast_if_present<FloatAttr>(value))
    return !real.getValue().isZero();
  if (auto whole = dyn_cast_if_present<IntegerAttr>(value))
    return !whole.getValue().isZero();
  return false;
}

Operands inputsOf(const Callee &callee, DictionaryAttr config, unsigned outputs) {
  return Operands(callee.inputs, [&](StringRef with) {
    return callee.findOutput(with)
               ? llvm::is_contained(outputsOf(callee).names(outputs), with)
               : isSet(config, with);
  });
}

//===- by name ----------------------------------------------------------------------------===//

[[noreturn]] static void noSuch(const Callee &callee, StringRef what, StringRef name) {
  llvm::report_fatal_error(callee.name + " has no " + what + " '" + name + "'");
}

static std::optional<unsigned> placeIn(ArrayRef<StringRef> names, StringRef name) {
  const auto *found = llvm::find(names, name);
  return found == names.end() ? std::nullopt
                              : std::optional<unsigned>(std::distance(names.begin(), found));
}

static SmallVector<StringRef> names(unsigned rows, ArrayRef<StringRef> ofRow,
                                    const Operands &shared, unsigned count) {
  SmallVector<StringRef> names;
  for (unsigned row = 0; row < rows && !ofRow.empty(); ++row)
    llvm::append_range(names, ofRow);
  llvm::append_range(names, shared.names(count - names.size()));
  return names;
}

SmallVector<StringRef> CallOp::getInputNames() {
  const Callee &callee = getCalleeEntry();
  return names(getRows(), callee.row.inputs, inputsOf(callee, getConfig(), getOutputs().size()),
               getInputs().size());
}

SmallVector<StringRef> CallOp::getOutputNames() {
  const Callee &callee = getCalleeEntry();
  return names(getRows(), callee.row.outputs, outputsOf(callee), getOutputs().size());
}

std::optional<unsigned> CallOp::findInput(StringRef name) {
  if (!getCalleeEntry().findInput(name))
    noSuch(getCalleeEntry(), "input", name);
  return placeIn(getInputNames(), name);
}

Value CallOp::getInput(StringRef name) {
  std::optional<unsigned> index = findInput(name);
  return index ? Value(getInputs()[*index]) : Value();
}

Value CallOp::getOutput(StringRef name) {
  if (!getCalleeEntry().findOutput(name))
    noSuch(getCalleeEntry(), "output", name);
  std::optional<unsigned> index = placeIn(getOutputNames(), name);
  return index ? getOutputs()[*index] : Value();
}

Value CallOp::getRowInput(unsigned row, StringRef name) {
  const Callee &callee = getCalleeEntry();
  if (callee.form != CallForm::Table)
    return getInput(name);
  std::optional<unsigned> index = placeIn(callee.row.inputs, name);
  if (!index)
    noSuch(callee, "input in each row", name);
  return getRowInputs(row)[*index];
}

SmallVector<unsigned> CallOp::getOverwritable(unsigned output) {
  const Callee &callee = getCalleeEntry();
  if (callee.form == CallForm::Chain)
    return llvm::filter_to_vector(elementInputs(*this), [&](unsigned input) {
      return getElementTypeOrSelf(getInputs()[input]) ==
             getElementTypeOrSelf(getOutputs()[output]);
    });
  if (callee.ties.empty())
    return {};
  const bool isTable = callee.form == CallForm::Table;
  const unsigned perRow = callee.row.outputs.size();
  if (isTable && output >= getRows() * perRow)
    return {};
  const SmallVector<StringRef> inputs = isTable ? callee.row.inputs : getInputNames();
  const StringRef name =
      isTable ? callee.row.outputs[output % perRow] : getOutputNames()[output];
  const unsigned first = isTable ? output / perRow * inputs.size() : 0;
  SmallVector<unsigned> over;
  for (const Tie &tie : callee.ties)
    if (std::optional<unsigned> input = placeIn(inputs, tie.input); input && tie.output == name)
      over.push_back(first + *input);
  return over;
}

bool CallOp::mayOverwrite(unsigned output, unsigned input) {
  return llvm::is_contained(getOverwritable(output), input);
}

//===- of a call that is made -------------------------------------------------------------===//

Inputs &Inputs::add(StringRef name, Value value) {
  values.push_back({name, value});
  return *this;
}

Inputs &Inputs::addFrom(CallOp call, ArrayRef<StringRef> names) {
  for (StringRef name : names)
    add(name, call.getInput(name));
  return *this;
}

SmallVector<Value> Inputs::inOrderOf(const Callee &callee) const {
  for (auto [name, value] : values)
    if (!callee.findInput(name))
      noSuch(callee, "input", name);
  SmallVector<Value> inputs;
  for (const Operand &operand : callee.inputs) {
    const auto *given =
        llvm::find_if(values, [&](const Named &named) { return named.first == operand.name; });
    if (given != values.end())
      inputs.push_back(given->second);
    else if (operand.presence == Operand::Always)
      llvm::report_fatal_error("a call of " + callee.name + " is made without its '" +
                               operand.name + "'");
  }
  return inputs;
}

} // namespace autopar::rt
