// Attributes and verifiers of the dist dialect. A collective is checked against the module's
// mesh: what it makes of a dimension follows from the number of ranks along its axes.
#include "dialects/dist/Dist.h"

#include "mlir/IR/DialectImplementation.h"
#include "mlir/Interfaces/FunctionInterfaces.h"
#include "llvm/ADT/TypeSwitch.h"
#include "llvm/Support/MathExtras.h"

#include <functional>
#include <limits>

using namespace mlir;
using namespace autopar;
using namespace autopar::dist;

#include "dialects/dist/DistDialect.cpp.inc"
#define GET_ATTRDEF_CLASSES
#include "dialects/dist/DistAttrs.cpp.inc"

static constexpr StringRef axisNames[maxMeshAxes] = {"x", "y", "z"};

static ParseResult parseAxisName(AsmParser &parser, int &axis) {
  StringRef name;
  llvm::SMLoc at = parser.getCurrentLocation();
  if (parser.parseKeyword(&name))
    return failure();
  const auto *found = llvm::find(axisNames, name);
  if (found == std::end(axisNames))
    return parser.emitError(at) << "unknown mesh axis '" << name
                                << "'; axes are called x, y and z";
  axis = found - axisNames;
  return success();
}

/// `{x, y}`, in ascending order.
static ParseResult parseAxes(AsmParser &parser, SmallVectorImpl<int> &axes) {
  llvm::SMLoc at = parser.getCurrentLocation();
  if (parser.parseCommaSeparatedList(AsmParser::Delimiter::Braces, [&] {
        return parseAxisName(parser, axes.emplace_back());
      }))
    return failure();
  for (unsigned i = 1; i < axes.size(); ++i)
    if (axes[i - 1] >= axes[i])
      return parser.emitError(at) << "axes of one list stand in the order x, y, z, each once";
  return success();
}
template <typename Printer> static void printAxes(Printer &printer, ArrayRef<int> axes) {
  printer << '{';
  llvm::interleaveComma(axes, printer, [&](int axis) { printer << axisNames[axis]; });
  printer << '}';
}

static ParseResult parseAxisNames(OpAsmParser &parser, DenseI32ArrayAttr &attr) {
  SmallVector<int> axes;
  if (parseAxes(parser, axes))
    return failure();
  attr = DenseI32ArrayAttr::get(parser.getContext(), axes);
  return success();
}
static void printAxisNames(OpAsmPrinter &printer, Operation *, DenseI32ArrayAttr axes) {
  printAxes(printer, axes.asArrayRef());
}

Attribute MeshAttr::parse(AsmParser &parser, Type) {
  SmallVector<int64_t> sizes;
  auto parseOne = [&]() -> ParseResult {
    llvm::SMLoc at = parser.getCurrentLocation();
    int axis;
    if (parseAxisName(parser, axis) || parser.parseEqual() ||
        parser.parseInteger(sizes.emplace_back()))
      return failure();
    if (axis + 1 != static_cast<int>(sizes.size()))
      return parser.emitError(at) << "mesh axes stand in the order x, y, z";
    return success();
  };
  if (parser.parseCommaSeparatedList(AsmParser::Delimiter::LessGreater, parseOne))
    return {};
  return parser.getChecked<MeshAttr>(parser.getContext(), sizes);
}
void MeshAttr::print(AsmPrinter &printer) const {
  printer << '<';
  llvm::interleaveComma(llvm::enumerate(getSizes()), printer, [&](auto axis) {
    printer << axisNames[axis.index()] << " = " << axis.value();
  });
  printer << '>';
}
LogicalResult MeshAttr::verify(function_ref<InFlightDiagnostic()> emitError,
                               ArrayRef<int64_t> sizes) {
  if (sizes.empty() || sizes.size() > maxMeshAxes)
    return emitError() << "a mesh has one to " << maxMeshAxes << " axes, not " << sizes.size();
  int64_t ranks = 1;
  for (int64_t size : sizes) {
    if (size < 1)
      return emitError() << "a mesh axis has a size of at least 1, not " << size;
    if (llvm::MulOverflow(ranks, size, ranks) || ranks > std::numeric_limits<int>::max())
      return emitError() << "a mesh has at most " << std::numeric_limits<int>::max()
                         << " ranks, the most that MPI numbers";
  }
  return success();
}

