// See Importer.h.
#include "compiler/import/Importer.h"

#include "compiler/import/folds/Folds.h"

#include "mlir/IR/Diagnostics.h"
#include "mlir/IR/Verifier.h"

#include <cmath>
#include <numeric>

using namespace mlir;

namespace autopar::pt2 {

static std::string text(ArrayRef<int64_t> shape) {
  std::string text;
  for (int64_t size : shape)
    text += (text.empty() ? "" : "x") + std::to_string(size);
  return text.empty() ? "one number" : text;
}

int64_t elementsOf(ArrayRef<int64_t> shape) {
  return std::accumulate(shape.begin(), shape.end(), int64_t(1), std::multiplies<>());
}

static SmallVector<int> ascending(size_t count) {
  SmallVector<int> dims(count);
  std::iota(dims.begin(), dims.end(), 0);
  return dims;
}

/// A constant's shape with as many dimensions as what it stands for.
static SmallVector<int64_t> ranked(const Constant &constant, ArrayRef<int64_t> whole) {
  SmallVector<int64_t> shape(constant.shape.begin(), constant.shape.end());
  shape.insert(shape.begin(), whole.size() - shape.size(), 1);
  return shape;
}

Importer::Importer(models::Network &network, const Archive &archive, const Program &program,
                   const Tensors &tensors, const ModulePaths &paths)
    : network(network), archive(archive), program(program), tensors(tensors), paths(paths) {
  for (const Input &input : program.inputs) {
    if (input.kind == Input::Kind::User)
      continue;
    taken.insert(paths.own(input.target));
    Held held;
    held.shape = program.find(input.name)->sizes;
    held.variable = &input;
    held.memory = memories++;
    names.emplace(input.name, std::move(held));
  }
}

void Importer::bindInput(const Input &input, Value argument) {
  taken.insert(autopar::nameOf(argument.getLoc()));
  ArrayRef<int64_t> shape = program.find(input.name)->sizes;
  Held held;
  held.shape = shape.vec();
  held.memory = memories++;
  if (!isa<FloatType>(graph::typeOf(argument).getElementType())) {
    held.value = argument;
  } else if (shape.size() == 4) {
    held.value = argument;
    held.order = {0, 3, 1, 2};
  } else if (graph::shapeOf(argument) == shape) {
    held = plainly(argument);
    held.memory = memories++;
  } else { // rows come as images of one pixel, or of a column
    taken.insert("rows");
    Location loc = NameLoc::get(builder().getStringAttr("rows"));
    auto type = graph::typeOf(argument).clone(shape);
    held = plainly(shape.size() == 2
                       ? graph::FlattenOp::create(builder(), loc, type, argument).getOutput()
                       : graph::ReshapeOp::create(builder(), loc, type, argument).getOutput());
    held.memory = memories++;
  }
  names[input.name] = std::move(held);
}

Value Importer::loss(const Held &scalar) {
  Value value = scalar.value ? plain(scalar) : Value();
  if (!value || !graph::shapeOf(value).empty())
    return (void)fail("it is no number that the program computes"), Value();
  return graph::LossOp::create(builder(), free("loss"), value);
}

void Importer::begin(const Node &begun) {
  node = &begun;
  why.clear();
}

LogicalResult Importer::fail(const Twine &reason) {
  if (why.empty())
    why = reason.str();
  return failure();
}

LogicalResult Importer::fail(llvm::Error ofNumbers) {
  std::string text = llvm::toString(std::move(ofNumbers));
  if (damaged.empty())
    damaged = text;
  return fail(Twine(text));
}

bool Importer::hasAll(const Node &node) const {
  return llvm::all_of(node.named, [&](const auto &argument) {
    return llvm::all_of(argument.second.tensors, [&](const std::string &tensor) {
      return tensor.empty() || names.contains(tensor);
    });
  });
}

const Held *Importer::held(StringRef name) const {
  auto found = names.find(name);
  return found == names.end() ? nullptr : &found->second;
}

const Held *Importer::unfinished(StringRef name) {
  auto found = names.find(name);
  if (found == names.end())
    return (void)fail("one of its tensors is none"), nullptr;
  Held &held = found->second;
  if (held.isStale)
    return (void)fail("it reads '" + name + "', another view of which was written to in place"),
           nullptr;
  if (ScalarType type = program.find(name)->type; type != ScalarType::F32)
    return (void)fail("it computes with " + pt2::nameOf(type) +
                      "; export in float32, autopar-compile --precision has 16 bits"),
           nullptr;
  if (held.constant && !held.value) {
    held.value = given(*held.constant);
    if (held.value && held.constant->shape != held.shape)
      held.value = make<graph::ExpandOp>(".constant.expand", held.shape,
                                         reshaped(held.value, ranked(*held.constant, held.shape)));
    held.order = ascending(held.shape.size());
    held.isOfVariables = true;
  }
  if (!held.value && !held.variable)
    return (void)fail("it reads '" + name + "', which is not fed to the program"), nullptr;
  if (!held.value) {
    held.value = read(*held.variable, /*isRead=*/true);
    held.order = ascending(held.shape.size());
    held.isOfVariables = true;
  }
  if (held.value && !isa<FloatType>(graph::typeOf(held.value).getElementType()))
    return (void)fail("it computes with indices"), nullptr;
  return held.value ? &held : nullptr;
}

const Held *Importer::real(StringRef name) {
  const Held *held = unfinished(name);
  if (held && held->pending != Held::Pending::Nothing && held->finish) {
    Held plainly = *held;
    plainly.pending = Held::Pending::Nothing;
    Held done = plainly.finish(*this, plainly);
    if (!done.value)
      return (void)fail("its operands do not fit"), nullptr;
    done.memory = held->memory;
    return &(names.find(name)->second = std::move(done));
  }
  if (held && held->pending == Held::Pending::CausalMask)
    return (void)fail("it reads masked scores, which are read in front of softmax alone"),
           nullptr;
  return held;
}

const Held *Importer::integers(StringRef name) {
  if (auto found = names.find(name); found != names.end() && !found->second.value)
    if (auto indices = constant(name); indices && !found->second.isStale)
      found->second.value = given(*indices, /*isReal=*/false);
  const Held *held = this->held(name);
  if (!held || !held->value || isa<FloatType>(graph::typeOf(held->value).getElementType()) ||
      held->isStale)
    return (void)fail("its indices or labels are no input of the module"), nullptr;
  return held;
}

std::shared_ptr<const Constant> Importer::constant(StringRef name) {
  std::shared_ptr<const Constant> known = least(name);
  if (!known)
    return nullptr;
  const TensorFacts &facts = *program.find(name);
  if (known->shape == facts.sizes || elementsOf(facts.sizes) > mostFolded ||
      !canRepeat(*known, facts))
    return known;
  std::optional<Constant> all =
      filled(facts, [&](ArrayRef<int64_t> index) { return repeatedAt(*known, index); });
  return std::make_shared<const Constant>(std::move(*all));
}

std::shared_ptr<const Constant> Importer::least(StringRef name) {
  auto found = names.find(name);
  if (found == names.end() || found->second.isStale)
    return nullptr;
  Held &held = found->second;
  if (held.constant || held.value || !held.variable ||
      held.variable->kind == Input::Kind::Parameter || elementsOf(held.shape) > mostFolded)
    return held.constant;
  const StoredTensor *stored = tensors.find(held.variable->target);
  if (!stored || stored->facts.sizes != held.shape)
    return nullptr;
  llvm::Expected<std::vector<double>> numbers = readNumbers(archive, *stored);
  if (!numbers)
    return (void)fail(numbers.takeError()), nullptr;
  return std::make_shared<const Constant>(Constant{held.shape, std::move(*numbers)});
}

std::optional<double> Importer::numberOf(const Arguments &arguments, StringRef name) {
  if (std::optional<double> number = arguments.number(name))
    return number;
  StringRef tensor = arguments.tensor(name);
  auto known = tensor.empty() ? nullptr : least(tensor);
  if (!known || known->numbers.empty() || !llvm::all_equal(known->numbers))
    return std::nullopt;
  return known->numbers.front();
}

Value Importer::variable(StringRef name) {
  const Held *held = real(name);
  if (held && !held->isOfVariables)
    return (void)fail("'" + name + "' is computed; a variable of the module is read there"),
           Value();
  return held ? plain(*held) : Value();
}

Value Importer::given(const Constant &constant, bool isReal) {
  Type element = isReal ? Type(builder().getF32Type()) : Type(builder().getI32Type());
  auto type = RankedTensorType::get(constant.shape, element);
  DenseElementsAttr numbers;
  if (isReal) {
    std::vector<float> singles(constant.numbers.begin(), constant.numbers.end());
    numbers = DenseElementsAttr::get(type, ArrayRef<float>(singles));
  } else {
    std::vector<int32_t> indices;
    for (double number : constant.numbers)
      if (int32_t(number) != number)
        return (void)fail("it looks up by a constant that is no index of 32 bits"), Value();
      else
        indices.push_back(int32_t(number));
    numbers = DenseElementsAttr::get(type, ArrayRef<int32_t>(indices));
  }
  Value &value = constants[numbers];
  if (!value) {
    // At the top, where whatever else has the same numbers finds it.
    OpBuilder::InsertionGuard guard(builder());
    builder().setInsertionPointToStart(builder().getBlock());
    Location loc = location(".constant");
    value = graph::VariableOp::create(builder(), loc, type, graph::VariableKind::Constant,
                                      builder().getStringAttr(autopar::nameOf(loc)), numbers,
                                      /*stored=*/nullptr);
  }
  return value;
}

Value Importer::given(ArrayRef<int64_t> shape, double number) {
  return given(Constant{shape.vec(), std::vector<double>(elementsOf(shape), number)});
}

bool Importer::isMade(StringRef name) const {
  const Held *made = held(name);
  return made && made->constant && !made->variable;
}

void Importer::rewrite(StringRef name, Constant constant) {
  Held &held = names.find(name)->second;
  held.shape = program.find(name)->sizes;
  held.constant = std::make_shared<const Constant>(std::move(constant));
  held.value = Value();
  held.isStale = false;
}

void Importer::rewrite(StringRef name, Held held) {
  Held &old = names.find(name)->second;
  held.memory = old.memory;
  old = std::move(held);
}

void Importer::staleViews(StringRef name) {
  unsigned memory = names.find(name)->second.memory;
  for (auto &[other, held] : names)
    held.isStale |= held.memory == memory;
}

/// Where nothing is loaded, variables begin as the module's did: at one number, or spread as
/// wide.
llvm::Expected<Attribute> Importer::initialiser(const StoredTensor &stored) {
  llvm::Expected<std::vector<double>> numbers = readNumbers(archive, stored);
  if (!numbers)
    return numbers.takeError();
  MLIRContext *context = builder().getContext();
  double squares = 0;
  bool isOne = true;
  for (double number : *numbers) {
    squares += number * number;
    isOne &= number == numbers->front();
  }
  if (!std::isfinite(squares))
    return archive.error("'" + stored.entry + "' holds what is no finite number");
  if (numbers->empty() || isOne)
    return graph::ConstantInitAttr::get(context, numbers->empty() ? 0 : numbers->front());
  // Four digits: the text is for people, the weights' file has the numbers.
  char digits[32];
  std::snprintf(digits, sizeof digits, "%.4g", std::sqrt(squares / double(numbers->size())));
  return graph::NormalInitAttr::get(context, std::strtod(digits, nullptr));
}

/// Of tied weights, which have several names, that of the module which reads them first.
StringRef Importer::nameFor(const Input &input, const StoredTensor &stored, bool isRead) const {
  StringRef name = paths.own(input.target);
  if (!isRead)
    return name;
  std::string own = (paths.pathOf(*node) + "." + name.rsplit('.').second).str();
  for (const auto &[other, tensor] : tensors.all())
    if (tensor.isSameAs(stored) && paths.own(other) == own)
      return paths.own(other);
  return name;
}

Value Importer::read(const Input &input, bool isRead) {
  StringRef name = paths.own(input.target);
  const StoredTensor *stored = tensors.find(input.target);
  const TensorFacts &facts = *program.find(input.name);
  if (input.kind == Input::Kind::Constant || !input.persistent)
    return (void)fail("it computes with '" + name +
                      "', a tensor that is not in the module's state_dict"),
           Value();
  if (!stored || stored->facts.sizes != facts.sizes || stored->facts.type != facts.type)
    return (void)fail(archive.error("has no numbers for '" + name + "', which the module reads")),
           Value();
  for (auto &[other, value] : values)
    if (other->isSameAs(*stored))
      return value;
  llvm::Expected<Attribute> initial = initialiser(*stored);
  if (!initial)
    return (void)fail(initial.takeError()), Value();
  name = nameFor(input, *stored, isRead);
  taken.insert(name);
  bool isTrained = isRead && input.kind == Input::Kind::Parameter && facts.requiresGradient;
  Value value =
      network.variable(isTrained ? graph::VariableKind::Parameter : graph::VariableKind::State,
                       name, facts.sizes, *initial);
  values.emplace_back(stored, value);
  made.push_back({name.str(), stored});
  return value;
}

LogicalResult Importer::keepUnread() {
  for (const Input &input : program.inputs) {
    if (input.kind == Input::Kind::User || input.kind == Input::Kind::Constant ||
        !input.persistent || program.find(input.name)->type != ScalarType::F32)
      continue;
    if (!names[input.name].value && !read(input, /*isRead=*/false))
      return failure();
  }
  return success();
}

Location Importer::location(const Twine &suffix) {
  StringRef path = paths.pathOf(*node);
  std::string name = path.str();
  if (path.empty() || !ModulePaths::isInLayer(*node))
    name += (path.empty() ? "" : ".") + shortName(*node).str();
  return free(name + suffix.str());
}

/// Numbered where it is taken.
Location Importer::free(const std::string &name) {
  std::string free = name;
  for (unsigned use = 1; !taken.insert(free).second; ++use)
    free = name + "_" + std::to_string(use);
  return NameLoc::get(builder().getStringAttr(free));
}

NamedAttribute Importer::attribute(StringRef name, Attribute value) {
  return builder().getNamedAttr(name, value);
}
NamedAttribute Importer::attribute(StringRef name, ArrayRef<int64_t> numbers) {
  return attribute(name, builder().getDenseI64ArrayAttr(numbers));
}
NamedAttribute Importer::attribute(StringRef name, int64_t number) {
  return attribute(name, builder().getI64IntegerAttr(number));
}
NamedAttribute Importer::attribute(StringRef name, double number) {
  return attribute(name, builder().getF64FloatAttr(number));
}
NamedAttribute Importer::attribute(StringRef name, StringRef text) {
  return attribute(name, builder().getStringAttr(text));
}

/// An operation is checked where it is made: what it does not take is the node's fault, not the
/// whole program's.
Value Importer::make(StringRef op, const Twine &suffix, Type element, ArrayRef<int64_t> shape,
                     ValueRange operands, ArrayRef<NamedAttribute> attributes,
                     ArrayRef<Type> others) {
  if (llvm::any_of(operands, [](Value operand) { return !operand; }))
    return Value();
  OperationState state(location(suffix), op);
  state.addOperands(operands);
  state.addAttributes(attributes);
  state.addTypes(RankedTensorType::get(shape, element));
  state.addTypes(others);
  ScopedDiagnosticHandler handler(builder().getContext(), [&](Diagnostic &diagnostic) {
    (void)fail(diagnostic.str());
    return success();
  });
  Operation *made = builder().create(state);
  if (succeeded(verify(made)))
    return made->getResult(0);
  (void)fail("its operands do not fit");
  made->erase();
  return Value();
}

Value Importer::reshaped(Value value, ArrayRef<int64_t> shape) {
  if (!value || graph::shapeOf(value) == shape)
    return value;
  if (auto before = value.getDefiningOp<graph::ReshapeOp>())
    return reshaped(before.getInput(), shape);
  return makeMoved<graph::ReshapeOp>(".reshape", shape, value);
}

Value Importer::arranged(const Held &x, ArrayRef<int> dims) {
  if (!x.value)
    return Value();
  SmallVector<int64_t> shape;
  SmallVector<int> wanted; // of larger sizes than 1
  for (int dim : dims) {
    shape.push_back(x.shape[dim]);
    if (x.shape[dim] != 1)
      wanted.push_back(dim);
  }
  SmallVector<int> have(graph::shapeOf(x.value).size(), absent);
  for (auto [dim, place] : llvm::enumerate(x.order))
    if (place != absent)
      have[place] = int(dim);
  SmallVector<int> given;
  for (int dim : have)
    if (x.shape[dim] != 1)
      given.push_back(dim);
  if (given == wanted)
    return reshaped(x.value, shape);
  SmallVector<int64_t> permutation, moved;
  auto take = [&](int dim) {
    permutation.push_back(x.order[dim]);
    moved.push_back(x.shape[dim]);
  };
  for (int dim : dims)
    if (x.order[dim] != absent)
      take(dim);
  for (int dim : have)
    if (!llvm::is_contained(dims, dim))
      take(dim);
  Value value = make<graph::TransposeOp>(".transpose", moved, x.value,
                                         attribute("permutation", permutation));
  return reshaped(value, shape);
}

Value Importer::plain(const Held &x) { return arranged(x, ascending(x.shape.size())); }

Value Importer::image(const Held &x) {
  if (x.shape.size() != 4)
    return (void)fail("its images are " + text(x.shape) + ", not of four dimensions"), Value();
  return arranged(x, {0, 2, 3, 1});
}

Value Importer::arrangedAs(const Held &x, const Held &other) {
  SmallVector<int> dims(graph::shapeOf(other.value).size());
  for (auto [dim, place] : llvm::enumerate(other.order))
    if (place != absent)
      dims[place] = int(dim);
  return arranged(x, dims);
}

Held Importer::whole(const Held &x) {
  if (!llvm::is_contained(x.order, absent))
    return x;
  Held all = x;
  all.value = plain(x);
  all.order = ascending(x.shape.size());
  return all;
}

namespace {
/// Dimensions of two shapes that hold the same elements: `before` come together, or apart, as
/// `after`. Neither has any of size 1.
struct Regrouped {
  SmallVector<int> before, after;
};
} // namespace

/// As few dimensions at a time as can be.
static SmallVector<Regrouped> regroup(ArrayRef<int64_t> before, ArrayRef<int64_t> after) {
  SmallVector<Regrouped> groups;
  size_t i = 0, j = 0;
  auto take = [](ArrayRef<int64_t> shape, size_t &at, SmallVector<int> &dims) {
    int64_t size = shape[at];
    if (size != 1)
      dims.push_back(int(at));
    ++at;
    return size;
  };
  while (i < before.size() || j < after.size()) {
    Regrouped group;
    int64_t had = 1, has = 1;
    do
      if (i < before.size() && (had <= has || j == after.size()))
        had *= take(before, i, group.before);
      else
        has *= take(after, j, group.after);
    while (had != has);
    if (!group.before.empty())
      groups.push_back(std::move(group));
  }
  return groups;
}

std::optional<Held> Importer::reshaped(const Held &x, ArrayRef<int64_t> shape) {
  if (elementsOf(x.shape) != elementsOf(shape) || llvm::is_contained(shape, 0))
    return (void)fail("it makes " + text(shape) + " of " + text(x.shape)), std::nullopt;
  if (ArrayRef<int64_t>(x.shape) == shape)
    return x;
  Held held = x;
  held.shape = shape.vec();
  held.order.assign(shape.size(), absent);
  // Where each group's dimensions follow each other in the value, it keeps its order.
  SmallVector<Regrouped> groups = regroup(x.shape, shape);
  llvm::sort(groups, [&](const Regrouped &a, const Regrouped &b) {
    return x.order[a.before.front()] < x.order[b.before.front()];
  });
  SmallVector<int> inValue;
  SmallVector<int64_t> regrouped;
  for (const Regrouped &group : groups) {
    inValue.append(group.before);
    for (int dim : group.after) {
      held.order[dim] = int(regrouped.size());
      regrouped.push_back(shape[dim]);
    }
  }
  bool isInOrder =
      llvm::is_sorted(inValue, [&](int a, int b) { return x.order[a] < x.order[b]; });
  if (isInOrder) {
    held.value = reshaped(x.value, regrouped);
  } else {
    held.value = reshaped(plain(x), shape);
    held.order = ascending(shape.size());
  }
  return held;
}

Held Importer::nothing() const {
  Held none;
  none.shape = resultShape().vec();
  none.constant = std::make_shared<const Constant>(Constant{none.shape, {}});
  return none;
}

Held Importer::plainly(Value value) {
  Held held;
  held.value = value;
  if (value) {
    held.shape = graph::shapeOf(value).vec();
    held.order = ascending(held.shape.size());
  }
  return held;
}

Held Importer::likewise(Value value, const Held &like) {
  Held held = like;
  held.value = value;
  held.variable = nullptr;
  held.pending = Held::Pending::Nothing;
  held.finish = nullptr;
  held.isOfVariables = false;
  return held;
}

std::optional<int> Importer::dimension(std::optional<int64_t> dim, const Held &x) {
  int64_t rank = int64_t(x.shape.size());
  if (dim && *dim < 0)
    *dim += rank;
  if (!dim || *dim < 0 || *dim >= rank)
    return (void)fail("it names a dimension that its tensor has not"), std::nullopt;
  return int(*dim);
}

Held Importer::permuted(const Held &x, ArrayRef<int> dims) {
  Held moved = x;
  for (auto [to, from] : llvm::enumerate(dims)) {
    moved.shape[to] = x.shape[from];
    moved.order[to] = x.order[from];
  }
  return moved;
}

ArrayRef<int64_t> Importer::resultShape(size_t index) const {
  return index < node->results.size()
             ? ArrayRef<int64_t>(program.find(node->results[index])->sizes)
             : ArrayRef<int64_t>();
}

LogicalResult Importer::result(Held held, size_t index) {
  if (!held.value && !held.constant)
    return fail("its operands do not fit");
  if (index >= node->results.size())
    return fail("it gives more results than the export says");
  if (ArrayRef<int64_t> said = resultShape(index); said != ArrayRef<int64_t>(held.shape))
    return fail("it gives " + text(held.shape) + ", where the export says " + text(said));
  held.memory = memories++;
  held.isStale = false;
  names[node->results[index]] = std::move(held);
  return success();
}

void Importer::view(StringRef self) {
  auto of = names.find(self);
  if (of == names.end())
    return;
  for (const std::string &result : node->results)
    if (auto found = names.find(result); found != names.end())
      found->second.memory = of->second.memory;
}

LogicalResult Importer::writtenInPlace(StringRef self) {
  auto of = names.find(self);
  auto made = node->results.empty() ? names.end() : names.find(node->results.front());
  if (of == names.end() || made == names.end())
    return success();
  if (of->second.isOfVariables || of->second.variable)
    return fail("it writes to a parameter or buffer in place");
  unsigned memory = of->second.memory;
  for (auto &[name, held] : names)
    held.isStale |= held.memory == memory;
  made->second.memory = memory;
  of->second = made->second;
  return success();
}

} // namespace autopar::pt2
