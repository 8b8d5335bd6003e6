// See Import.h.
#include "compiler/import/Import.h"

#include "compiler/import/Heads.h"
#include "compiler/import/Operations.h"
#include "compiler/import/Optimizer.h"
#include "compiler/import/Unread.h"
#include "compiler/import/folds/Folds.h"

#include "autopar/core/checkpoint/Safetensors.h"

#include "mlir/Interfaces/SideEffectInterfaces.h"
#include "llvm/Support/Path.h"

#include <numeric>

using namespace mlir;

namespace autopar::pt2 {

namespace {

class Import {
public:
  Import(MLIRContext &context, const Archive &archive, const Program &program,
         const Tensors &tensors, Attribute optimizer, const ImportOptions &options)
      : context(context), archive(archive), program(program), tensors(tensors),
        optimizer(optimizer), paths(program, options.wrapper) {
    for (const Node &node : program.nodes)
      for (const std::string &result : node.results)
        makers[result] = &node;
  }

  llvm::Expected<OwningOpRef<ModuleOp>> run();
  std::vector<ImportedVariable> variables;

private:
  void findLive();
  StringRef rootOf(StringRef name) const;
  bool changesBuffer(const Node &node) const;
  StringRef labelsBehind(StringRef name, bool &isMoved) const;
  bool isInteger(StringRef tensor) const;
  llvm::Error findInputs();
  Value convertLoss(Importer &importer);
  llvm::Error unread() const;
  void convert(Importer &importer, const Node &node);
  std::optional<Constant> folded(Importer &importer, const Node &node) const;
  SmallVector<const Node *> viewsBetween(StringRef root, StringRef name) const;
  std::shared_ptr<const Constant> placesOf(Importer &importer, StringRef name,
                                           StringRef root) const;
  bool look(Importer &importer, StringRef root, StringRef name) const;
  bool writeThrough(Importer &importer, const Node &node, const Constant &made);
  bool fillThrough(Importer &importer, const Node &node);
  bool fold(Importer &importer, const Node &node);

