// Operations of the dist dialect, and the runtime's calls. See Collective.h.
#include "test/unit/programs/Collective.h"

#include "dialects/dist/Dist.h"
#include "dialects/rt/Rt.h"

#include "llvm/ADT/StringSwitch.h"

using namespace mlir;

namespace autopar {

namespace {

enum class Kind { None, AllReduce, AllGather, ReduceScatter, AllToAll, Slice };

Kind kindOf(Operation *op) {
  if (auto call = dyn_cast<rt::CallOp>(op))
    return llvm::StringSwitch<Kind>(call.getCallee())
        .Case("AllReduce", Kind::AllReduce)
        .Case("AllGather", Kind::AllGather)
        .Case("ReduceScatter", Kind::ReduceScatter)
        .Case("AllToAll", Kind::AllToAll)
        .Case("CopySlice", Kind::Slice)
        .Default(Kind::None);
  if (isa<dist::AllReduceOp>(op))
    return Kind::AllReduce;
  if (isa<dist::AllGatherOp>(op))
    return Kind::AllGather;
  if (isa<dist::ReduceScatterOp>(op))
    return Kind::ReduceScatter;
  if (isa<dist::AllToAllOp>(op))
    return Kind::AllToAll;
  return isa<dist::SliceOp>(op) ? Kind::Slice : Kind::None;
}

/// Operations and calls name their fields alike.
DictionaryAttr fieldsOf(Operation *op) {
  auto call = dyn_cast<rt::CallOp>(op);
  return call ? call.getConfig() : op->getAttrDictionary();
}

} // namespace

std::optional<Collective> collectiveOf(Operation *op) {
  const Kind kind = kindOf(op);
  if (kind == Kind::None)
    return std::nullopt;
  DictionaryAttr fields = fieldsOf(op);
  auto integers = [fields](StringRef field) -> SmallVector<int64_t> {
    if (auto narrow = fields.getAs<DenseI32ArrayAttr>(field))
      return SmallVector<int64_t>(narrow.asArrayRef());
    return SmallVector<int64_t>(fields.getAs<DenseI64ArrayAttr>(field).asArrayRef());
  };
  auto integer = [fields](StringRef field) {
    return fields.getAs<IntegerAttr>(field).getInt();
  };
  Collective collective;
  for (int64_t axis : integers("axes"))
    collective.axes.push_back(static_cast<int>(axis));
  using Held = ArrayRef<Tensor>;
  switch (kind) {
  case Kind::AllGather:
    collective.run = [=](int64_t index, Held held, int64_t) {
      return join(held, integers("dims")[index]);
    };
    break;
  case Kind::ReduceScatter:
    collective.run = [=](int64_t index, Held held, int64_t at) {
      return part(sum(held), integers("dims")[index], at, static_cast<int64_t>(held.size()));
    };
    break;
  case Kind::AllToAll:
    collective.run = [=](int64_t, Held held, int64_t at) {
      Tensors received;
      for (const Tensor &sent : held)
        received.push_back(part(sent, integer("split"), at, static_cast<int64_t>(held.size())));
      return join(received, integer("concat"));
    };
    break;
  case Kind::Slice:
    collective.run = [=](int64_t, Held held, int64_t at) {
      return part(held[at], integer("dim"), at, static_cast<int64_t>(held.size()));
    };
    break;
  default:
    collective.run = [](int64_t, Held held, int64_t) { return sum(held); };
  }
  return collective;
}

} // namespace autopar
