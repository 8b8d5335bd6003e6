// Prints and saves a compilation's decisions. See Report.h.
#include "compiler/driver/Report.h"

#include "compiler/driver/ByteSize.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/Support/FileUtilities.h"
#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/JSON.h"

using llvm::formatv;

namespace autopar {
namespace {

/// How many lines of a kind the short report has.
constexpr size_t shortList = 12;

std::string microseconds(double seconds) { return formatv("{0:f1} us", seconds * 1e6).str(); }

std::string milliseconds(double seconds) { return formatv("{0:f3} ms", seconds * 1e3).str(); }

/// The moves of data, dearest first.
std::vector<const PredictedOp *> movesOf(const Prediction &prediction) {
  std::vector<const PredictedOp *> moves;
  for (const PredictedOp &op : prediction.ops)
    if (op.movesData)
      moves.push_back(&op);
  llvm::stable_sort(moves, [](const PredictedOp *a, const PredictedOp *b) {
    return a->seconds > b->seconds;
  });
  return moves;
}

double objectiveSeconds(ilp::Int128 cost) { return static_cast<double>(cost) / 1e9; }

void printStrategies(const Compilation &compilation, bool full, llvm::raw_ostream &out) {
  if (compilation.program.shardings.empty())
    return;
  llvm::StringMap<const PredictedOp *> predicted;
  for (const PredictedOp &op : compilation.program.prediction.ops)
    predicted[op.name] = &op;
  // Most of the work is in few kinds of operations; the others follow them.
  double most = 0;
  for (const PredictedOp &op : compilation.program.prediction.ops)
    most = std::max(most, op.flops);
  size_t width = 8;
  std::vector<std::pair<llvm::StringRef, llvm::StringRef>> lines;
  for (const auto &[name, strategy] : compilation.program.shardings.front().plan) {
    const PredictedOp *op = predicted.lookup(name);
    if (!full && (!op || op->flops < most / 100))
      continue;
    lines.emplace_back(name, strategy);
    width = std::max(width, name.size());
  }
  out << "strategies" << (full ? "" : " of the largest operations (all with --verbose)")
      << "\n";
  for (auto [name, strategy] : lines) {
    const PredictedOp *op = predicted.lookup(name);
    out << "  " << llvm::left_justify(name, width) << "  " << llvm::left_justify(strategy, 28)
        << "  " << (op ? microseconds(op->seconds) : "") << "\n";
  }
}

void printMoves(const Compilation &compilation, bool full, llvm::raw_ostream &out) {
  std::vector<const PredictedOp *> moves = movesOf(compilation.program.prediction);
  size_t shown = full ? moves.size() : std::min(moves.size(), shortList);
  if (moves.empty()) {
    out << "no data moves between ranks\n";
    return;
  }
  out << formatv("moves of data: {0}{1}\n", moves.size(),
                 shown < moves.size() ? formatv(", the {0} dearest", shown).str() : "");
  for (const PredictedOp *op : llvm::ArrayRef(moves).take_front(shown))
    out << formatv("  {0,-44}  {1,-14} over {2,-3}  {3,12}  {4,12}\n", op->name, op->kind,
                   op->axes, formatByteSize(op->bytes), microseconds(op->seconds));
}

void printMemory(const Compilation &compilation, llvm::raw_ostream &out) {
  const MemoryReport &memory = compilation.program.memory;
  out << formatv("memory: arena {0} ({1} bytes) of {2}; largest live set {3}, ratio {4:f4}; "
                 "libraries take up to {5} beside it\n",
                 formatByteSize(memory.arenaBytes), memory.arenaBytes,
                 formatByteSize(compilation.budget), formatByteSize(memory.largestLiveSet),
                 memory.fragmentation(), formatByteSize(compilation.reserve));
  out << formatv("  at the peak ({0} in @{1}):", memory.call, memory.function);
  for (const auto &[kind, bytes] : memory.byKind)
    out << formatv(" {0} {1};", rt::stringifyBufferKind(kind), formatByteSize(bytes));
  out << "\n  largest:";
  for (const MemoryReport::Buffer &buffer : llvm::ArrayRef(memory.buffers).take_front(4))
    out << formatv(" {0} ({1})", buffer.name, formatByteSize(buffer.bytes));
  out << "\n";
}

/// What was tried, where the first plan did not fit.
void printAttempts(const Compilation &compilation, llvm::raw_ostream &out) {
  const remat::Result &recomputation = compilation.program.recomputation;
  if (!recomputation.sequence.empty())
    out << formatv("recomputation: +{0} predicted, at least +{1} for these bytes ({2})\n",
                   milliseconds(recomputation.extraCost / 1e9),
                   milliseconds(recomputation.extraCostBound / 1e9),
                   std::string(remat::toString(recomputation.status)));
  if (compilation.attempts.size() < 2)
    return;
  auto size = [](int64_t bytes) { return bytes ? formatByteSize(bytes) : "all"; };
  out << "tried: sharding's bytes, activations' bytes, arena, step\n";
  for (const Attempt &attempt : compilation.attempts)
    out << formatv("  {0,12} {1,12} {2,12} {3,14}{4}\n", size(attempt.shardingLimit),
                   size(attempt.activations), formatByteSize(attempt.arenaBytes),
                   milliseconds(attempt.seconds),
                   attempt.arenaBytes > compilation.budget ? "  too large"
                   : attempt.isKept                        ? "  kept"
                                                           : "");
}

void printSolver(const Compilation &compilation, llvm::raw_ostream &out) {
  for (const FunctionSharding &sharding : compilation.program.shardings) {
    const ilp::SolveResult &solved = sharding.result;
    out << formatv("solver: @{0} {1}, objective {2}, gap {3:f4} %, {4:f2} s; {5} nodes, {6} "
                   "strategies, {7} edges; {8} nodes left by presolve\n",
                   sharding.function, ilp::toString(solved.status),
                   milliseconds(objectiveSeconds(solved.cost)), solved.gap * 100,
                   solved.seconds, sharding.nodes, sharding.strategies, sharding.edges,
                   solved.presolve.freeNodes);
  }
}

void writeSharding(llvm::json::OStream &json, const FunctionSharding &sharding) {
  const ilp::SolveResult &solved = sharding.result;
  json.object([&] {
    json.attribute("function", sharding.function);
    json.attribute("status", ilp::toString(solved.status));
    json.attribute("objective_seconds", objectiveSeconds(solved.cost));
    json.attribute("lower_bound_seconds", objectiveSeconds(solved.lowerBound));
    json.attribute("gap", solved.gap);
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

} // namespace

void printReport(const Compilation &compilation, bool full, llvm::raw_ostream &out) {
  out << formatv("mesh {0} ({1} ranks), device {2}, budget {3} a rank\n",
                 compilation.mesh.str(), compilation.mesh.numRanks(), compilation.device,
                 formatByteSize(compilation.budget));
  printStrategies(compilation, full, out);
  printMoves(compilation, full, out);
  const Prediction &prediction = compilation.program.prediction;
  out << formatv("step: {0} predicted; {1} compute, {2} communication\n",
                 milliseconds(prediction.seconds()), milliseconds(prediction.computeSeconds),
                 milliseconds(prediction.communicationSeconds));
  printAttempts(compilation, out);
  printMemory(compilation, out);
  printSolver(compilation, out);
  out << formatv("passes: {0:f2} s in all\n", compilation.passSeconds);
}

llvm::Error writeReport(const Compilation &compilation, llvm::StringRef path) {
  return llvm::writeToOutput(path, [&](llvm::raw_ostream &out) {
    llvm::json::OStream json(out, 2);
    json.object([&] {
      json.attribute("mesh", compilation.mesh.str());
      json.attribute("device", compilation.device);
      json.attribute("budget_bytes", compilation.budget);
      json.attribute("reserve_bytes", compilation.reserve);
      json.attributeObject("step_seconds", [&] {
        json.attribute("total", compilation.program.prediction.seconds());
        json.attribute("compute", compilation.program.prediction.computeSeconds);
        json.attribute("communication", compilation.program.prediction.communicationSeconds);
      });
      json.attributeArray("functions", [&] {
        for (const FunctionSharding &sharding : compilation.program.shardings)
          writeSharding(json, sharding);
      });
      json.attributeArray("operations", [&] {
        for (const PredictedOp &op : compilation.program.prediction.ops)
          json.object([&] {
            json.attribute("name", op.name);
            json.attribute("kind", op.kind);
            if (op.movesData)
              json.attribute("axes", op.axes);
            else
              json.attribute("flops", op.flops);
            json.attribute("bytes", op.bytes);
            json.attribute("seconds", op.seconds);
          });
      });
      json.attributeObject("memory", [&] {
        const MemoryReport &memory = compilation.program.memory;
        json.attribute("arena_bytes", memory.arenaBytes);
        json.attribute("largest_live_set_bytes", memory.largestLiveSet);
        json.attribute("peak_function", memory.function);
        json.attribute("peak_call", memory.call);
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
      json.attributeArray("attempts", [&] {
        for (const Attempt &attempt : compilation.attempts)
          json.object([&] {
            json.attribute("sharding_limit_bytes", attempt.shardingLimit);
            json.attribute("activation_bytes", attempt.activations);
            json.attribute("arena_bytes", attempt.arenaBytes);
            json.attribute("step_seconds", attempt.seconds);
            json.attribute("kept", attempt.isKept);
          });
      });
      json.attribute("pass_seconds", compilation.passSeconds);
    });
    out << '\n';
    return llvm::Error::success();
  });
}

} // namespace autopar
