// See PlanJson.h.
#include "compiler/report/PlanJson.h"

#include "compiler/cost/CostModel.h"
#include "compiler/json/Json.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "llvm/ADT/StringSet.h"
#include "llvm/Support/MathExtras.h"

using namespace mlir;

namespace autopar {
namespace {

class PlanWriter {
public:
  PlanWriter(const Compilation &compilation, const ReportNames &names, llvm::raw_ostream &out)
      : compilation(compilation), program(compilation.program), names(names), json(out, 2) {}

  void write() {
    json.object([&] {
      json.attribute("model", names.model);
      json.attribute("command", names.command);
      json.attribute("mesh", compilation.mesh.str());
      json.attribute("device", compilation.device);
      json.attribute("budget_bytes", compilation.processBudget());
      json.attribute("arena_budget_bytes", compilation.budget);
      json.attribute("reserve_bytes", compilation.reserve);
      json.attribute("reserve_source", compilation.reserveSource);
      json.attributeObject("step_seconds", [&] {
        json.attribute("total", finiteOrNull(program.prediction.seconds()));
        json.attribute("compute", finiteOrNull(program.prediction.computeSeconds));
        json.attribute("communication", finiteOrNull(program.prediction.communicationSeconds));
        json.attribute("hidden", finiteOrNull(program.prediction.hiddenSeconds));
      });
      json.attributeArray("functions", [&] {
        for (const FunctionSharding &sharding : program.shardings)
          writeSharding(sharding);
      });
      writeOperations();
      writeMemory();
      writeMemoryWorth();
      writeStep();
      writeRecomputation();
      writeAttempts();
      json.attribute("pass_seconds", compilation.passSeconds);
    });
  }

private:

  void writeSharding(const FunctionSharding &sharding) {
    const ilp::SolveResult &solved = sharding.result;
    json.object([&] {
      json.attribute("function", sharding.function);
      json.attribute("status", ilp::toString(solved.status));
      json.attribute("objective_seconds", secondsOf(solved.cost));
      json.attribute("lower_bound_seconds", secondsOf(solved.lowerBound));
      json.attribute("gap", finiteOrNull(solved.gap));
      json.attribute("solver_seconds", solved.seconds);
      json.attribute("nodes", int64_t(sharding.nodes));
      json.attribute("strategies", int64_t(sharding.strategies));
      json.attribute("edges", int64_t(sharding.edges));
      json.attribute("nodes_after_presolve", solved.presolve.freeNodes);
      json.attributeObject("plan", [&] {
        for (const auto &[name, strategy] : sharding.plan)
          json.attribute(name, strategy);
      });
    });
  }

  void writeOperations() {
    json.attributeArray("operations", [&] {
      for (const PredictedOp &op : program.prediction.ops)
        json.object([&] {
          json.attribute("name", op.name);
          json.attribute("kind", op.kind);
          if (op.movesData)
            json.attribute("axes", op.axes);
          else
            json.attribute("flops", finiteOrNull(op.flops));
          json.attribute("bytes", finiteOrNull(op.bytes));
          json.attribute("begin", finiteOrNull(op.begin));
          json.attribute("seconds", finiteOrNull(op.seconds));
        });
    });
  }

  void writeMemory() {
    const MemoryReport &memory = program.memory;
    json.attributeObject("memory", [&] {
      json.attribute("arena_bytes", memory.arenaBytes);
      json.attribute("largest_live_set_bytes", memory.largestLiveSet);
      json.attribute("peak_function", memory.function);
      json.attribute("peak_call", memory.call);
      json.attribute("peak_call_index", memory.callIndex);
      json.attributeObject("peak_by_kind", [&] {
        for (const auto &[kind, bytes] : memory.byKind)
          json.attribute(rt::stringifyBufferKind(kind), bytes);
      });
      json.attributeArray("peak_buffers", [&] {
        for (const MemoryReport::Buffer &buffer : memory.buffers)
          json.object([&] {
            json.attribute("name", buffer.name);
            json.attribute("kind", rt::stringifyBufferKind(buffer.kind));
            json.attribute("bytes", buffer.bytes);
          });
      });
    });
  }

