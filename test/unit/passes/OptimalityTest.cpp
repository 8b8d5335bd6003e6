// On graphs small enough, what the pass chooses is as cheap as the cheapest of all
// combinations, priced here from Strategies and Resharder alone: the problem's construction and
// the solver's answer are both on trial, with and without a memory limit.
#include "compiler/cost/Resharding.h"
#include "passes/lowering/calls/InPlace.h"
#include "passes/sharding/SolveSharding.h"
#include "passes/sharding/Strategies.h"
#include "test/unit/programs/Programs.h"

#include "mlir/IR/Diagnostics.h"
#include "mlir/Pass/PassManager.h"
#include "llvm/Support/FormatVariadic.h"
#include "gtest/gtest.h"

using namespace autopar;
using namespace mlir;

namespace {

/// Whole nanoseconds, as the problem counts.
int64_t nanoseconds(double seconds) { return std::llround(seconds * 1e9); }

/// Tries everything. A value lies as it is made; where it is an argument, a variable or a
/// possible partial sum that several read, it is kept as one Spec that all of them start from.
class BruteForce {
public:
  BruteForce(func::FuncOp function, const CostModel &costs)
      : function(function), resharder(costs), table(resharder.costs()), mesh(costs.mesh()) {
    for (BlockArgument argument : function.getArguments())
      places.push_back({argument, {}, batchSpecs(argument)});
    for (Operation &op : function.front()) {
      clock[&op] = end++;
      if (isa<graph::AssignOp, func::ReturnOp>(op))
        continue;
      places.push_back({nullptr, &op, {}});
      for (Value value : op.getResults())
        if (isKept(value))
          places.push_back({value, {}, keptSpecs(value)});
      if (isa<graph::VariableOp>(op))
        variables[cast<graph::VariableOp>(op).getName()] = op.getResult(0);
    }
    choose(0, 0);
  }

  /// The cheapest cost for each peak that any combination has.
  std::map<int64_t, int64_t> cheapest;
  int64_t combinations = 0;

  /// Least cost within `limit` bytes; none where nothing fits.
  std::optional<int64_t> within(int64_t limit) const {
    std::optional<int64_t> best;
    for (auto [peak, cost] : cheapest)
      if (peak <= limit && (!best || cost < *best))
        best = cost;
    return best;
  }

private:
  /// A choice: how an operation is split, or what a value is kept as.
  struct Place {
    Value value;
    Operation *op;
    std::vector<Spec> specs;
  };

  static ArrayRef<int64_t> shapeOf(Value value) { return graph::shapeOf(value); }

  std::vector<Spec> batchSpecs(Value value) {
    std::vector<Spec> specs;
    for (Spec spec : enumerateSpecs(shapeOf(value), mesh, /*unreduced=*/false))
      if (llvm::all_of(llvm::seq(1, int(shapeOf(value).size())),
                       [&](int dim) { return spec.splitAxes(dim).empty(); }))
        specs.push_back(spec);
    return specs;
  }
  bool isKept(Value value) {
    if (!value.hasNUsesOrMore(2))
      return false;
    Operation *op = value.getDefiningOp();
    return isa<graph::VariableOp>(op) || llvm::any_of(table.of(op), [&](const Strategy &s) {
             return s.results[cast<OpResult>(value).getResultNumber()].hasUnreduced();
           });
  }
  std::vector<Spec> keptSpecs(Value value) {
    auto specs = enumerateSpecs(shapeOf(value), mesh, /*unreduced=*/true);
    return {specs.begin(), specs.end()};
  }

  /// Nanoseconds from one Spec to another; negative where there is no way.
  int64_t move(Value value, Spec from, Spec to) {
    auto [known, isNew] = moves.try_emplace({value.getAsOpaquePointer(), from, to});
    if (isNew) {
      int64_t price =
          resharder.picoseconds(shapeOf(value), elementBytes(value.getType()), from, to);
      known->second = price == neverPicoseconds ? -1 : (price + 500) / 1000;
    }
    return known->second;
  }