/// A Spec as attributes keep it: of a mesh with as many axes as any has.
static Spec onAnyMesh(Spec spec) {
  Spec anyMesh = Spec::replicated(maxMeshAxes);
  for (int axis = 0; axis < spec.numAxes(); ++axis) {
    if (spec.isUnreduced(axis))
      anyMesh = anyMesh.withUnreduced(axis);
    else if (std::optional<int> dim = spec.dim(axis))
      anyMesh = anyMesh.withSplit(axis, *dim);
  }
  return anyMesh;
}
/// The same on a mesh of `axes` axes; nullopt where an axis is named that it lacks.
static std::optional<Spec> onMesh(Spec anyMesh, int axes) {
  Spec spec = Spec::replicated(axes);
  for (int axis = 0; axis < maxMeshAxes; ++axis) {
    if (anyMesh.isReplicated(axis))
      continue;
    if (axis >= axes)
      return std::nullopt;
    spec = anyMesh.isUnreduced(axis) ? spec.withUnreduced(axis)
                                     : spec.withSplit(axis, *anyMesh.dim(axis));
  }
  return spec;
}

ShardingAttr ShardingAttr::get(MLIRContext *context, int rank, Spec spec) {
  return Base::get(context, rank, onAnyMesh(spec));
}
std::optional<Spec> ShardingAttr::spec(int axes) const { return onMesh(getAnyMesh(), axes); }

Attribute ShardingAttr::parse(AsmParser &parser, Type) {
  Spec spec = Spec::replicated(maxMeshAxes);
  int rank = 0;
  llvm::SMLoc at = parser.getCurrentLocation();
  auto place = [&](ArrayRef<int> axes, int dim) -> ParseResult {
    for (int axis : axes) {
      if (!spec.isReplicated(axis))
        return parser.emitError(at) << "axis " << axisNames[axis] << " is named twice";
      if (dim >= limits::rank)
        return parser.emitError(at) << "splits dimension " << dim << "; there are at most "
                                    << limits::rank;
      spec = dim < 0 ? spec.withUnreduced(axis) : spec.withSplit(axis, dim);
    }
    return success();
  };
  auto parseDim = [&]() -> ParseResult {
    SmallVector<int> axes;
    return failure(parseAxes(parser, axes) || place(axes, rank++));
  };
  if (parser.parseLess() ||
      parser.parseCommaSeparatedList(AsmParser::Delimiter::Square, parseDim))
    return {};
  if (succeeded(parser.parseOptionalComma())) {
    SmallVector<int> axes;
    if (parser.parseKeyword("unreduced") || parseAxes(parser, axes) || place(axes, -1))
      return {};
  }
  if (parser.parseGreater())
    return {};
  if (rank > limits::rank) {
    parser.emitError(at) << "splits " << rank << " dimensions; there are at most " << limits::rank;
    return {};
  }
  return get(parser.getContext(), rank, spec);
}
void ShardingAttr::print(AsmPrinter &printer) const {
  printer << "<[";
  llvm::interleaveComma(llvm::seq(getRank()), printer,
                        [&](int dim) { printAxes(printer, getAnyMesh().splitAxes(dim)); });
  printer << ']';
  if (getAnyMesh().hasUnreduced()) {
    printer << ", unreduced ";
    printAxes(printer, getAnyMesh().unreducedAxes());
  }
  printer << '>';
}

PartAttr PartAttr::get(MLIRContext *context, ArrayRef<int64_t> whole, Spec spec) {
  return Base::get(context, whole, onAnyMesh(spec));
}
PartAttr PartAttr::getChecked(function_ref<InFlightDiagnostic()> emitError,
                              MLIRContext *context, ArrayRef<int64_t> whole, Spec spec) {
  return Base::getChecked(emitError, context, whole, onAnyMesh(spec));
}
PartAttr PartAttr::whole(Type type) {
  return get(type.getContext(), cast<ShapedType>(type).getShape(),
             Spec::replicated(maxMeshAxes));
}

