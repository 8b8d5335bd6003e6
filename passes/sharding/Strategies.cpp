// Enumerates strategies from sharding rules. See Strategies.h.
#include "passes/sharding/Strategies.h"

#include "dialects/graph/Graph.h"

#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/BuiltinTypes.h"
#include "mlir/IR/TypeUtilities.h"
#include "llvm/Support/raw_ostream.h"

using namespace mlir;

namespace autopar {

int64_t elementBytes(Type type) {
  return (cast<ShapedType>(type).getElementTypeBitWidth() + 7) / 8;
}

int64_t localBytes(Type type, Spec spec, const Mesh &mesh) {
  auto shape = spec.localShape(cast<ShapedType>(type).getShape(), mesh);
  assert(shape && "a plan splits only what divides");
  return ShapedType::getNumElements(*shape) * elementBytes(type);
}

SmallVector<int> wholeDims(ArrayRef<int> factors) {
  SmallVector<int> dims;
  for (auto [dim, factor] : llvm::enumerate(factors))
    if (factor == ShardingRule::whole)
      dims.push_back(dim);
  return dims;
}

/// That of its narrowest operand or result: products round the other factor to it.
static Precision precisionOf(Operation *op) {
  auto ofType = [](Type type) {
    Type element = getElementTypeOrSelf(type);
    return element.isBF16()  ? Precision::BF16
           : element.isF16() ? Precision::F16
                             : Precision::F32;
  };
  for (Type type : llvm::concat<const Type>(op->getOperandTypes(), op->getResultTypes()))
    if (Precision precision = ofType(type); precision != Precision::F32)
      return precision;
  auto module = op->getParentOfType<ModuleOp>();
  return module && module->hasAttr(graph::tf32AttrName) ? Precision::TF32 : Precision::F32;
}

double opSeconds(Operation *op, const CostModel &costs, double bytes, int64_t ways) {
  auto work = dyn_cast<graph::WorkOpInterface>(op);
  if (!work || work.isView())
    return 0;
  return costs.opSeconds(op->getName().stripDialect(), work.getFlops() / ways,
                         bytes * work.getPasses(), precisionOf(op));
}

namespace {

/// One assignment of mesh axes to factors; -1 is none.
using Assignment = SmallVector<int, maxMeshAxes>;

class Enumerator {
public:
  Enumerator(Operation *op, const CostModel &costs)
      : op(op), costs(costs), mesh(costs.mesh()),
        rule(cast<graph::ShardableOpInterface>(op).getShardingRule()) {}

  std::vector<Strategy> all() {
    Assignment assignment(mesh.numAxes(), -1);
    extend(assignment, 0);
    return std::move(strategies);
  }

private:
  void extend(Assignment &assignment, int axis) {
    if (axis == mesh.numAxes()) {
      if (std::optional<Strategy> strategy = make(assignment))
        strategies.push_back(std::move(*strategy));
      return;
    }
    int last = mesh.sizes[axis] == 1 ? -1 : static_cast<int>(rule.factors.size()) - 1;
    for (int factor = -1; factor <= last; ++factor) {
      assignment[axis] = factor;
      extend(assignment, axis + 1);
    }
    assignment[axis] = -1;
  }

  std::optional<Strategy> make(const Assignment &assignment) {
    Strategy strategy;
    int64_t ways = 1;
    for (auto [axis, factor] : llvm::enumerate(assignment))
      if (factor >= 0 && rule.factors[factor].kind != FactorKind::PartialSum)
        ways *= mesh.sizes[axis];
    double bytes = 0;
    auto place = [&](TypeRange types, ArrayRef<SmallVector<int>> dims, bool results,
                     SmallVector<Spec> &specs) {
      for (auto [type, factors] : llvm::zip_equal(types, dims)) {
        Spec spec = specOf(assignment, factors, results);
        if (!spec.localShape(cast<ShapedType>(type).getShape(), mesh))
          return false;
        bytes += localBytes(type, spec, mesh);
        specs.push_back(spec);
      }
      return true;
    };
    if (!place(op->getOperandTypes(), rule.operands, false, strategy.operands) ||
        !place(op->getResultTypes(), rule.results, true, strategy.results) ||
        !dividesFactors(assignment))
      return std::nullopt;
    strategy.seconds = opSeconds(op, costs, bytes, ways);
    strategy.name = nameOf(strategy);
    return strategy;
  }

  /// A factor such as a convolution's groups is smaller than the dimensions it stands on.
  bool dividesFactors(const Assignment &assignment) const {
    SmallVector<int64_t> split(rule.factors.size(), 1);
    for (auto [axis, factor] : llvm::enumerate(assignment))
      if (factor >= 0)
        split[factor] *= mesh.sizes[axis];
    for (auto [factor, ways] : llvm::zip_equal(rule.factors, split))
      if (factor.kind != FactorKind::PartialSum && factor.size % ways)
        return false;
    return true;
  }

  Spec specOf(const Assignment &assignment, ArrayRef<int> dims, bool isResult) const {
    Spec spec = Spec::replicated(mesh.numAxes());
    for (auto [axis, factor] : llvm::enumerate(assignment)) {
      if (factor < 0)
        continue;
      const auto *dim = llvm::find(dims, factor);
      if (dim != dims.end())
        spec = spec.withSplit(axis, dim - dims.begin());
      else if (rule.factors[factor].kind == FactorKind::PartialSum ||
               (isResult && rule.factors[factor].kind == FactorKind::Reduction))
        spec = spec.withUnreduced(axis);
    }
    return spec;
  }

  std::string nameOf(const Strategy &strategy) const {
    std::string name;
    llvm::raw_string_ostream out(name);
    auto list = [&](ArrayRef<Spec> specs, ArrayRef<SmallVector<int>> dims, StringRef between) {
      llvm::interleave(
          llvm::zip_equal(specs, dims), out,
          [&](auto pair) {
            auto [spec, factors] = pair;
            out << spec.str(factors.size(), wholeDims(factors));
          },
          between);
    };
    list(strategy.results, rule.results, ", ");
    if (!strategy.operands.empty()) {
      out << (strategy.results.empty() ? "" : " = ");
      list(strategy.operands, rule.operands, " x ");
    }
    return name;
  }

  Operation *op;
  const CostModel &costs;
  const Mesh &mesh;
  ShardingRule rule;
  std::vector<Strategy> strategies;
};

/// What the strategies of an operation depend on: its kind, attributes and types.
std::string signature(Operation *op) {
  std::string text;
  llvm::raw_string_ostream out(text);
  out << op->getName() << op->getPropertiesAsAttribute();
  llvm::interleaveComma(op->getOperandTypes(), out);
  out << "->";
  llvm::interleaveComma(op->getResultTypes(), out);
  return text;
}

} // namespace

const std::vector<Strategy> &StrategyTable::of(Operation *op) {
  auto [entry, isNew] = known.try_emplace(signature(op));
  if (isNew)
    entry->second = Enumerator(op, costs).all();
  return entry->second;
}

} // namespace autopar
