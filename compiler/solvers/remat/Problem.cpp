#include "compiler/solvers/remat/Problem.h"

#include "autopar/core/Nesting.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <limits>

namespace autopar::remat {

int64_t Problem::totalCost() const {
  int64_t total = 0;
  for (const Operation &operation : operations)
    total += operation.cost;
  return total;
}

std::optional<std::string> validate(const Problem &problem) {
  int64_t left = std::numeric_limits<int64_t>::max() / 4;
  int64_t timeLeft = left / std::max(1, problem.size());
  if (problem.operations.empty())
    return "the problem has no operations";
  for (int i = 0; i < problem.size(); ++i) {
    const Operation &operation = problem.operations[i];
    std::string who = "operation " + std::to_string(i) + " ('" + operation.name + "')";
    if (operation.cost < 0 || operation.bytes < 0 || operation.workspace < 0)
      return who + " has negative cost, bytes or workspace";
    for (int64_t bytes : {operation.bytes, operation.workspace}) {
      if (bytes > left)
        return who + " takes the sum of all bytes beyond 2^61";
      left -= bytes;
    }
    if (operation.cost > timeLeft)
      return who + " costs " + std::to_string(operation.cost) + ", more than the unit allows; " +
             "scale the costs down";
    for (int input : operation.inputs)
      if (input < 0 || input >= i)
        return who + " reads operation " + std::to_string(input) +
               ", which does not come before it";
    for (int input : operation.over)
      if (std::find(operation.inputs.begin(), operation.inputs.end(), input) ==
              operation.inputs.end() ||
          problem.operations[input].bytes < operation.bytes)
        return who + " cannot be made in the place of operation " + std::to_string(input) +
               ", which it does not read or which is smaller";
  }
  return std::nullopt;
}

namespace {

using Json = nlohmann::json;

const Json *field(const Json &object, const char *name) {
  auto found = object.find(name);
  return found == object.end() ? nullptr : &*found;
}

/// Reads a node or says what is wrong with it.
std::string readOperation(const Json &node, int64_t expectedId, Operation &operation) {
  std::string where = "nodes[" + std::to_string(expectedId) + "]";
  if (!node.is_object())
    return where + " is not an object";
  const Json *id = field(node, "id"), *name = field(node, "name");
  const Json *backward = field(node, "backward");
  if (!id || !id->is_number_integer() || id->get<int64_t>() != expectedId)
    return where + " has id " + (id ? id->dump() : "none") +
           "; ids must be the order of execution: " + std::to_string(expectedId);
  if (!backward || !backward->is_boolean())
    return where + " has no boolean 'backward'";
  operation.name = name && name->is_string() ? name->get<std::string>() : std::to_string(expectedId);
  operation.backward = backward->get<bool>();
  for (auto [key, target, required] :
       {std::tuple("cost_cpu", &operation.cost, true), std::tuple("cost_ram", &operation.bytes, true),
        std::tuple("cost_workspace", &operation.workspace, false)}) {
    const Json *value = field(node, key);
    if (!value && !required)
      continue;
    if (!value || !value->is_number())
      return where + " has no number '" + key + "'";
    double number = value->get<double>();
    if (!(number >= 0 && number < 4e18))
      return where + "." + key + " is " + value->dump() + ", expected 0 to 4e18";
    *target = value->is_number_integer() ? value->get<int64_t>()
                                         : static_cast<int64_t>(number + 0.5);
  }
  std::string lower = operation.name;
  std::transform(lower.begin(), lower.end(), lower.begin(),
                 [](unsigned char c) { return std::tolower(c); });
  operation.recomputable = !operation.backward && lower != "loss";
  return "";
}

} // namespace

std::optional<Problem> parseProblem(std::string_view text, std::string &error) {
  auto bad = [&](const std::string &what) {
    error = what;
    return std::nullopt;
  };
  if (!nestsWithin(text))
    return bad("objects and lists stand in each other more than " + std::to_string(mostNesting) +
               " deep");
  Json json = Json::parse(text, nullptr, /*allow_exceptions=*/false);
  if (json.is_discarded() || !json.is_object())
    return bad("not a JSON object");
  const Json *nodes = field(json, "nodes"), *links = field(json, "links");
  if (!nodes || !nodes->is_array() || !links || !links->is_array())
    return bad("expected arrays 'nodes' and 'links'");

  Problem problem;
  if (const Json *graph = field(json, "graph"); graph && graph->is_object())
    if (const Json *name = field(*graph, "name"); name && name->is_string())
      problem.name = name->get<std::string>();
  for (const Json &node : *nodes) {
    Operation &operation = problem.operations.emplace_back();
    std::string wrong = readOperation(node, problem.size() - 1, operation);
    if (!wrong.empty())
      return bad(wrong);
  }
  for (size_t at = 0; at < links->size(); ++at) {
    const Json &link = (*links)[at];
    const Json *source = link.is_object() ? field(link, "source") : nullptr;
    const Json *target = link.is_object() ? field(link, "target") : nullptr;
    std::string where = "links[" + std::to_string(at) + "]";
    if (!source || !target || !source->is_number_integer() || !target->is_number_integer())
      return bad(where + " has no integer 'source' and 'target'");
    int64_t from = source->get<int64_t>(), to = target->get<int64_t>();
    if (from < 0 || to < 0 || from >= problem.size() || to >= problem.size() || from >= to)
      return bad(where + " goes from " + std::to_string(from) + " to " + std::to_string(to) +
                 "; the " + std::to_string(problem.size()) +
                 " ids are the order of execution, so a link goes from a smaller to a larger one");
    std::vector<int> &inputs = problem.operations[to].inputs;
    if (std::find(inputs.begin(), inputs.end(), from) == inputs.end())
      inputs.push_back(static_cast<int>(from));
  }
  if (auto wrong = validate(problem))
    return bad(*wrong);
  return problem;
}

std::optional<Problem> readProblem(const std::string &path, std::string &error) {
  std::ifstream file(path);
  if (!file) {
    error = "cannot read '" + path + "'";
    return std::nullopt;
  }
  const std::string text(std::istreambuf_iterator<char>(file), {});
  std::optional<Problem> problem = parseProblem(text, error);
  if (!problem)
    error = path + ": " + error;
  else if (problem->name.empty())
    problem->name = path;
  return problem;
}

} // namespace autopar::remat
