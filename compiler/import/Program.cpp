// From models/model.json to plain data. See Program.h.
#include "compiler/import/Program.h"

#include "compiler/json/Json.h"
#include "dialects/dist/Limits.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringSet.h"

#include <limits>

namespace json = llvm::json;

namespace autopar::pt2 {

std::string nameOf(ScalarType type) {
  constexpr llvm::StringLiteral names[] = {
      "unknown", "uint8",   "int8",      "int16",     "int32",      "int64", "float16",
      "float32", "float64", "complex32", "complex64", "complex128", "bool",  "bfloat16"};
  auto number = static_cast<size_t>(type);
  return number < std::size(names) ? names[number].str()
                                   : "type " + std::to_string(static_cast<int64_t>(type));
}

bool isFloat(ScalarType type) {
  return type == ScalarType::F16 || type == ScalarType::F32 || type == ScalarType::F64 ||
         type == ScalarType::BF16;
}

bool isInteger(ScalarType type) { return type >= ScalarType::U8 && type <= ScalarType::I64; }

static llvm::Error error(const llvm::Twine &what) { return llvm::createStringError(what); }

/// A size, a stride or an offset; fails where it is a formula of others.
static llvm::Expected<int64_t> readFixed(const json::Value *value, const llvm::Twine &what) {
  const json::Object *union_ = value ? value->getAsObject() : nullptr;
  if (union_)
    if (std::optional<int64_t> number = union_->getInteger("as_int"))
      return *number >= 0 ? llvm::Expected<int64_t>(*number)
                          : error(what + " is " + llvm::Twine(*number));
  if (const json::Object *formula = union_ ? union_->getObject("as_expr") : nullptr)
    return error(what + " is dynamic (" + formula->getString("expr_str").value_or("?") +
                 "); a program has fixed sizes: export without dynamic_shapes");
  return error(what + " is no whole number");
}

static llvm::Expected<std::vector<int64_t>>
readFixed(const json::Array *list, llvm::StringRef which, const llvm::Twine &what) {
  if (!list)
    return error(what + " has no " + which + "s");
  if (list->size() > static_cast<size_t>(limits::rank))
    return error(what + " has " + llvm::Twine(list->size()) + " dimensions; at most " +
                 llvm::Twine(limits::rank) + " are read");
  std::vector<int64_t> numbers;
  for (auto [dim, entry] : llvm::enumerate(*list)) {
    llvm::Expected<int64_t> number =
        readFixed(&entry, which + " " + llvm::Twine(dim) + " of " + what);
    if (!number)
      return number.takeError();
    if (*number > limits::size)
      return error(which + " " + llvm::Twine(dim) + " of " + what + " is " +
                   llvm::Twine(*number) + "; at most " + llvm::Twine(limits::size) +
                   " can be had");
    numbers.push_back(*number);
  }
  return numbers;
}

llvm::Expected<TensorFacts> readFacts(const json::Object &meta, const llvm::Twine &what) {
  std::optional<int64_t> type = meta.getInteger("dtype");
  if (!type)
    return error(what + " has no dtype");
  auto sizes = readFixed(meta.getArray("sizes"), "size", what);
  if (!sizes)
    return sizes.takeError();
  auto strides = readFixed(meta.getArray("strides"), "stride", what);
  if (!strides)
    return strides.takeError();
  auto offset = readFixed(meta.get("storage_offset"), "the offset of " + what);
  if (!offset)
    return offset.takeError();
  if (sizes->size() != strides->size())
    return error(what + " has " + llvm::Twine(sizes->size()) + " sizes and " +
                 llvm::Twine(strides->size()) + " strides");
  int64_t elements = 1; // every product stays below valueBytes times a size
  for (int64_t size : *sizes)
    if ((elements *= size) > limits::valueBytes / int64_t(sizeof(float)))
      return error(what + " has more than " +
                   llvm::Twine(limits::valueBytes / int64_t(sizeof(float))) + " elements");
  return TensorFacts{static_cast<ScalarType>(*type), std::move(*sizes), std::move(*strides),
                     *offset, meta.getBoolean("requires_grad").value_or(false)};
}

namespace {

class Reader {
public:
  explicit Reader(const json::Object &root) : root(root) {}