  /// Where readers find `value`.
  Spec found(Value value) {
    auto spec = kept.find(value);
    return spec != kept.end() ? spec->second : made.find(value)->second;
  }

  void choose(size_t i, int64_t cost) {
    if (i == places.size())
      return finish(cost);
    const Place &place = places[i];
    if (!place.op) {
      for (Spec spec : place.specs) {
        int64_t price = 0;
        if (place.value.getDefiningOp())
          price = move(place.value, made.find(place.value)->second, spec);
        if (price < 0)
          continue;
        kept[place.value] = spec;
        choose(i + 1, cost + price);
      }
      return;
    }
    for (const Strategy &strategy : table.of(place.op)) {
      int64_t price = nanoseconds(strategy.seconds);
      bool possible = true;
      for (auto [operand, spec] : llvm::zip_equal(place.op->getOperands(), strategy.operands)) {
        int64_t moved = move(operand, found(operand), spec);
        possible &= moved >= 0;
        price += moved;
      }
      if (!possible)
        continue;
      for (auto [result, spec] : llvm::zip_equal(place.op->getResults(), strategy.results))
        made[result] = spec;
      choose(i + 1, cost + price);
    }
  }

  /// Assignments put values where variables lie; results are handed over whole.
  void finish(int64_t cost) {
    for (Operation &op : function.front()) {
      if (auto assign = dyn_cast<graph::AssignOp>(op)) {
        Value variable = variables.lookup(assign.getName());
        cost += move(assign.getValue(), found(assign.getValue()), made[variable]);
      } else if (isa<func::ReturnOp>(op)) {
        for (Value value : op.getOperands()) {
          int64_t moved = move(value, found(value), Spec::replicated(mesh.numAxes()));
          cost += moved;
        }
      }
    }
    ++combinations;
    auto [best, isNew] = cheapest.try_emplace(peak(), cost);
    best->second = std::min(best->second, cost);
  }

  int64_t peak() {
    std::vector<int64_t> live(end, 0);
    auto hold = [&](Value value, Spec spec, int64_t from, int64_t until) {
      for (int64_t t = from; t < until; ++t)
        live[t] += localBytes(value.getType(), spec, mesh);
    };
    auto lastUse = [&](Value value) {
      int64_t last = 0;
      for (Operation *user : value.getUsers())
        last = std::max(last, clock.lookup(user) + 1);
      return last;
    };
    // A variable's next value is not counted beside the variable.
    auto isInVariable = [&](Value value) {
      auto work = dyn_cast<graph::WorkOpInterface>(value.getDefiningOp());
      return work && !value.use_empty() &&
             llvm::all_of(value.getUsers(), llvm::IsaPred<graph::AssignOp>) &&
             llvm::any_of(work->getOpOperands(), [&](OpOperand &operand) {
               return lowering::worksInPlace(work, operand.getOperandNumber()) &&
                      operand.get().getDefiningOp<graph::VariableOp>();
             });
    };
    // Another result that takes a dying operand's place is counted there only once.
    for (Operation &op : function.front())
      if (!llvm::all_of(op.getResults(), isInVariable))
        for (OpOperand &operand : op.getOpOperands()) {
          Value value = operand.get();
          if (!lowering::worksInPlace(&op, operand.getOperandNumber()) ||
              value.getDefiningOp<graph::VariableOp>() || lastUse(value) != clock[&op] + 1)
            continue;
          auto spec = kept.find(value);
          live[clock[&op]] -= localBytes(
              value.getType(), spec == kept.end() ? made[value] : spec->second, mesh);
          break;
        }
    for (BlockArgument argument : function.getArguments())
      hold(argument, kept[argument], 0, lastUse(argument));
    for (Operation &op : function.front())
      for (Value value : op.getResults()) {
        int64_t at = clock.lookup(&op);
        if (isInVariable(value))
          continue;
        if (isa<graph::VariableOp>(op)) {
          hold(value, made[value], 0, end);
          // Kept otherwise than stored, it is a copy.
          if (auto spec = kept.find(value); spec != kept.end() && spec->second != made[value])
            hold(value, spec->second, at, lastUse(value));
        } else if (auto spec = kept.find(value); spec != kept.end()) {
          hold(value, made[value], at, at + 1);
          hold(value, spec->second, at, lastUse(value));
        } else {
          hold(value, made[value], at, std::max(lastUse(value), at + 1));
        }
      }
    return *llvm::max_element(live);
  }

