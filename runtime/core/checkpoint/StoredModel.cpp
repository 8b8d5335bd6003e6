#include "autopar/core/checkpoint/StoredModel.h"

#include "autopar/core/checkpoint/SlotNames.h"

#include <algorithm>
#include <stdexcept>

using namespace autopar;

namespace {

constexpr std::string_view transformersPrefix = "transformer.";

/// What the optimizer goes by, all of which it needs: neither the scale of a loss nor a total.
bool isOfOptimizer(const Variable &variable) {
  return variable.kind == VariableKind::Slot && !isOfScaling(variable.name) &&
         !isTotal(variable.name);
}

std::string typeAndShape(std::string_view type, const Shape &shape) {
  return std::string(type) + toString(shape);
}

bool sameBytes(const StoredTensors &file, const StoredTensors::Tensor &a,
               const StoredTensors::Tensor &b) {
  if (a.bytes != b.bytes)
    return false;
  StoredReader readerA(file, a), readerB(file, b);
  std::vector<std::byte> ofA, ofB;
  for (uint64_t from = 0; from < a.bytes; from += ofA.size()) {
    ofA.resize(std::min<uint64_t>(1 << 20, a.bytes - from));
    ofB.resize(ofA.size());
    readerA.read(from, ofA);
    readerB.read(from, ofB);
    if (ofA != ofB)
      return false;
  }
  return true;
}

} // namespace

StoredModel::StoredModel(const StoredTensors &file, std::span<const Variable> variables)
    : file(file), run(SavedRun::of(file.metadata(), file.path())), variables(variables) {
  for (const Variable &variable : variables)
    names.emplace(variable.name, variable.name);
  for (auto &[variable, name] : names)
    name = nameInFile(variable);
  for (const Variable &variable : variables)
    hasOptimizer |= isOfOptimizer(variable) && tensorOf(variable.name);
  const std::string problems = listProblems();
  if (!problems.empty())
    throw std::runtime_error(file.path().string() + " does not hold this program's variables" +
                             problems);
}

/// Its own, where the file has that: a program reads what it wrote, whatever its names are. Else
/// with transformers' prefix, or without it, unless that is another variable's name.
std::string StoredModel::nameInFile(std::string_view variable) const {
  const std::string own(variable);
  if (file.find(own))
    return own;
  const std::string other = own.starts_with(transformersPrefix)
                                ? own.substr(transformersPrefix.size())
                                : std::string(transformersPrefix) + own;
  return file.find(other) && !names.contains(other) ? other : own;
}

const StoredTensors::Tensor *StoredModel::tensorOf(std::string_view variable) const {
  return file.find(names.at(variable));
}

const StoredTensors::Tensor *StoredModel::find(const Variable &variable) const {
  return tensorOf(variable.name);
}

std::optional<float> StoredModel::countOf(const Variable &variable) const {
  if (!hasOptimizer || !isOfOptimizer(variable) || !isCountOfSteps(variable.name))
    return std::nullopt;
  return static_cast<float>(run.steps.value_or(0));
}

void StoredModel::requireOptimizer() const {
  const auto refuse = [&](const std::string &what) {
    throw std::runtime_error(file.path().string() + ": " + what +
                             "; --init begins a run of its own with the weights");
  };
  const auto wanted = std::ranges::find_if(variables, [](const Variable &variable) {
    return isOfOptimizer(variable) && !isCountOfSteps(variable.name);
  });
  if (wanted != variables.end() && !hasOptimizer)
    refuse("has no " + std::string(wanted->name) + ", by which this program's optimizer goes on");
  for (const auto &[name, tensor] : file.tensors())
    if (isSlotOfOurs(name) && !isOurs(name) && !isTotal(name))
      refuse("has " + name + ", of another optimizer than this program's");
}

/// What other programs keep beside a model, of no use to this one.
bool StoredModel::isKnownBeside(const std::string &name) const {
  for (std::string_view suffix : {".num_batches_tracked", ".attn.bias", ".attn.masked_bias"})
    if (name.ends_with(suffix))
      return true;
  if (isCountOfSteps(name) || isOfScaling(name))
    return true;
  if (name == "lm_head.weight") { // tied, and so the same bytes
    const StoredTensors::Tensor *embedding = file.find("wte.weight");
    if (!embedding)
      embedding = file.find(std::string(transformersPrefix) + "wte.weight");
    return embedding && sameBytes(file, *embedding, *file.find(name));
  }
  return isSlotOfOurs(name);
}

/// Kept for one of the parameters, by this optimizer or another.
bool StoredModel::isSlotOfOurs(const std::string &name) const {
  return std::ranges::any_of(variables, [&](const Variable &variable) {
    return variable.kind == VariableKind::Parameter &&
           name.starts_with(names.at(variable.name) + ".");
  });
}

bool StoredModel::isOurs(const std::string &name) const {
  return std::ranges::any_of(names, [&](const auto &entry) { return name == entry.second; });
}

std::string StoredModel::listProblems() const {
  std::string problems;
  for (const Variable &variable : variables) {
    const std::string wanted = typeAndShape(nameOf(variable.type), variable.storedShape());
    const std::string name(variable.name);
    const StoredTensors::Tensor *tensor = tensorOf(variable.name);
    const bool needed = variable.kind != VariableKind::Slot ||
                        (hasOptimizer && isOfOptimizer(variable) && !isCountOfSteps(variable.name));
    if (!tensor && needed)
      problems += "\n  missing: " + name + " " + wanted;
    else if (tensor && typeAndShape(tensor->type, tensor->shape) != wanted)
      problems += "\n  misshapen: " + name + " is " +
                  typeAndShape(tensor->type, tensor->shape) + " there, " + wanted + " here";
  }
  for (const auto &[name, tensor] : file.tensors())
    if (!isOurs(name) && !isKnownBeside(name))
      problems += "\n  extra: " + name + " " + typeAndShape(tensor.type, tensor.shape);
  return problems;
}