std::optional<SmallVector<int64_t>> PartAttr::localShape(const Mesh &mesh) const {
  std::optional<Spec> spec = onMesh(getAnyMesh(), mesh.numAxes());
  return spec ? spec->localShape(getWhole(), mesh) : std::nullopt;
}
SmallVector<int64_t> PartAttr::begin(const Mesh &mesh, int64_t rank) const {
  return onMesh(getAnyMesh(), mesh.numAxes())->offsets(getWhole(), mesh, rank);
}

/// `[8, 64]`
static ParseResult parseIntegers(AsmParser &parser, SmallVectorImpl<int64_t> &values) {
  return parser.parseCommaSeparatedList(
      AsmParser::Delimiter::Square, [&] { return parser.parseInteger(values.emplace_back()); });
}

Attribute PartAttr::parse(AsmParser &parser, Type) {
  SmallVector<int64_t> whole;
  Spec spec = Spec::replicated(maxMeshAxes);
  int dim = 0;
  llvm::SMLoc at = parser.getCurrentLocation();
  auto parseAxesOfDim = [&]() -> ParseResult {
    SmallVector<int64_t> axes;
    if (parseIntegers(parser, axes))
      return failure();
    for (int64_t axis : axes) {
      if (axis < 0 || axis >= maxMeshAxes || !spec.isReplicated(axis))
        return parser.emitError(at)
               << "axis " << axis << " is no axis of a mesh (0 to 2), or named twice";
      if (dim >= limits::rank)
        return parser.emitError(at) << "splits dimension " << dim << "; there are at most "
                                    << limits::rank;
      spec = spec.withSplit(axis, dim);
    }
    if (!llvm::is_sorted(axes))
      return parser.emitError(at) << "axes of one dimension stand in ascending order";
    ++dim;
    return success();
  };
  if (parser.parseLess() || parser.parseKeyword("whole") || parser.parseEqual() ||
      parseIntegers(parser, whole) || parser.parseComma() || parser.parseKeyword("axes") ||
      parser.parseEqual() ||
      parser.parseCommaSeparatedList(AsmParser::Delimiter::Square, parseAxesOfDim) ||
      parser.parseGreater())
    return {};
  if (dim != static_cast<int>(whole.size())) {
    parser.emitError(at) << "a whole of " << whole.size() << " dimensions has axes for " << dim;
    return {};
  }
  return parser.getChecked<PartAttr>(parser.getContext(), whole, spec);
}
void PartAttr::print(AsmPrinter &printer) const {
  printer << "<whole = [";
  llvm::interleaveComma(getWhole(), printer);
  printer << "], axes = [";
  llvm::interleaveComma(llvm::seq<int>(0, getWhole().size()), printer, [&](int dim) {
    printer << '[';
    llvm::interleaveComma(axes(dim), printer);
    printer << ']';
  });
  printer << "]>";
}
LogicalResult PartAttr::verify(function_ref<InFlightDiagnostic()> emitError,
                               ArrayRef<int64_t> whole, Spec anyMesh) {
  if (static_cast<int64_t>(whole.size()) > limits::rank || !elementsOf(whole))
    return emitError() << "is part of a tensor of [" << whole << "]; it has at most "
                       << limits::rank << " dimensions, each from 1 to " << limits::size
                       << ", and " << limits::valueBytes << " elements";
  for (int axis = 0; axis < maxMeshAxes; ++axis)
    if (anyMesh.isUnreduced(axis) ||
        (anyMesh.dim(axis) && *anyMesh.dim(axis) >= static_cast<int>(whole.size())))
      return emitError() << "is a part of [" << whole << "] that axis " << axisNames[axis]
                         << " does not split by a dimension of it";
  return success();
}

#include "dialects/dist/DistInterfaces.cpp.inc"
#define GET_OP_CLASSES
#include "dialects/dist/Dist.cpp.inc"

void DistDialect::initialize() {
  addOperations<
#define GET_OP_LIST
#include "dialects/dist/Dist.cpp.inc"
      >();
  addAttributes<
#define GET_ATTRDEF_LIST
#include "dialects/dist/DistAttrs.cpp.inc"
      >();
}

