// Solves recomputation on a graph from a file: the solver as a tool, so that
// it can be measured on the public graphs (Checkmate's, as Moccasin publishes
// them).
//
//   autopar-remat-solve GRAPH.json --budget 0.6 --time-limit 10 --json
//
// prints one JSON object; extra time and its lower bound are shares of the
// whole graph's time. --schedule-out FILE writes the order of execution as
// node ids, one a line; --live-out FILE writes as CSV what is alive while each
// of them runs (scripts/plot-memory.py draws it). Exit code 1 when no schedule that fits was found.

#include "compiler/solvers/remat/Solver.h"

#include "autopar/core/OutputFile.h"
#include "autopar/core/OutputPaths.h"

#include <nlohmann/json.hpp>

#include <array>
#include <charconv>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <iostream>
#include <limits>
#include <sstream>

using namespace autopar::remat;

namespace {

const char *const usage =
    "usage: autopar-remat-solve GRAPH.json --budget SHARE|BYTES [--method auto]\n"
    "         [--time-limit SECONDS=60] [--gap SHARE=1e-6] [--json] [--schedule-out FILE]\n"
    "         [--live-out FILE] [--progress]\n"
    "budget: with a point a share of the peak without recomputation, else bytes\n"
    "method: none, all, sqrt, chain, optimal, auto\n";

[[noreturn]] void fail(const std::string &message) {
  std::cerr << "error: " << message << "\n";
  std::exit(1);
}

double parseNumber(const std::string &text, const std::string &what) {
  double value = 0;
  auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size() || !(value >= 0 && value < 9e18))
    fail(what + " is '" + text + "', expected a number from 0");
  return value;
}

void writeText(const std::string &path, const std::string &text) {
  try {
    autopar::writeFile(path, text);
  } catch (const std::exception &error) {
    fail(error.what());
  }
}

/// A line for each operation that runs: when it starts and how long it takes,
/// in the graph's unit, the bytes alive meanwhile, which run of it this is.
void writeLive(const std::string &path, const Problem &problem, const Sequence &sequence) {
  std::ostringstream file;
  file << "start,cost,bytes,run,backward,operation\n";
  Simulation simulation = simulate(problem, sequence);
  std::vector<int> runs(problem.size(), 0);
  int64_t start = 0;
  for (size_t at = 0; at < sequence.size(); ++at) {
    const Operation &operation = problem.operations[sequence[at]];
    file << start << "," << operation.cost << "," << simulation.live[at] << ","
         << ++runs[sequence[at]] << "," << operation.backward << ",\"" << operation.name << "\"\n";
    start += operation.cost;
  }
  writeText(path, file.str());
}

} // namespace

int main(int argc, char **argv) {
  std::string input, budgetText, schedulePath, livePath;
  SolveOptions options;
  bool json = false;
  for (int i = 1; i < argc; ++i) {
    std::string argument = argv[i];
    auto value = [&]() -> std::string {
      if (++i == argc)
        fail(argument + " needs a value\n" + usage);
      return argv[i];
    };
    if (argument == "--help") {
      std::cout << usage;
      return 0;
    }
    if (argument == "--budget") {
      budgetText = value();
    } else if (argument == "--method") {
      std::string name = value();
      auto method = parseMethod(name);
      if (!method)
        fail("no method '" + name + "'\n" + usage);
      options.method = *method;
    } else if (argument == "--time-limit") {
      options.timeLimitSeconds = parseNumber(value(), argument);
    } else if (argument == "--gap") {
      options.gap = parseNumber(value(), argument);
    } else if (argument == "--json") {
      json = true;
    } else if (argument == "--schedule-out") {
      schedulePath = value();
    } else if (argument == "--live-out") {
      livePath = value();
    } else if (argument == "--progress") {
      options.onProgress = [](const std::string &line) { std::cerr << line << "\n"; };
    } else if (argument.starts_with("-") || !input.empty()) {
      fail("unexpected argument '" + argument + "'\n" + usage);
    } else {
      input = argument;
    }
  }
  if (input.empty() || budgetText.empty())
    fail(std::string(input.empty() ? "no graph" : "no --budget") + "\n" + usage);
  try {
    autopar::requireOutputs(std::array{autopar::OutputPath{"--schedule-out", schedulePath},
                                       autopar::OutputPath{"--live-out", livePath}},
                            std::array{autopar::InputPath{"the graph", input}});
  } catch (const std::exception &fault) {
    fail(fault.what());
  }

  std::string error;
  std::optional<Problem> problem = readProblem(input, error);
  if (!problem)
    fail(error);
  int64_t fullPeak = simulate(*problem, originalOrder(*problem)).peak;
  bool share = budgetText.find('.') != std::string::npos;
  double budget = parseNumber(budgetText, "--budget");
  options.budget = static_cast<int64_t>(
      share ? std::min(std::floor(budget * double(fullPeak)), 9e18) : budget);

  Result result = solve(*problem, options);
  const bool isFit = fits(result);
  if (auto wrong = check(*problem, result.sequence,
                         isFit ? options.budget : std::numeric_limits<int64_t>::max()))
    fail("the solver is wrong: " + *wrong);

  double whole = double(std::max<int64_t>(1, problem->totalCost()));
  double overhead = double(result.extraCost) / whole;
  double bound = result.extraCostBound.value_or(0) / whole;
  if (json) {
    nlohmann::ordered_json out;
    out["graph"] = problem->name;
    out["overhead"] = isFit ? nlohmann::ordered_json(overhead) : nullptr;
    out["lower_bound"] = result.extraCostBound ? nlohmann::ordered_json(bound) : nullptr;
    out["peak"] = result.peak;
    out["budget"] = options.budget;
    out["full_peak"] = fullPeak;
    out["status"] = toString(result.status);
    out["found_by"] = result.foundBy;
    out["seconds"] = result.seconds;
    if (!result.fault.empty())
      out["fault"] = result.fault;
    std::cout << out.dump() << "\n";
  } else if (isFit) {
    std::printf("%s: %.4f %% more time (at least %.4f %%), peak %lld of %lld bytes, by %s, %.2f s\n",
                std::string(toString(result.status)).c_str(), overhead * 100, bound * 100,
                (long long)result.peak, (long long)options.budget, result.foundBy.c_str(),
                result.seconds);
  }
  if (!result.fault.empty())
    std::cerr << "note: the solver stopped, and the search went on without it: " << result.fault
              << "\n";
  if (!schedulePath.empty() && isFit) {
    std::string lines;
    for (int i : result.sequence)
      lines += std::to_string(i) + "\n";
    writeText(schedulePath, lines);
  }
  if (!livePath.empty() && isFit)
    writeLive(livePath, *problem, result.sequence);
  if (!isFit)
    fail("no schedule fits " + std::to_string(options.budget) + " bytes; the least peak found is " +
         std::to_string(result.peak) + ", none has less than " +
         std::to_string(result.leastPeakBound));
  return 0;
}
