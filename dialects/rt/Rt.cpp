// Verifiers of the rt dialect. A call is checked against its target's table, a slice against
// the arena; which slices may overlap is the memory plan's affair (passes/memory).
#include "dialects/rt/Rt.h"

#include "dialects/dist/Dist.h"
#include "dialects/rt/Chain.h"
#include "dialects/rt/NextInput.h"
#include "dialects/rt/Verify.h"

#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/DialectImplementation.h"
#include "mlir/IR/TypeUtilities.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/TypeSwitch.h"
#include "llvm/Support/MathExtras.h"

using namespace mlir;
using namespace autopar;
using namespace autopar::rt;

#include "dialects/rt/RtDialect.cpp.inc"
#include "dialects/rt/RtEnums.cpp.inc"
#define GET_ATTRDEF_CLASSES
#include "dialects/rt/RtAttrs.cpp.inc"
#define GET_OP_CLASSES
#include "dialects/rt/Rt.cpp.inc"

void RtDialect::initialize() {
  addAttributes<
#define GET_ATTRDEF_LIST
#include "dialects/rt/RtAttrs.cpp.inc"
      >();
  addOperations<
#define GET_OP_LIST
#include "dialects/rt/Rt.cpp.inc"
      >();
}

LogicalResult RtDialect::verifyOperationAttribute(Operation *op, NamedAttribute attribute) {
  StringRef name = attribute.getName();
  Attribute value = attribute.getValue();
  auto verifyWhole = [&](int64_t least, int64_t most) -> LogicalResult {
    if (isWhole(value) && isWithin(value, least, most))
      return success();
    return op->emitError() << name << " is " << value << "; it is a whole number from " << least
                           << " to " << most;
  };
  if (name == arenaAttrName)
    return verifyWhole(0, limits::programBytes);
  if (name == threadsAttrName)
    return verifyWhole(1, limits::size);
  if (name == targetAttrName && !isa<StringAttr>(value))
    return op->emitError() << name << " is " << value << "; it is the name of a target";
  if (name == nextAttrName && !isa<StringAttr>(value))
    return op->emitError() << name << " is " << value << "; it is the name of an input";
  if (name == storedAttrName && !isa<DenseI64ArrayAttr>(value))
    return op->emitError() << name << " is " << value << "; it is a shape";
  return success();
}

/// The attribute of the nearest operation around `op`, or of itself, that has it.
template <typename Attr> static Attr attrAround(Operation *op, StringRef name) {
  for (; op; op = op->getParentOp())
    if (auto attr = op->getAttrOfType<Attr>(name))
      return attr;
  return {};
}

int64_t autopar::rt::bytesOf(Type type) {
  auto shaped = cast<ShapedType>(type);
  return shaped.getNumElements() * (shaped.getElementTypeBitWidth() / 8);
}

const Target *autopar::rt::targetOf(Operation *op) {
  auto name = attrAround<StringAttr>(op, targetAttrName);
  return name ? findTarget(name) : nullptr;
}

int64_t autopar::rt::alignmentOf(Operation *op) {
  const Target *target = targetOf(op);
  return target ? target->alignment : 64;
}

//===- call -------------------------------------------------------------------------------===//

const Callee &CallOp::getCalleeEntry() { return *targetOf(*this)->findCallee(getCallee()); }

bool CallOp::isCollective() { return getCalleeEntry().form == CallForm::Collective; }
bool CallOp::runsBeside() { return isCollective() && targetOf(*this)->communicatesBeside; }

/// Elements of a column; nullopt for what is no array.
static std::optional<size_t> columnSize(Attribute value) {
  if (auto integers = dyn_cast<DenseI64ArrayAttr>(value))
    return integers.size();
  if (auto reals = dyn_cast<DenseF64ArrayAttr>(value))
    return reals.size();
  return std::nullopt;
}

unsigned CallOp::getRows() {
  if (getCalleeEntry().form == CallForm::Table)
    for (const Field &field : getCalleeEntry().fields)
      if (Attribute value = getConfig().get(field.name))
        if (std::optional<size_t> rows = columnSize(value))
          return *rows;
  return 1;
}

OperandRange CallOp::getRowInputs(unsigned row) {
  const Callee &callee = getCalleeEntry();
  if (callee.form != CallForm::Table)
    return getInputs();
  return getInputs().slice(row * callee.row.inputs.size(), callee.row.inputs.size());
}

ValueRange CallOp::getRowOutputs(unsigned row) {
  const Callee &callee = getCalleeEntry();
  if (callee.form != CallForm::Table)
    return getOutputs();
  return getOutputs().slice(row * callee.row.outputs.size(), callee.row.outputs.size());
}