LogicalResult DistDialect::verifyOperationAttribute(Operation *op, NamedAttribute attribute) {
  StringRef name = attribute.getName();
  Attribute value = attribute.getValue();
  if (name == meshAttrName && !isa<MeshAttr>(value))
    return op->emitError() << name << " is " << value << "; it is a #dist.mesh";
  if (name == userShardingAttrName && !isa<ShardingAttr>(value))
    return op->emitError() << name << " is " << value << "; it is a #dist.sharding";
  if (name == globalTypeAttrName) {
    auto type = dyn_cast<TypeAttr>(value);
    if (!type || !isa<RankedTensorType>(type.getValue()))
      return op->emitError() << name << " is " << value << "; it is a tensor's type";
    if (std::string why = whyNoValue(type.getValue()); !why.empty())
      return op->emitError() << name << " is of " << why;
  }
  return success();
}

//===- verifiers --------------------------------------------------------------------------===//

/// The number of ranks that a collective joins.
static FailureOr<int64_t> groupSize(Operation *op, ArrayRef<int32_t> axes) {
  std::optional<Mesh> mesh = meshOf(op);
  if (!mesh)
    return op->emitOpError("stands in a module without a mesh; give the module a dist.mesh "
                           "attribute, as in #dist.mesh<x = 2, y = 2>");
  if (axes.empty())
    return op->emitOpError("names no mesh axis");
  // The parser sees to this; what a pass or the generic form gives may differ.
  if (axes.front() < 0 || axes.back() >= maxMeshAxes ||
      !llvm::is_sorted(axes, std::less_equal<>()))
    return op->emitOpError("names axes [")
           << axes << "]; they are numbered from 0 to 2 and stand in order, each once";
  for (int32_t axis : axes)
    if (axis >= mesh->numAxes())
      return op->emitOpError("names axis ")
             << axisNames[axis] << " of a mesh of " << mesh->str();
  return mesh->groupSize(axes);
}

/// Checks that `op` makes a `result` of an `input` by growing one dimension `ranks` times and
/// cutting another into as many blocks, where it does either.
static LogicalResult verifyScaled(Operation *op, Type input, Type result,
                                  std::optional<int64_t> grown, std::optional<int64_t> shrunk,
                                  int64_t ranks) {
  auto in = cast<RankedTensorType>(input), out = cast<RankedTensorType>(result);
  for (std::optional<int64_t> dim : {grown, shrunk})
    if (dim && (*dim < 0 || *dim >= in.getRank()))
      return op->emitOpError("names dimension ") << *dim << " of " << in;
  SmallVector<int64_t> expected(in.getShape());
  if (grown)
    expected[*grown] *= ranks;
  if (shrunk) {
    if (expected[*shrunk] % ranks)
      return op->emitOpError("splits dimension ")
             << *shrunk << " of size " << expected[*shrunk] << " over " << ranks << " ranks";
    expected[*shrunk] /= ranks;
  }
  RankedTensorType type = in.clone(expected);
  if (type != out)
    return op->emitOpError("makes ")
           << out << " of " << in << " over " << ranks << " ranks; it would be " << type;
  return success();
}

template <typename Op> static LogicalResult verifyBucket(Op op) {
  if (op.getInputs().empty() || op.getInputs().size() != op.getResults().size())
    return op.emitOpError("has ")
           << op.getInputs().size() << " inputs and " << op.getResults().size() << " results";
  return success();
}
template <typename Op> static LogicalResult verifyDims(Op op, bool grows) {
  if (failed(verifyBucket(op)))
    return failure();
  if (op.getDims().size() != op.getInputs().size())
    return op.emitOpError("has ")
           << op.getInputs().size() << " inputs and " << op.getDims().size() << " dimensions";
  FailureOr<int64_t> ranks = groupSize(op, op.getAxes());
  if (failed(ranks))
    return failure();
  for (auto [input, result, dim] :
       llvm::zip_equal(op.getInputs(), op.getResults(), op.getDims())) {
    std::optional<int64_t> grown, shrunk;
    (grows ? grown : shrunk) = dim;
    if (failed(verifyScaled(op, input.getType(), result.getType(), grown, shrunk, *ranks)))
      return failure();
  }
  return success();
}