  void writeMemoryWorth() {
    if (!compilation.memoryWorth)
      return;
    const MemoryWorth &worth = *compilation.memoryWorth;
    json.attributeObject("sharding_memory", [&] {
      if (worth.least) {
        json.attribute("least_bytes", int64_t(worth.least->bytes));
        json.attribute("least_is_proven", worth.least->proven);
      }
      json.attribute("fastest_fits", !worth.price);
      if (!worth.price)
        return;
      json.attribute("step_bytes", worth.step);
      for (auto [name, point] : {std::pair("step_less", &worth.price->less),
                                 std::pair("at_budget", &worth.price->here),
                                 std::pair("step_more", &worth.price->more)})
        if (!point->solution.empty())
          json.attributeObject(name, [&, point = point] {
            json.attribute("limit_bytes", point->limit);
            json.attribute("objective_seconds", secondsOf(point->cost));
            json.attribute("lower_bound_seconds", secondsOf(point->lowerBound));
          });
    });
  }

  /// The step's calls in order, and where and when its buffers are.
  void writeStep() {
    ModuleOp module = *program.module;
    auto step = module.lookupSymbol<func::FuncOp>(stepFunctionName);
    int64_t calls = 0;
    json.attributeArray("calls", [&] {
      for (rt::CallOp call : step.getOps<rt::CallOp>()) {
        json.value(nameOf(call.getOperation()));
        ++calls;
      }
    });
    json.attributeArray("buffers", [&] {
      llvm::StringSet<> variables;
      module.walk([&](rt::SliceOp slice) {
        // A variable is one buffer, whichever functions read it.
        if (slice.isVariable() && !slice.getUpdates() &&
            variables.insert(slice.getName()).second)
          writeBuffer(slice, 0, calls + 1);
      });
      for (rt::SliceOp slice : step.getOps<rt::SliceOp>())
        if (!slice.isVariable())
          writeBuffer(slice, slice.getBegin(), slice.getEnd());
    });
  }

  void writeBuffer(rt::SliceOp slice, int64_t begin, int64_t end) {
    json.object([&] {
      json.attribute("name", slice.getName());
      json.attribute("kind", rt::stringifyBufferKind(slice.getKind()));
      json.attribute("bytes", slice.getRoundedBytes());
      json.attribute("offset", int64_t(slice.getOffset()));
      json.attribute("begin", begin);
      json.attribute("end", end);
    });
  }

  void writeRecomputation() {
    const remat::Result &solved = program.recomputation;
    if (solved.sequence.empty())
      return;
    json.attributeObject("recomputation", [&] {
      json.attribute("status", llvm::StringRef(remat::toString(solved.status)));
      json.attribute("extra_seconds", secondsOf(solved.extraCost));
      if (solved.extraCostBound)
        json.attribute("extra_seconds_bound", secondsOf(*solved.extraCostBound));
      else
        json.attribute("extra_seconds_bound", nullptr);
      json.attribute("solver_seconds", solved.seconds);
      json.attribute("found_by", solved.foundBy);
    });
  }

  void writeAttempts() {
    json.attributeArray("attempts", [&] {
      for (const Attempt &attempt : compilation.attempts)
        json.object([&] {
          json.attribute("sharding_limit_bytes", attempt.shardingLimit);
          json.attribute("activation_bytes", attempt.activations);
          json.attribute("arena_bytes", attempt.arenaBytes);
          json.attribute("step_seconds", finiteOrNull(attempt.seconds));
          json.attribute("kept", attempt.isKept);
        });
    });
  }

  const Compilation &compilation;
  const PlannedProgram &program;
  const ReportNames &names;
  llvm::json::OStream json;
};

} // namespace

void writePlanJson(const Compilation &compilation, const ReportNames &names,
                   llvm::raw_ostream &out) {
  PlanWriter(compilation, names, out).write();
  out << '\n';
}

} // namespace autopar