OperandRange CallOp::getSharedInputs() {
  return getInputs().drop_front(getRows() * getCalleeEntry().row.inputs.size());
}

ValueRange CallOp::getSharedOutputs() {
  return getOutputs().drop_front(getRows() * getCalleeEntry().row.outputs.size());
}

ValueRange CallOp::getOutputs() {
  return isOnMemory() ? ValueRange(getOuts()) : ValueRange(getResults());
}

static bool hasType(Attribute value, Field::Type type) {
  switch (type) {
  case Field::Integer:
    return isa<IntegerAttr>(value) && !isa<BoolAttr>(value);
  case Field::Real:
    return isa<FloatAttr>(value);
  case Field::Flag:
    return isa<BoolAttr>(value);
  case Field::Integers:
    return isa<DenseI64ArrayAttr>(value);
  case Field::Reals:
    return isa<DenseF64ArrayAttr>(value);
  case Field::Part:
    return isa<dist::PartAttr>(value);
  case Field::Element:
    return isa<TypeAttr>(value);
  case Field::Steps:
    return isa<ArrayAttr>(value) &&
           llvm::all_of(cast<ArrayAttr>(value), llvm::IsaPred<StepAttr>);
  }
  llvm_unreachable("a field's type");
}
static StringRef describe(Field::Type type) {
  switch (type) {
  case Field::Integer:
    return "an integer";
  case Field::Real:
    return "a real number";
  case Field::Flag:
    return "true or false";
  case Field::Integers:
    return "an array of i64";
  case Field::Reals:
    return "an array of f64";
  case Field::Part:
    return "a #dist.part";
  case Field::Element:
    return "an element type";
  case Field::Steps:
    return "an array of #rt.step";
  }
  llvm_unreachable("a field's type");
}

LogicalResult autopar::rt::verifyConfig(CallOp call, const Callee &callee,
                                        DictionaryAttr config) {
  for (NamedAttribute given : config) {
    const Field *field = callee.findField(given.getName());
    if (!field)
      return call.emitOpError("gives ")
             << callee.name << " a '" << given.getName().getValue() << "'; it has "
             << llvm::join(
                    llvm::map_range(callee.fields, [](const Field &f) { return f.name; }),
                    ", ");
    if (!hasType(given.getValue(), field->type))
      return call.emitOpError("gives ")
             << callee.name << " " << field->name << " = " << given.getValue() << "; it is "
             << describe(field->type);
  }
  for (const Field &field : callee.fields)
    if (!field.otherwise && !config.contains(field.name))
      return call.emitOpError("does not give ") << callee.name << " its '" << field.name << "'";
  return success();
}

LogicalResult autopar::rt::verifyOperands(CallOp call, const Callee &callee, StringRef what,
                                          unsigned has, const Operands &allowed, unsigned rows,
                                          ArrayRef<StringRef> ofRow) {
  const unsigned inRows = rows * ofRow.size();
  if (has >= inRows && allowed.canBe(has - inRows))
    return success();
  return call.emitOpError("has ") << has << " " << what << "; " << callee.name << " takes "
                                  << allowed.describe(rows, ofRow);
}

/// A table's columns are of one length.
static LogicalResult verifyColumns(CallOp call, const Callee &callee) {
  const unsigned rows = call.getRows();
  for (NamedAttribute given : call.getConfig())
    if (auto size = columnSize(given.getValue()); size && *size != rows)
      return call.emitOpError("gives ")
             << callee.name << " " << *size << " elements of '" << given.getName().getValue()
             << "' for " << rows << " rows";
  return success();
}

static LogicalResult verifyAllOperands(CallOp call, const Callee &callee) {
  const unsigned rows = call.getRows(), inputs = call.getInputs().size(),
                 outputs = call.getOutputs().size();
  return failure(failed(verifyOperands(call, callee, "outputs", outputs, outputsOf(callee),
                                       rows, callee.row.outputs)) ||
                 failed(verifyOperands(call, callee, "inputs", inputs,
                                       inputsOf(callee, call.getConfig(), outputs), rows,
                                       callee.row.inputs)));
}

static LogicalResult verifyOnValues(CallOp call, const Callee &callee) {
  if (!call.getOuts().empty() || call.getScratch())
    return call.emitOpError("has both results and memory to write to");
  if (attrAround<IntegerAttr>(call, arenaAttrName))
    return call.emitOpError("has results in a module whose memory is planned");
  if (callee.hasWorkspace != call.getWorkspace().has_value())
    return call.emitOpError() << (callee.hasWorkspace ? "does not say how much workspace "
                                                      : "gives a workspace to ")
                              << callee.name
                              << (callee.hasWorkspace ? " needs" : ", which has none");
  return success();
}