LogicalResult AllReduceOp::verify() {
  if (failed(verifyBucket(*this)) || failed(groupSize(*this, getAxes())))
    return failure();
  for (auto [input, result] : llvm::zip_equal(getInputs(), getResults()))
    if (input.getType() != result.getType())
      return emitOpError("makes ") << result.getType() << " of " << input.getType();
  return success();
}
LogicalResult AllGatherOp::verify() { return verifyDims(*this, /*grows=*/true); }
LogicalResult ReduceScatterOp::verify() { return verifyDims(*this, /*grows=*/false); }
LogicalResult AllToAllOp::verify() {
  FailureOr<int64_t> ranks = groupSize(*this, getAxes());
  if (failed(ranks))
    return failure();
  if (getSplit() == getConcat())
    return emitOpError("splits and puts together the same dimension ") << getSplit();
  return verifyScaled(*this, getInput().getType(), getResult().getType(), getConcat(),
                      getSplit(), *ranks);
}
LogicalResult SliceOp::verify() {
  FailureOr<int64_t> ranks = groupSize(*this, getAxes());
  if (failed(ranks))
    return failure();
  return verifyScaled(*this, getInput().getType(), getResult().getType(),
                      /*grown=*/std::nullopt, getDim(), *ranks);
}

//===- plans on operations ----------------------------------------------------------------===//

namespace autopar::dist {

std::optional<Mesh> meshOf(Operation *op) {
  for (; op; op = op->getParentOp())
    if (auto mesh = op->getAttrOfType<MeshAttr>(meshAttrName))
      return mesh.mesh();
  return std::nullopt;
}

static ArrayAttr toAttr(MLIRContext *context, ValueRange values, ArrayRef<Spec> specs) {
  SmallVector<Attribute> attrs;
  for (auto [value, spec] : llvm::zip_equal(values, specs))
    attrs.push_back(
        ShardingAttr::get(context, cast<ShapedType>(value.getType()).getRank(), spec));
  return ArrayAttr::get(context, attrs);
}

void setPlan(Operation *op, const Plan &plan) {
  Builder builder(op->getContext());
  op->setAttr(planAttrName,
              builder.getDictionaryAttr(
                  {builder.getNamedAttr(
                       "operands", toAttr(op->getContext(), op->getOperands(), plan.operands)),
                   builder.getNamedAttr(
                       "results", toAttr(op->getContext(), op->getResults(), plan.results)),
                   builder.getNamedAttr(
                       "kept", toAttr(op->getContext(), op->getResults(), plan.kept))}));
}

std::optional<Plan> getPlan(Operation *op) {
  auto dict = op->getAttrOfType<DictionaryAttr>(planAttrName);
  std::optional<Mesh> mesh = meshOf(op);
  if (!dict || !mesh)
    return std::nullopt;
  Plan plan;
  auto read = [&](StringRef name, unsigned size, SmallVector<Spec> &specs) {
    auto list = dict.getAs<ArrayAttr>(name);
    if (!list || list.size() != size)
      return false;
    for (Attribute attr : list) {
      auto sharding = dyn_cast<ShardingAttr>(attr);
      std::optional<Spec> spec = sharding ? sharding.spec(mesh->numAxes()) : std::nullopt;
      if (!spec)
        return false;
      specs.push_back(*spec);
    }
    return true;
  };
  if (!read("operands", op->getNumOperands(), plan.operands) ||
      !read("results", op->getNumResults(), plan.results) ||
      !read("kept", op->getNumResults(), plan.kept))
    return std::nullopt;
  return plan;
}

void setArgumentSpec(Operation *function, unsigned index, Spec spec, int rank) {
  cast<FunctionOpInterface>(function).setArgAttr(
      index, planAttrName, ShardingAttr::get(function->getContext(), rank, spec));
}

std::optional<Spec> getArgumentSpec(Operation *function, unsigned index) {
  auto attr =
      cast<FunctionOpInterface>(function).getArgAttrOfType<ShardingAttr>(index, planAttrName);
  std::optional<Mesh> mesh = meshOf(function);
  if (!attr || !mesh)
    return std::nullopt;
  return attr.spec(mesh->numAxes());
}

} // namespace autopar::dist