  llvm::Expected<Program> read();

private:
  llvm::Error readTensors(const json::Object &graph);
  llvm::Error readInputs(const json::Object &signature);
  llvm::Error readOutput(const json::Object &signature);
  llvm::Error readNodes(const json::Array &nodes);
  llvm::Error readNode(const json::Object &node);
  llvm::Error define(llvm::StringRef name);

  const json::Object &root;
  Program program;
  llvm::StringSet<> defined;
};

} // namespace

/// The only field of a union, with its name: {"as_int": 3}.
static std::pair<llvm::StringRef, const json::Value *> alternative(const json::Value *value) {
  const json::Object *object = value ? value->getAsObject() : nullptr;
  if (!object || object->size() != 1)
    return {"", nullptr};
  return {object->begin()->first, &object->begin()->second};
}

static std::optional<std::string> nameIn(const json::Value *value) {
  const json::Object *object = value ? value->getAsObject() : nullptr;
  std::optional<llvm::StringRef> name = object ? object->getString("name") : std::nullopt;
  return name ? std::optional(name->str()) : std::nullopt;
}

/// Numbers that JSON has no word for are written as texts.
static std::optional<json::Value> readFloat(const json::Value &value) {
  if (std::optional<double> number = value.getAsNumber())
    return json::Value(*number);
  constexpr double infinity = std::numeric_limits<double>::infinity();
  llvm::StringRef text = value.getAsString().value_or("");
  if (text == "Infinity" || text == "inf")
    return json::Value(infinity);
  if (text == "-Infinity" || text == "-inf")
    return json::Value(-infinity);
  return std::nullopt;
}

static std::optional<Argument> readArgument(const json::Value *written) {
  auto [kind, value] = alternative(written);
  if (!value)
    return std::nullopt;
  Argument argument;
  if (kind == "as_none")
    return argument;
  if (kind == "as_tensor" || kind == "as_tensors" || kind == "as_optional_tensors") {
    argument.kind = Argument::Kind::Tensors;
    argument.isList = kind != "as_tensor";
    if (!argument.isList) {
      std::optional<std::string> name = nameIn(value);
      if (!name)
        return std::nullopt;
      argument.tensors.push_back(*name);
      return argument;
    }
    if (!value->getAsArray())
      return std::nullopt;
    for (const json::Value &entry : *value->getAsArray()) {
      auto [inner, tensor] = alternative(&entry);
      bool isAbsent = inner == "as_none";
      std::optional<std::string> name =
          isAbsent ? std::string() : nameIn(inner == "as_tensor" ? tensor : &entry);
      if (!name)
        return std::nullopt;
      argument.tensors.push_back(*name);
    }
    return argument;
  }
  if (kind == "as_int" || kind == "as_bool" || kind == "as_string" || kind == "as_ints" ||
      kind == "as_bools" || kind == "as_scalar_type") {
    argument.value = *value;
    return argument;
  }
  if (kind == "as_float") {
    std::optional<json::Value> number = readFloat(*value);
    if (!number)
      return std::nullopt;
    argument.value = std::move(*number);
    return argument;
  }
  argument.kind = Argument::Kind::Other;
  return argument;
}

llvm::Error Reader::define(llvm::StringRef name) {
  if (!defined.insert(name).second)
    return error("the graph computes '" + name + "' twice");
  return llvm::Error::success();
}

llvm::Error Reader::readTensors(const json::Object &graph) {
  const json::Object *tensors = graph.getObject("tensor_values");
  if (!tensors)
    return error("the graph has no tensor_values");
  for (const auto &[name, meta] : *tensors) {
    if (!meta.getAsObject())
      return error("the facts of tensor '" + name.str() + "' are no object");
    auto facts = readFacts(*meta.getAsObject(), "tensor '" + name.str() + "'");
    if (!facts)
      return facts.takeError();
    program.tensors.emplace(name.str(), std::move(*facts));
  }
  return llvm::Error::success();
}

llvm::Error Reader::readInputs(const json::Object &signature) {
  const json::Array *specs = signature.getArray("input_specs");
  if (!specs)
    return error("the signature has no input_specs");
  llvm::StringSet<> targets;
  for (const json::Value &spec : *specs) {
    auto [kind, value] = alternative(&spec);
    const json::Object *object = value ? value->getAsObject() : nullptr;
    if (!object)
      return error("an input of the signature is of no kind");
    Input input{};
    const json::Value *arg = object->get("arg");
    llvm::StringRef target;
    if (kind == "user_input") {
      input.kind = Input::Kind::User;
      auto [inner, tensor] = alternative(arg);
      if (inner != "as_tensor")
        continue; // a number that the trace has gone by
      arg = tensor;
    } else if (kind == "parameter") {
      input.kind = Input::Kind::Parameter;
      target = object->getString("parameter_name").value_or("");
    } else if (kind == "buffer") {
      input.kind = Input::Kind::Buffer;
      target = object->getString("buffer_name").value_or("");
      input.persistent = object->getBoolean("persistent").value_or(true);
    } else if (kind == "tensor_constant") {
      input.kind = Input::Kind::Constant;
      target = object->getString("tensor_constant_name").value_or("");
    } else if (kind == "constant_input") {
      continue;
    } else {
      return error("an input of the module is a '" + kind +
                   "'; tensors, parameters and buffers are read");
    }
    std::optional<std::string> name = nameIn(arg);
    if (!name || (input.kind != Input::Kind::User && target.empty()))
      return error("an input of the signature has no name");
    input.name = *name;
    input.target = target.str();
    if (!program.find(input.name))
      return error("input '" + input.name + "' has no type");
    if (!target.empty() && !targets.insert(target).second)
      return error("two inputs are both '" + target + "'");
    if (llvm::Error fault = define(input.name))
      return fault;
    program.inputs.push_back(std::move(input));
  }
  return llvm::Error::success();
}

llvm::Error Reader::readOutput(const json::Object &signature) {
  const json::Array *specs = signature.getArray("output_specs");
  if (!specs)
    return error("the signature has no output_specs");
  size_t users = 0;
  for (const json::Value &spec : *specs) {
    auto [kind, value] = alternative(&spec);
    const json::Object *object = value ? value->getAsObject() : nullptr;
    if (object && (kind == "user_output" || kind == "loss_output")) {
      const json::Value *arg = object->get("arg");
      auto [inner, tensor] = alternative(arg);
      program.loss = nameIn(inner == "as_tensor" ? tensor : arg).value_or("");
      ++users;
    } else if (kind.ends_with("_mutation")) {
      return error("the export has been decomposed or functionalized ('" + kind +
                   "'); save what torch.export.export returns as it is");
    } else {
      return error("an output of the module is a '" + kind + "'; a loss is read");
    }
  }
  constexpr llvm::StringLiteral wayOut =
      "; export a module that returns its loss, as scripts/export-torch.py does";
  if (users != 1)
    return error("the module returns " + llvm::Twine(users) + " values, not one loss" + wayOut);
  const TensorFacts *facts = program.find(program.loss);
  if (!facts || !defined.contains(program.loss))
    return error("the module returns no tensor that it computes" + wayOut);
  if (!facts->sizes.empty() || !isFloat(facts->type)) {
    std::string shape;
    for (int64_t size : facts->sizes)
      shape += (shape.empty() ? "" : "x") + std::to_string(size);
    return error("the module returns " + (shape.empty() ? "a" : shape + " of") + " " +
                 nameOf(facts->type) + ", not a loss: one number" + wayOut);
  }
  return llvm::Error::success();
}

llvm::Error Reader::readNode(const json::Object &object) {
  Node node;
  llvm::StringRef target = object.getString("target").value_or("");
  if (target.empty())
    return error("a node of the graph has no target");
  target.consume_front("torch.ops.");
  node.target = target.str();
  node.name = object.getString("name").value_or("").str();
  if (const json::Object *metadata = object.getObject("metadata"))
    node.modules = metadata->getString("nn_module_stack").value_or("").str();

  const json::Array *inputs = object.getArray("inputs");
  const json::Array *outputs = object.getArray("outputs");
  if (!inputs || !outputs)
    return error("a node '" + target + "' has no inputs or no outputs");
  for (const json::Value &written : *inputs) {
    const json::Object *input = written.getAsObject();
    std::optional<Argument> argument = readArgument(input ? input->get("arg") : nullptr);
    if (!argument)
      return error("an argument of a node '" + target + "' is of no kind");
    for (const std::string &tensor : argument->tensors)
      if (!tensor.empty() && !defined.contains(tensor))
        return error("a node '" + target + "' reads '" + tensor +
                     "', which nothing before it computes: the graph has a cycle or a gap");
    node.named[input->getString("name").value_or("").str()] = std::move(*argument);
  }
  for (const json::Value &written : *outputs) {
    auto [kind, value] = alternative(&written);
    if (kind == "as_none")
      continue;
    if (kind == "as_tensor") {
      node.results.push_back(nameIn(value).value_or(""));
    } else if (const json::Array *list = value ? value->getAsArray() : nullptr;
               list && kind == "as_tensors") {
      for (const json::Value &entry : *list)
        node.results.push_back(nameIn(&entry).value_or(""));
    } else { // a number that the trace asked for; nothing that is read takes one
      continue;
    }
  }
  for (const std::string &result : node.results) {
    if (!program.find(result))
      return error("the result '" + result + "' of a node '" + target + "' has no type");
    if (llvm::Error fault = define(result))
      return fault;
  }
  if (node.name.empty())
    node.name = node.results.empty() ? node.target : node.results.front();
  program.nodes.push_back(std::move(node));
  return llvm::Error::success();
}

llvm::Error Reader::readNodes(const json::Array &nodes) {
  for (const json::Value &node : nodes) {
    if (!node.getAsObject())
      return error("a node of the graph is no object");
    if (llvm::Error fault = readNode(*node.getAsObject()))
      return fault;
  }
  return llvm::Error::success();
}

llvm::Expected<Program> Reader::read() {
  const json::Object *version = root.getObject("schema_version");
  int64_t major = version ? version->getInteger("major").value_or(0) : 0;
  if (major != 8)
    return error("is of schema version " + llvm::Twine(major) +
                 "; 8 is read, which torch 2.9 to 2.15 write");
  const json::Object *module = root.getObject("graph_module");
  const json::Object *graph = module ? module->getObject("graph") : nullptr;
  const json::Object *signature = module ? module->getObject("signature") : nullptr;
  const json::Array *nodes = graph ? graph->getArray("nodes") : nullptr;
  if (!graph || !signature || !nodes)
    return error("has no graph or no signature");
  if (llvm::Error fault = readTensors(*graph))
    return fault;
  if (llvm::Error fault = readInputs(*signature))
    return fault;
  if (llvm::Error fault = readNodes(*nodes))
    return fault;
  if (llvm::Error fault = readOutput(*signature))
    return fault;
  return std::move(program);
}

llvm::Expected<Program> readProgram(llvm::StringRef text) {
  llvm::Expected<json::Value> root = parseJson(text);
  if (!root)
    return error("models/model.json: " + llvm::toString(root.takeError()));
  if (!root->getAsObject())
    return error("models/model.json: is no object");
  return Reader(*root->getAsObject()).read();
}

llvm::Expected<Program> readProgram(const Archive &archive) {
  llvm::Expected<std::string> text = archive.read("models/model.json");
  if (!text)
    return text.takeError();
  llvm::Expected<Program> program = readProgram(*text);
  if (!program)
    return archive.error(llvm::toString(program.takeError()));
  return program;
}

} // namespace autopar::pt2