static LogicalResult verifyOnMemory(CallOp call, const Callee &callee) {
  for (Value operand : call.getOperands())
    if (!isa<MemRefType>(operand.getType()))
      return call.emitOpError("reads ") << operand.getType() << " where its memory is planned";
  if (call.getWorkspace())
    return call.emitOpError("has its memory planned, but a workspace that is not");
  if (call.getScratch() && !callee.hasWorkspace)
    return call.emitOpError("gives a workspace to ") << callee.name << ", which has none";
  return success();
}

LogicalResult CallOp::verify() {
  auto name = attrAround<StringAttr>(*this, targetAttrName);
  if (!name)
    return emitOpError("stands in a module without a target; give the module an ")
           << targetAttrName << " attribute, one of " << llvm::join(targetNames(), ", ");
  const Target *target = findTarget(name);
  if (!target)
    return emitOpError("is for target '")
           << name.getValue() << "'; there are " << llvm::join(targetNames(), ", ");
  const Callee *callee = target->findCallee(getCallee());
  if (!callee)
    return emitOpError("calls '") << getCallee() << "', which the runtime of target "
                                  << target->name << " does not have";

  if (failed(verifyConfig(*this, *callee, getConfig())) ||
      (callee->form == CallForm::Table && failed(verifyColumns(*this, *callee))) ||
      failed(verifyAllOperands(*this, *callee)) ||
      (callee->form == CallForm::Chain && failed(verifyChain(*this))))
    return failure();
  const unsigned inputs = getInputs().size(), outputs = getOutputs().size();
  if (callee->form == CallForm::Collective && inputs != outputs)
    return emitOpError("has ") << inputs << " inputs and " << outputs << " outputs";
  for (auto [input, output] : llvm::zip(getInputs(), getOutputs()))
    if (callee->inPlace && bytesOf(input.getType()) != bytesOf(output.getType()))
      return emitOpError("makes ")
             << output.getType() << " of " << input.getType() << "; it works in place";
  return isOnMemory() ? verifyOnMemory(*this, *callee) : verifyOnValues(*this, *callee);
}

//===- join -------------------------------------------------------------------------------===//

CallOp JoinOp::getCollective() {
  for (Operation *user : getOuts().front().getUsers())
    if (auto call = dyn_cast<CallOp>(user); call && call.getOuts() == getOuts())
      return call;
  return {};
}

LogicalResult JoinOp::verify() {
  CallOp call = getOuts().empty() ? CallOp() : getCollective();
  if (!call || !call.runsBeside())
    return emitOpError("waits for what no collective writes beside computation; its operands are "
                       "all that one rt.call writes, in order");
  if (!call->isBeforeInBlock(*this))
    return emitOpError("waits for ") << call.getCallee() << " before it is called";
  return success();
}

//===- view, slice ------------------------------------------------------------------------===//

LogicalResult ViewOp::verify() {
  Type from = getSource().getType(), to = getResult().getType();
  if (isa<MemRefType>(from) != isa<MemRefType>(to))
    return emitOpError("makes ") << to << " of " << from << "; memory and values do not mix";
  if (bytesOf(from) != bytesOf(to))
    return emitOpError("shows ") << bytesOf(from) << " bytes of " << from << " as "
                                 << bytesOf(to) << " of " << to;
  return success();
}

int64_t SliceOp::getBytes() { return bytesOf(getType()); }
int64_t SliceOp::getRoundedBytes() { return llvm::alignTo(getBytes(), alignmentOf(*this)); }

LogicalResult SliceOp::verify() {
  auto arena = attrAround<IntegerAttr>(*this, arenaAttrName);
  if (!arena)
    return emitOpError("stands in a module without an arena; plan-memory gives the module its ")
           << arenaAttrName;
  int64_t offset = getOffset(), begin = getBegin(), end = getEnd();
  int64_t alignment = alignmentOf(*this);
  if (offset % alignment != 0)
    return emitOpError("is at ") << offset << ", which is not a multiple of " << alignment;
  int64_t behind = offset + getBytes();
  if (behind > arena.getInt())
    return emitOpError("ends at byte ") << behind << " of an arena of " << arena.getInt();
  if (end <= begin)
    return emitOpError("lives from call ") << begin << " until before call " << end;
  if (getUpdates() && !isVariable())
    return emitOpError("updates ") << getUpdatesAttr() << " but is no variable's storage";
  return success();
}
