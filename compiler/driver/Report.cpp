// Prints a compilation's decisions. See Report.h.
#include "compiler/driver/Report.h"

#include "compiler/cost/CostModel.h"
#include "compiler/driver/ByteSize.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/Support/FormatVariadic.h"

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
                 "with {5} reserved beside it the process takes {6}\n",
                 formatByteSize(memory.arenaBytes), memory.arenaBytes,
                 formatByteSize(compilation.budget), formatByteSize(memory.largestLiveSet),
                 memory.fragmentation(), formatByteSize(compilation.reserve),
                 formatByteSize(memory.arenaBytes + compilation.reserve));
  out << formatv("  at the peak ({0} in @{1}):", memory.call, memory.function);
  for (const auto &[kind, bytes] : memory.byKind)
    out << formatv(" {0} {1};", rt::stringifyBufferKind(kind), formatByteSize(bytes));
  out << "\n  largest:";
  for (const MemoryReport::Buffer &buffer : llvm::ArrayRef(memory.buffers).take_front(4))
    out << formatv(" {0} ({1})", buffer.name, formatByteSize(buffer.bytes));
  out << "\n";
}

/// CBC is built with assertions, and one may have failed.
void printFault(const std::string &fault, llvm::raw_ostream &out) {
  if (!fault.empty())
    out << "  the solver stopped once, and the search went on without it: " << fault << "\n";
}

/// What was tried, where the first plan did not fit.
void printAttempts(const Compilation &compilation, llvm::raw_ostream &out) {
  const remat::Result &recomputation = compilation.program.recomputation;
  if (!recomputation.sequence.empty()) {
    out << formatv("recomputation: +{0} predicted",
                   milliseconds(secondsOf(recomputation.extraCost)));
    if (recomputation.extraCostBound)
      out << formatv(", at least +{0} in this budget ({1})\n",
                     milliseconds(secondsOf(*recomputation.extraCostBound)),
                     std::string(remat::toString(recomputation.status)));
    else
      out << "; the least that it can be is not known\n";
  }
  printFault(recomputation.fault, out);
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
                   milliseconds(secondsOf(solved.cost)), solved.gap * 100,
                   solved.seconds, sharding.nodes, sharding.strategies, sharding.edges,
                   solved.presolve.freeNodes);
    printFault(solved.fault, out);
  }
}

} // namespace

void printReport(const Compilation &compilation, bool full, llvm::raw_ostream &out) {
  out << formatv("mesh {0} ({1} ranks), device {2}, budget {3} a rank: arena {4} + reserve {5}\n",
                 compilation.mesh.str(), compilation.mesh.numRanks(), compilation.device,
                 formatByteSize(compilation.processBudget()), formatByteSize(compilation.budget),
                 formatByteSize(compilation.reserve));
  printStrategies(compilation, full, out);
  printMoves(compilation, full, out);
  const Prediction &prediction = compilation.program.prediction;
  out << formatv("step: {0} predicted; {1} compute, {2} communication{3}\n",
                 milliseconds(prediction.seconds()), milliseconds(prediction.computeSeconds),
                 milliseconds(prediction.communicationSeconds),
                 prediction.hiddenSeconds > 0
                     ? ", of which " + milliseconds(prediction.hiddenSeconds) + " beside computation"
                     : std::string());
  printAttempts(compilation, out);
  printMemory(compilation, out);
  if (compilation.memoryWorth)
    printWorth(*compilation.memoryWorth, out);
  printSolver(compilation, out);
  out << formatv("passes: {0:f2} s in all\n", compilation.passSeconds);
}

} // namespace autopar