  func::FuncOp function;
  Resharder resharder;
  StrategyTable table;
  Mesh mesh;
  std::vector<Place> places;
  llvm::DenseMap<Operation *, int64_t> clock;
  int64_t end = 0;
  llvm::StringMap<Value> variables;
  llvm::DenseMap<Value, Spec> made, kept;
  std::map<std::tuple<const void *, Spec, Spec>, int64_t> moves;
};

/// A linear layer and its loss, large enough that splitting pays.
std::string linear(int64_t batch, int64_t width, int64_t classes) {
  return llvm::formatv(R"(
    module attributes {{graph.optimizer = #graph.sgd<learning_rate = 0.1>} {{
      func.func @model(%x: tensor<{0}x{1}xf32> {{graph.input = "x"}, %labels: tensor<{0}xi32> {{graph.input = "labels"})
          -> (tensor<f32> {{graph.output = "loss"}) {{
        %w = graph.variable parameter "w" : tensor<{2}x{1}xf32> = #graph.normal<1.0>
        %y = graph.linear %x, %w : (tensor<{0}x{1}xf32>, tensor<{2}x{1}xf32>) -> tensor<{0}x{2}xf32> loc("y")
        %loss = graph.softmax_cross_entropy %y, %labels {{count = {0} : i64}
              : (tensor<{0}x{2}xf32>, tensor<{0}xi32>) -> tensor<f32> loc("loss")
        return %loss : tensor<f32>
      }
    })",
                       batch, width, classes);
}

/// Two of them, to be evaluated only.
std::string twoLinear(int64_t batch, int64_t width, int64_t hidden, int64_t classes) {
  return llvm::formatv(R"(
    module {{
      func.func @evaluate(%x: tensor<{0}x{1}xf32> {{graph.input = "x"}, %labels: tensor<{0}xi32> {{graph.input = "labels"})
          -> (tensor<f32> {{graph.output = "loss"}, tensor<f32> {{graph.output = "correct"}) {{
        %w1 = graph.variable parameter "w1" : tensor<{2}x{1}xf32> = #graph.normal<1.0>
        %h = graph.linear %x, %w1 : (tensor<{0}x{1}xf32>, tensor<{2}x{1}xf32>) -> tensor<{0}x{2}xf32> loc("h")
        %w2 = graph.variable parameter "w2" : tensor<{3}x{2}xf32> = #graph.normal<1.0>
        %y = graph.linear %h, %w2 : (tensor<{0}x{2}xf32>, tensor<{3}x{2}xf32>) -> tensor<{0}x{3}xf32> loc("y")
        %loss = graph.softmax_cross_entropy %y, %labels {{count = {0} : i64}
              : (tensor<{0}x{3}xf32>, tensor<{0}xi32>) -> tensor<f32> loc("loss")
        %correct = graph.count_correct %y, %labels : (tensor<{0}x{3}xf32>, tensor<{0}xi32>) -> tensor<f32> loc("correct")
        return %loss, %correct : tensor<f32>, tensor<f32>
      }
    })",
                       batch, width, hidden, classes);
}

/// Solves `function` under each limit at which brute force finds another answer, and under one
/// that nothing fits.
void compare(ModuleOp module, StringRef name, const char *meshText, const char *device) {
  SCOPED_TRACE(std::string(meshText) + " " + device);
  Mesh mesh = llvm::cantFail(Mesh::parse(meshText));
  CostModel costs =
      llvm::cantFail(CostModel::create(mesh, llvm::cantFail(DeviceModel::load(device))));
  BruteForce all(function(module, name), costs);
  ASSERT_GT(all.combinations, 10);

  auto solve = [&](int64_t limit, std::string &error) -> std::optional<ilp::SolveResult> {
    ScopedDiagnosticHandler handler(&context(), [&](Diagnostic &diagnostic) {
      if (diagnostic.getSeverity() == DiagnosticSeverity::Error)
        error = diagnostic.str();
    });
    SolveShardingOptions options;
    options.mesh = meshText;
    options.device = device;
    options.memoryLimit = limit;
    std::vector<FunctionSharding> report;
    Module copy(cast<ModuleOp>(module->clone()));
    PassManager manager(&context());
    manager.addPass(createSolveSharding(options, &report));
    if (failed(manager.run(*copy)))
      return std::nullopt;
    return report.front().result;
  };

  // Peaks at which a tighter limit costs more: one step of a staircase each.
  std::vector<int64_t> limits{int64_t(1) << 50};
  std::optional<int64_t> last;
  for (auto [peak, cost] : all.cheapest)
    if (!last || cost < *last) {
      limits.push_back(peak);
      last = cost;
    }
  for (int64_t limit : limits) {
    std::string error;
    std::optional<ilp::SolveResult> solved = solve(limit, error);
    ASSERT_TRUE(solved) << error;
    EXPECT_EQ(solved->status, ilp::Status::Optimal);
    EXPECT_EQ(static_cast<int64_t>(solved->cost), *all.within(limit)) << "limit " << limit;
    EXPECT_LE(static_cast<int64_t>(solved->peak), limit);
  }
  std::string error;
  EXPECT_FALSE(solve(all.cheapest.begin()->first - 1, error));
  EXPECT_NE(error.find("no sharding fits"), std::string::npos) << error;
}

TEST(SolveSharding, isAsCheapAsBruteForceOnATrainingStep) {
  compare(*trainingStep(linear(4096, 4096, 4096)), stepFunctionName, "2", "h100-sxm");
  compare(*trainingStep(linear(16, 8192, 1024)), stepFunctionName, "1x4", "h100-sxm");
  // No axis divides the batch.
  compare(*trainingStep(linear(3, 1000, 10)), stepFunctionName, "2", "cpu");
}

TEST(SolveSharding, isAsCheapAsBruteForceOnAnEvaluation) {
  for (auto [batch, width, hidden, classes] :
       {std::tuple(4096, 1024, 4096, 1024), std::tuple(2, 8192, 8192, 1000)}) {
    Module module = parse(twoLinear(batch, width, hidden, classes));
    for (const char *mesh : {"2", "1x8"})
      compare(*module, evaluateFunctionName, mesh, "h100-sxm");
  }
}

TEST(SolveSharding, isAsCheapAsBruteForceOnTwoAxes) {
  // Partial sums over one axis or both, read by two.
  Module module = parse(R"(
    func.func @evaluate(%x: tensor<1024x2048xf32> {graph.input = "x"}) -> tensor<1024x512xf32> {
      %w = graph.variable parameter "w" : tensor<512x2048xf32> = #graph.normal<1.0>
      %y = graph.linear %x, %w : (tensor<1024x2048xf32>, tensor<512x2048xf32>) -> tensor<1024x512xf32> loc("y")
      %z = graph.add %y, %y : (tensor<1024x512xf32>, tensor<1024x512xf32>) -> tensor<1024x512xf32> loc("z")
      return %z : tensor<1024x512xf32>
    })");
  compare(*module, evaluateFunctionName, "2x2", "h100-sxm");
}

} // namespace