  MLIRContext &context;
  const Archive &archive;
  const Program &program;
  const Tensors &tensors;
  Attribute optimizer;
  ModulePaths paths;
  llvm::StringMap<const Node *> makers; ///< of each result
  llvm::StringSet<> live;               ///< names that the loss is made of
  /// What the program is fed, by the runtime's names.
  struct Fed {
    const Input *input;
    std::string name;
  };
  std::vector<Fed> inputs;
  Unread without;
};

} // namespace

/// Nodes that nothing of the loss reads are none of the program's: checks, counts of batches.
/// What is written through one view is read through another.
void Import::findLive() {
  llvm::StringSet<> roots; ///< of what is live
  auto add = [&](StringRef name) {
    live.insert(name);
    roots.insert(rootOf(name));
  };
  add(program.loss);
  for (const Node &node : llvm::reverse(program.nodes)) {
    bool isLive = llvm::any_of(
        node.results, [&](const std::string &result) { return live.contains(result); });
    auto self = node.named.find("self");
    if (isInPlace(node) && self != node.named.end())
      for (const std::string &tensor : self->second.tensors)
        isLive |= roots.contains(rootOf(tensor));
    if (!isLive)
      continue;
    live.insert(node.name);
    for (const std::string &result : node.results)
      add(result);
    for (const auto &[name, argument] : node.named)
      for (const std::string &tensor : argument.tensors)
        add(tensor);
  }
}

/// What a name is a view of, in however many steps.
StringRef Import::rootOf(StringRef name) const {
  while (const Node *maker = makers.lookup(name)) {
    const OperationForm *form = findOperation(maker->target);
    auto self = maker->named.find("self");
    if (!form || !form->isView || self == maker->named.end() ||
        self->second.tensors.size() != 1)
      break;
    name = self->second.tensors.front();
  }
  return name;
}

/// Statistics that are kept for later. Batch norms' counts of their batches are of no use where
/// their momentum is given.
bool Import::changesBuffer(const Node &node) const {
  auto self = node.named.find("self");
  if (!isInPlace(node) || self == node.named.end() || self->second.tensors.size() != 1)
    return false;
  StringRef root = rootOf(self->second.tensors.front());
  return llvm::any_of(program.inputs, [&](const Input &input) {
    return input.name == root && input.kind == Input::Kind::Buffer &&
           !StringRef(input.target).ends_with("num_batches_tracked");
  });
}

/// The input that labels are views of, in however many steps. `isMoved`: by slices and pads, so
/// that each lies at the place of another.
StringRef Import::labelsBehind(StringRef name, bool &isMoved) const {
  while (const Node *maker = makers.lookup(name)) {
    const OperationForm *form = findOperation(maker->target);
    auto self = maker->named.find("self");
    bool isPad = StringRef(maker->target).contains("pad");
    if (!form || !(form->isView || isPad) || self == maker->named.end() ||
        self->second.tensors.size() != 1)
      break;
    StringRef of = self->second.tensors.front();
    isMoved |= ShapedType::getNumElements(program.find(of)->sizes) !=
               ShapedType::getNumElements(program.find(name)->sizes);
    name = of;
  }
  return name;
}

bool Import::isInteger(StringRef tensor) const {
  const TensorFacts *facts = program.find(tensor);
  return facts && (facts->type == ScalarType::I64 || facts->type == ScalarType::I32);
}

/// What the runtime has a name for: images or tokens, and labels, which are what losses compare
/// classes with. Whatever else a module reads goes by its own name.
llvm::Error Import::findInputs() {
  llvm::StringMap<bool> targets; // whether labels are moved
  llvm::StringSet<> lookedUp;
  for (const Node &node : program.nodes) {
    if (!live.contains(node.name))
      continue;
    for (const auto &[name, argument] : node.named) {
      if (argument.tensors.size() != 1 || !isInteger(argument.tensors.front()))
        continue;
      bool isMoved = false;
      if (name == "target")
        targets[labelsBehind(argument.tensors.front(), isMoved)] |= isMoved;
      if (name == "indices")
        lookedUp.insert(rootOf(argument.tensors.front()));
    }
  }
  llvm::StringSet<> taken = {graph::learningRateInput, graph::stateInput};
  for (const Input &input : program.inputs) {
    if (input.kind != Input::Kind::User || !live.contains(input.name))
      continue;
    auto target = targets.find(input.name);
    const size_t rank = program.find(input.name)->sizes.size();
    const bool isLookedUp = lookedUp.contains(input.name);
    std::string name = input.name;
    if (!isInteger(input.name))
      name = rank >= 2 && rank <= 4 ? "images" : name;
    else if (target != targets.end() && !isLookedUp)
      name = target->second && rank == 2 ? "token_labels" : "labels";
    else if (rank == 2 && (isLookedUp || lookedUp.empty()))
      name = "tokens";
    std::string free = taken.contains(name) ? input.name : name;
    for (unsigned use = 1; !taken.insert(free).second; ++use)
      free = input.name + "_" + std::to_string(use);
    inputs.push_back({&input, free});
  }
  if (inputs.empty())
    return archive.error("the loss reads no input of the module; a program is fed a batch");
  return llvm::Error::success();
}

/// How the runtime is to feed a tensor: images channels-last, rows as images of one pixel.
static llvm::Expected<models::Input> inputFor(MLIRContext &context, const Archive &archive,
                                              const Input &input, const TensorFacts &facts,
                                              StringRef name) {
  Builder types(&context);
  ArrayRef<int64_t> shape = facts.sizes;
  std::string what = "input '" + input.name + "'";
  if (llvm::is_contained(shape, 0))
    return archive.error(what + " has a dimension of size 0");
  if (shape.empty())
    return archive.error(what + " is a single number, which is no part of a batch; give the "
                                "module a tensor, or make the number a part of the module");
  if (facts.type == ScalarType::I64 || facts.type == ScalarType::I32)
    return models::Input{name, RankedTensorType::get(shape, types.getI32Type())};
  if (facts.type != ScalarType::F32)
    return archive.error(what + " is of " + pt2::nameOf(facts.type) +
                         "; data are float32 or int64");
  SmallVector<int64_t> fed(shape);
  if (shape.size() == 4)
    fed = {shape[0], shape[2], shape[3], shape[1]};
  else if (name == "images" && shape.size() == 2)
    fed = {shape[0], 1, 1, shape[1]};
  else if (name == "images" && shape.size() == 3)
    fed = {shape[0], shape[1], 1, shape[2]};
  return models::Input{name, RankedTensorType::get(fed, types.getF32Type())};
}

/// The node's result where it is computed of constants alone.
std::optional<Constant> Import::folded(Importer &importer, const Node &node) const {
  const FoldForm *form = findFold(node.target);
  if (!form || node.results.size() != 1)
    return std::nullopt;
  Arguments arguments(node, form->signature);
  if (!arguments.fault().empty())
    return std::nullopt;
  // Nothing is folded of what is no constant: it would be read for nothing.
  for (const auto &[name, argument] : node.named)
    for (const std::string &tensor : argument.tensors)
      if (!tensor.empty() && name != form->facts && !importer.least(tensor))
        return std::nullopt;
  const TensorFacts &facts = *program.find(node.results.front());
  std::optional<Constant> made = form->fold(importer, arguments, facts);
  if (made && facts.type == ScalarType::F32)
    for (double &number : made->numbers) // as PyTorch does after each operation
      number = float(number);
  return made;
}

/// Nodes whose results are views, each of the one before; the first of `root`.
SmallVector<const Node *> Import::viewsBetween(StringRef root, StringRef name) const {
  SmallVector<const Node *> views;
  while (name != root) {
    const Node *maker = makers.lookup(name);
    views.push_back(maker);
    name = maker->named.at("self").tensors.front();
  }
  std::reverse(views.begin(), views.end());
  return views;
}

/// Where the elements of a view lie in `root`: the same views are taken of a constant that holds
/// its elements' places. Null where one of them cannot be.
std::shared_ptr<const Constant> Import::placesOf(Importer &importer, StringRef name,
                                                 StringRef root) const {
  const std::vector<int64_t> &shape = program.find(root)->sizes;
  if (elementsOf(shape) > mostFolded)
    return nullptr;
  Constant places{shape, std::vector<double>(elementsOf(shape))};
  std::iota(places.numbers.begin(), places.numbers.end(), 0);
  std::map<std::string, Held, std::less<>> names = importer.known();
  importer.rewrite(root, std::move(places));
  bool isSeen = look(importer, root, name);
  std::shared_ptr<const Constant> seen = isSeen ? importer.constant(name) : nullptr;
  importer.restore(std::move(names));
  return seen;
}

/// Takes the views between the two of a constant; whether all can be.
bool Import::look(Importer &importer, StringRef root, StringRef name) const {
  for (const Node *view : viewsBetween(root, name)) {
    std::optional<Constant> seen = folded(importer, *view);
    if (!seen)
      return false;
    importer.rewrite(view->results.front(), std::move(*seen));
  }
  return true;
}

/// Puts what was written to a view of a constant where that lies in it.
bool Import::writeThrough(Importer &importer, const Node &node, const Constant &made) {
  StringRef self = node.named.at("self").tensors.front(), root = rootOf(self);
  const TensorFacts &facts = *program.find(self);
  std::shared_ptr<const Constant> whole = importer.constant(root);
  if (!whole || !importer.isMade(root) || whole->shape != program.find(root)->sizes ||
      !canRepeat(made, facts))
    return false; // Too large, it is not held whole.
  std::shared_ptr<const Constant> places = placesOf(importer, self, root);
  if (!places || places->shape != facts.sizes)
    return false;
  Constant changed = *whole;
  auto place = places->numbers.begin();
  forEachIndex(facts.sizes, [&](ArrayRef<int64_t> index) {
    changed.numbers[size_t(*place++)] = repeatedAt(made, index);
  });
  importer.staleViews(root);
  importer.rewrite(root, std::move(changed));
  return look(importer, root, self);
}

/// Whether the node puts one number into part of what is computed, through views that say which
/// part: what they are views of is another value from here on.
bool Import::fillThrough(Importer &importer, const Node &node) {
  const bool isZero = node.target == "aten.zero_.default";
  auto self = node.named.find("self");
  if ((!isZero && node.target != "aten.fill_.Scalar") || self == node.named.end() ||
      self->second.tensors.size() != 1)
    return false;
  Arguments arguments(node, isZero ? "self" : "self value");
  const StringRef name = self->second.tensors.front(), root = rootOf(name);
  std::optional<double> number = isZero ? 0 : arguments.number("value");
  const Held *whole = importer.held(root);
  if (!number || !arguments.fault().empty() || !whole || whole->variable || whole->isStale)
    return false;
  const Held before = *whole;
  std::shared_ptr<const Constant> places = placesOf(importer, name, root);
  if (!places)
    return false;
  Constant mask{before.shape, std::vector<double>(elementsOf(before.shape))};
  for (double place : places->numbers)
    mask.numbers[size_t(place)] = 1;
  Held made = Importer::plainly(filledWhere(importer, importer.plain(before), mask, *number));
  if (!made.value)
    return false;
  made.isOfVariables = before.isOfVariables;
  importer.staleViews(root);
  importer.rewrite(root, std::move(made));
  for (const Node *view : viewsBetween(root, name)) {
    const OperationForm *form = findOperation(view->target);
    importer.begin(*view);
    if (failed(form->convert(importer, Arguments(*view, form->signature))))
      return false;
    importer.view(root);
  }
  importer.begin(node);
  return succeeded(importer.result(*importer.held(name)));
}

bool Import::fold(Importer &importer, const Node &node) {
  std::optional<Constant> made = folded(importer, node);
  if (!made || (isInPlace(node) && !writeThrough(importer, node, *made)))
    return false;
  Held held;
  held.shape = program.find(node.results.front())->sizes;
  held.constant = std::make_shared<const Constant>(withoutRepetition(std::move(*made)));
  return succeeded(importer.result(std::move(held)));
}

void Import::convert(Importer &importer, const Node &node) {
  importer.begin(node);
  const OperationForm *form = findOperation(node.target);
  if (!importer.hasAll(node)) { // what it reads has no equivalent: the fault to hear of
    if (!form && !findFold(node.target))
      without.add(node, "", paths);
    return;
  }
  if (fold(importer, node) || fillThrough(importer, node)) {
    if ((form && form->isView) || isInPlace(node))
      importer.view(node.named.at("self").tensors.front());
    return;
  }
  if (!form)
    return without.add(node, findFold(node.target) ? "it is read of constants alone" : "",
                       paths);
  Arguments arguments(node, form->signature);
  if (!arguments.fault().empty())
    return without.add(node, arguments.fault(), paths);
  if (failed(form->convert(importer, arguments)))
    return without.add(node, importer.reason(), paths);
  if (auto self = node.named.find("self");
      self != node.named.end() && self->second.tensors.size() == 1) {
    if (form->isView)
      importer.view(self->second.tensors.front());
    if (isInPlace(node) && failed(importer.writtenInPlace(self->second.tensors.front())))
      without.add(node, importer.reason(), paths);
  }
}

/// Null, with the node's fault, where the module returns what is no number.
Value Import::convertLoss(Importer &importer) {
  const Node *maker = makers.lookup(program.loss);
  if (!maker)
    return {};
  importer.begin(*maker);
  const Held *number = importer.real(program.loss);
  Value loss = number ? importer.loss(*number) : Value();
  if (!loss)
    without.add(*maker, importer.reason(), paths);
  return loss;
}

llvm::Error Import::unread() const {
  return archive.error("operations that have no equivalent (autopar-import --list-ops names "
                       "those that have):" +
                       without.list());
}

/// What was made on the way to something simpler.
static void eraseUnread(Value loss) {
  for (Operation &op : llvm::make_early_inc_range(llvm::reverse(*loss.getParentBlock())))
    if (auto variable = dyn_cast<graph::VariableOp>(op);
        (variable && variable.getKind() == graph::VariableKind::Constant && op.use_empty()) ||
        (&op != loss.getDefiningOp() && isOpTriviallyDead(&op)))
      op.erase();
}

llvm::Expected<OwningOpRef<ModuleOp>> Import::run() {
  findLive();
  if (llvm::Error fault = findInputs()) {
    // Better to hear of what the module has than of what its end is not.
    for (const Node &node : program.nodes)
      if (live.contains(node.name) && !findOperation(node.target) && !findFold(node.target))
        without.add(node, "", paths);
    if (without.empty())
      return fault;
    llvm::consumeError(std::move(fault));
    return unread();
  }
  SmallVector<models::Input> arguments;
  for (const auto &[input, name] : inputs) {
    auto argument = inputFor(context, archive, *input, *program.find(input->name), name);
    if (!argument)
      return argument.takeError();
    arguments.push_back(*argument);
  }

  std::string why;
  ScopedDiagnosticHandler handler(&context, [&](Diagnostic &diagnostic) {
    why = why.empty() ? diagnostic.str() : why;
    return success();
  });
  StringRef name = llvm::sys::path::stem(archive.path());
  models::Network network(context, name, optimizer, arguments);
  Importer importer(network, archive, program, tensors, paths);
  for (auto [index, fed] : llvm::enumerate(inputs))
    importer.bindInput(*fed.input, network.input(index));
  for (const Node &node : program.nodes) {
    if (live.contains(node.name))
      convert(importer, node);
    else if (changesBuffer(node))
      without.add(node, "it changes a buffer that the loss does not read", paths);
    if (!importer.damage().empty())
      return llvm::createStringError(importer.damage());
  }
  if (!without.empty())
    return unread();
  Value result = convertLoss(importer);
  if (!without.empty())
    return unread();
  if (!result)
    return archive.error("the module's result is no loss that it computes of its inputs");
  eraseUnread(result);
  putHeadsIntoWeights(*result.getParentBlock());
  if (failed(importer.keepUnread()))
    return importer.damage().empty() ? archive.error(importer.reason())
                                     : llvm::createStringError(importer.damage());
  variables = importer.variables().vec();
  OwningOpRef<ModuleOp> module = network.finish(result);
  if (!module)
    return archive.error(why);
  return module;
}

llvm::Expected<std::unique_ptr<ImportedModel>> importModel(MLIRContext &context, StringRef path,
                                                           const ImportOptions &options) {
  llvm::Expected<Attribute> optimizer = readOptimizer(context, options.optimizer);
  if (!optimizer)
    return optimizer.takeError();
  llvm::Expected<Archive> archive = Archive::open(path);
  if (!archive)
    return archive.takeError();
  llvm::Expected<Program> program = readProgram(*archive);
  if (!program)
    return program.takeError();
  if (llvm::Error fault = checkWrapper(*archive, *program, options.wrapper))
    return fault;
  llvm::Expected<Tensors> tensors = Tensors::read(*archive);
  if (!tensors)
    return tensors.takeError();
  auto model = std::make_unique<ImportedModel>(
      ImportedModel{nullptr, std::move(*archive), std::move(*tensors), {}});
  Import import(context, model->archive, *program, model->tensors, *optimizer, options);
  llvm::Expected<OwningOpRef<ModuleOp>> module = import.run();
  if (!module)
    return module.takeError();
  model->module = std::move(*module);
  model->variables = std::move(import.variables);
  return model;
}

llvm::Error writeWeights(const ImportedModel &model, StringRef path) {
  std::vector<SafetensorsWriter::Entry> entries;
  for (const ImportedVariable &variable : model.variables) {
    Shape shape;
    for (int64_t size : variable.stored->facts.sizes)
      shape.push_back(size);
    entries.push_back({variable.name, DataType::F32, shape});
  }
  try {
    SafetensorsWriter writer(path.str(), std::move(entries), {});
    for (const ImportedVariable &variable : model.variables) {
      llvm::Expected<std::vector<double>> numbers =
          readNumbers(model.archive, *variable.stored);
      if (!numbers)
        return numbers.takeError();
      std::vector<float> singles(numbers->begin(), numbers->end());
      writer.append(std::as_bytes(std::span(singles)));
    }
    writer.finish();
  } catch (const std::exception &fault) {
    return llvm::createStringError(fault.what());
  }
  return llvm::Error::success();
}

} // namespace autopar::pt2
