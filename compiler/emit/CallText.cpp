// See CallText.h.
#include "compiler/emit/CallText.h"

#include "compiler/emit/Literals.h"
#include "dialects/dist/Dist.h"

#include "llvm/ADT/StringExtras.h"

using namespace mlir;

namespace autopar::emit {

using rt::CallForm, rt::Field;

static bool isChain(rt::CallOp call) { return call.getCalleeEntry().form == CallForm::Chain; }

StringRef callClass(rt::CallOp call, const Kernels &kernels) {
  return isChain(call) ? kernels.structOf(call) : call.getCallee();
}

std::string callType(rt::CallOp call, const Kernels &kernels) {
  StringRef nameSpace = rt::targetOf(call)->roomOf(call.getCalleeEntry()).nameSpace;
  if (isChain(call))
    nameSpace = "kernels";
  StringRef name = callClass(call, kernels);
  return (nameSpace.empty() ? name : nameSpace + "::" + name).str();
}

static bool isDefault(Attribute value, const Field &field) {
  if (!field.otherwise)
    return false;
  if (auto type = dyn_cast<TypeAttr>(value))
    return type.getValue().isF32();
  if (auto flag = dyn_cast<BoolAttr>(value))
    return flag.getValue() == (*field.otherwise != 0);
  if (auto integer = dyn_cast<IntegerAttr>(value))
    return static_cast<double>(integer.getInt()) == *field.otherwise;
  return cast<FloatAttr>(value).getValueAsDouble() == *field.otherwise;
}

/// The whole's shape and where this rank's block begins in it: blocks of one size are counted
/// by the axes that split the dimension.
static std::string partLiteral(rt::CallOp call, dist::PartAttr part) {
  SmallVector<int64_t> local = *part.localShape(dist::meshOf(call).value_or(Mesh({1})));
  SmallVector<std::string> begin;
  for (auto [dim, length] : llvm::enumerate(local)) {
    Axes axes = part.axes(dim);
    begin.push_back(axes.empty()
                        ? "0"
                        : "rank.block(" + list(SmallVector<int64_t>(axes.begin(), axes.end())) +
                              ") * " + std::to_string(length));
  }
  return "{.whole = " + list(part.getWhole()) + ", .begin = {" + llvm::join(begin, ", ") + "}}";
}

static std::string literal(rt::CallOp call, Attribute value) {
  if (auto part = dyn_cast<dist::PartAttr>(value))
    return partLiteral(call, part);
  if (auto integers = dyn_cast<DenseI64ArrayAttr>(value))
    return list(integers.asArrayRef());
  if (auto type = dyn_cast<TypeAttr>(value))
    return dataType(type.getValue()).str();
  if (auto flag = dyn_cast<BoolAttr>(value))
    return flag.getValue() ? "true" : "false";
  if (auto integer = dyn_cast<IntegerAttr>(value))
    return std::to_string(integer.getInt());
  return real(cast<FloatAttr>(value).getValueAsDouble());
}

static bool isColumn(rt::CallOp call, const Field &field) {
  return call.getCalleeEntry().form == CallForm::Table &&
         (field.type == Field::Integers || field.type == Field::Reals);
}

/// Designated initialisers of the fields that differ from what the runtime takes anyway, of a
/// call or of one of its steps.
static std::string fields(rt::CallOp call, const rt::Callee &callee, DictionaryAttr config) {
  SmallVector<std::string> items;
  for (const Field &field : callee.fields)
    if (Attribute value = config.get(field.name);
        value && !isColumn(call, field) && !isDefault(value, field))
      items.push_back(("." + field.name + " = " + literal(call, value)).str());
  return llvm::join(items, ", ");
}
static std::string fields(rt::CallOp call) {
  return fields(call, call.getCalleeEntry(), call.getConfig());
}

static std::string braced(const std::string &text) { return "{" + text + "}"; }

/// `{.count = 4096, .dropout = {.shape = {8, 512}, …}}`
static std::string chain(rt::CallOp call) {
  std::string text = ".count = " + literal(call, call.getConfig().get("count"));
  for (auto &[member, step] : Kernels::members(call))
    text += ", ." + member + " = " +
            braced(fields(call, *rt::targetOf(call)->findCallee(step.getCallee()),
                          step.getConfig()));
  return braced(text);
}

/// An element of each column, what the row reads, and what it writes unless that is what the
/// first of it is written over.
static std::string rowText(rt::CallOp call, unsigned row, BufferName name) {
  const rt::Callee &callee = call.getCalleeEntry();
  SmallVector<std::string> items;
  for (const Field &field : callee.fields) {
    Attribute column = call.getConfig().get(field.name);
    if (auto integers = dyn_cast_if_present<DenseI64ArrayAttr>(column))
      items.push_back(std::to_string(integers[row]));
    else if (auto reals = dyn_cast_if_present<DenseF64ArrayAttr>(column))
      items.push_back(real(reals[row]));
  }
  SmallVector<std::string> inputs = llvm::map_to_vector(call.getRowInputs(row), name);
  SmallVector<std::string> outputs = llvm::map_to_vector(call.getRowOutputs(row), name);
  const bool inPlace = llvm::all_of(llvm::enumerate(outputs), [&](auto output) {
    return llvm::any_of(
        call.getOverwritable(row * outputs.size() + output.index()),
        [&](unsigned input) { return name(call.getInputs()[input]) == output.value(); });
  });
  items.append(inputs);
  if (!inPlace)
    items.append(outputs);
  return braced(llvm::join(items, ", "));
}

std::vector<std::string> tableRows(rt::CallOp call, BufferName name) {
  std::vector<std::string> rows;
  for (unsigned row : llvm::seq(call.getRows()))
    rows.push_back(rowText(call, row, name));
  return rows;
}

std::vector<std::string> tableInitialiser(rt::CallOp call, ArrayRef<std::string> rows) {
  std::string shared = fields(call);
  std::vector<std::string> lines(rows);
  lines.front() = "{" + shared + (shared.empty() ? "" : ", ") + ".tensors = " + lines.front();
  lines.back() += "}";
  return lines;
}

static std::vector<std::string> table(rt::CallOp call, BufferName name) {
  std::vector<std::string> rows = {"{"};
  for (const std::string &row : tableRows(call, name))
    rows.push_back("    " + row + ",");
  rows.push_back("}");
  return tableInitialiser(call, rows);
}

std::string rowType(rt::CallOp call, const Kernels &kernels) {
  return callType(call, kernels) + "::Tensor";
}

bool takesLists(rt::CallOp call) {
  return call.isCollective() || call.getCalleeEntry().takesList;
}

std::string listType(rt::CallOp call, bool written) {
  if (written)
    return "void *";
  return call.isCollective()
             ? "const void *"
             : ("const " + elementType(call.getInputs().front().getType()) + " *").str();
}

static ArrayRef<int64_t> integers(rt::CallOp call, StringRef field) {
  return call.getConfig().getAs<DenseI64ArrayAttr>(field).asArrayRef();
}
static int64_t integer(rt::CallOp call, StringRef field) {
  return call.getConfig().getAs<IntegerAttr>(field).getInt();
}

static int64_t ranks(rt::CallOp call) {
  ArrayRef<int64_t> axes = integers(call, "axes");
  return dist::meshOf(call)->groupSize(SmallVector<int>(axes.begin(), axes.end()));
}

/// This rank's block of a tensor: blocks are counted by the axes, row-major.
static std::string block(rt::CallOp call) {
  Type whole = call.getInputs()[0].getType(), part = call.getOutputs()[0].getType();
  int64_t dim = integer(call, "dim"), length = cast<ShapedType>(part).getDimSize(dim);
  return "{{.shape = " + shape(whole) + ", .dim = " + std::to_string(dim) +
         ", .offset = rank.block(" + list(integers(call, "axes")) + ") * " +
         std::to_string(length) + ", .length = " + std::to_string(length) + "}}";
}

/// A collective's group, and its plan (runtime/mpi/CollectivePlan.h).
static std::string groupAndPlan(rt::CallOp call) {
  SmallVector<std::string> tensors;
  for (auto [index, input] : llvm::enumerate(call.getInputs())) {
    std::string tensor = shape(input.getType());
    if (call.getConfig().contains("dims"))
      tensor = "{.shape = " + tensor +
               ", .dim = " + std::to_string(integers(call, "dims")[index]) + "}";
    else if (call.getConfig().contains("split"))
      tensor = "{.shape = " + tensor +
               ", .splitDim = " + std::to_string(integer(call, "split")) +
               ", .concatDim = " + std::to_string(integer(call, "concat")) + "}";
    else
      tensor = "Shape" + tensor;
    tensors.push_back(tensor);
  }
  return "{" + rt::targetOf(call)->groups.str() + ".group(" + list(integers(call, "axes")) +
         "), {.ranks = " + std::to_string(ranks(call)) +
         ", .type = " + dataType(call.getInputs()[0].getType()).str() + ", .tensors = {" +
         llvm::join(tensors, ", ") + "}}}";
}

std::vector<std::string> callInitialiser(rt::CallOp call, BufferName name) {
  switch (call.getCalleeEntry().form) {
  case CallForm::Fields:
    return {braced(fields(call))};
  case CallForm::Shape:
    return {braced(braced(fields(call)))};
  case CallForm::Block:
    return {block(call)};
  case CallForm::Collective:
    return {groupAndPlan(call)};
  case CallForm::Table:
    return table(call, name);
  case CallForm::Chain:
    return {chain(call)};
  }
  llvm_unreachable("a call's form");
}

SmallVector<std::string> callArguments(rt::CallOp call, BufferName name, ListName list) {
  SmallVector<std::string> arguments;
  StringRef context = rt::targetOf(call)->roomOf(call.getCalleeEntry()).context;
  if (!context.empty())
    arguments.push_back(context.str());
  auto append = [&](ValueRange buffers, bool asList, bool written) {
    SmallVector<std::string> names = llvm::map_to_vector(buffers, name);
    if (!asList) {
      arguments.append(names);
      return;
    }
    const std::string named = list ? list(written) : "";
    arguments.push_back(named.empty() ? "{" + llvm::join(names, ", ") + "}" : named);
  };
  const rt::Callee &callee = call.getCalleeEntry();
  if (callee.form == CallForm::Table) {
    append(call.getSharedInputs(), false, false);
    append(call.getSharedOutputs(), false, true);
  } else {
    // A call that works in place is given its tensors once.
    if (!callee.inPlace)
      append(call.getInputs(), takesLists(call), false);
    append(call.getOuts(), call.isCollective(), true);
  }
  if (callee.hasWorkspace)
    arguments.push_back(call.getScratch() ? name(call.getScratch()) : "nullptr");
  return arguments;
}

std::string joinArgument(rt::JoinOp join) {
  return rt::targetOf(join)->collectives.context.str();
}

bool checksWorkspace(rt::CallOp call) {
  return call.getCalleeEntry().hasWorkspace && !call.isCollective();
}

} // namespace autopar::emit
