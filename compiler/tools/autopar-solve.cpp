// Solves one problem in the contest's form within a time limit: progress on
// the error stream, the solution as the last line of the output.

#include "compiler/ilp/ContestJson.h"
#include "compiler/ilp/Solver.h"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>

using namespace autopar::ilp;

static const char *usage =
    "usage: autopar-solve [options] PROBLEM.json[.gz] SECONDS\n"
    "\n"
    "Chooses one strategy a node at the least total cost; prints progress, then the\n"
    "solution as its last line: [0, 2, ...].\n"
    "\n"
    "  --gap G       stop within this fraction of the lower bound (default 0)\n"
    "  --seed N      random seed (default 1)\n"
    "  --limit N     usage limit instead of the problem's own\n"
    "  --verbose     let CBC print its log\n"
    "  --help        print this\n";

static int fail(const std::string &message) {
  fprintf(stderr, "error: %s\n", message.c_str());
  return 1;
}

/// The whole of `text` as a number that is at least zero.
static bool parseNumber(const char *text, double &value) {
  char *end = nullptr;
  value = std::strtod(text, &end);
  return end != text && *end == '\0' && value >= 0;
}

static void printProgress(const Progress &progress) {
  std::string incumbent = progress.incumbent ? toString(*progress.incumbent) : "-";
  std::string bound = progress.lowerBound ? toString(*progress.lowerBound) : "-";
  char gap[32] = "-";
  if (progress.incumbent && progress.lowerBound)
    snprintf(gap, sizeof gap, "%.6f%%", 100 * progress.gap());
  printf("%8.2f s  %-16s incumbent %-20s bound %-20s gap %s\n", progress.seconds, progress.phase,
         incumbent.c_str(), bound.c_str(), gap);
  fflush(stdout);
}

int main(int argc, char **argv) {
  SolveOptions options;
  options.onProgress = printProgress;
  std::vector<const char *> positional;
  std::optional<double> limit;
  for (int i = 1; i < argc; ++i) {
    std::string argument = argv[i];
    double value = 0;
    if (argument == "--help") {
      fputs(usage, stdout);
      return 0;
    }
    if (argument == "--verbose") {
      options.verbose = true;
    } else if (argument == "--gap" || argument == "--seed" || argument == "--limit") {
      if (++i == argc || !parseNumber(argv[i], value))
        return fail(argument + " needs a number that is not negative" +
                    (i < argc ? std::string(", not '") + argv[i] + "'" : ""));
      if (argument == "--gap")
        options.relativeGap = value;
      else if (argument == "--seed")
        options.seed = static_cast<uint32_t>(value);
      else
        limit = value;
    } else if (argument.starts_with("--")) {
      return fail("unknown option '" + argument + "'; see --help");
    } else {
      positional.push_back(argv[i]);
    }
  }
  if (positional.size() != 2 || !parseNumber(positional[1], options.timeLimitSeconds)) {
    fputs(usage, stderr);
    return 1;
  }

  auto begin = std::chrono::steady_clock::now(); // reading counts
  std::string error;
  std::optional<Problem> problem = readContestProblem(positional[0], error);
  if (!problem)
    return fail(error);
  if (limit)
    problem->usageLimit = static_cast<Bytes>(*limit);
  std::chrono::duration<double> reading = std::chrono::steady_clock::now() - begin;
  options.timeLimitSeconds = std::max(0.0, options.timeLimitSeconds - reading.count());
  SolveResult result = solve(*problem, options);
  if (!result.reason.empty())
    return fail(result.reason);
  if (result.solution.empty() && !problem->nodes.empty())
    return fail("no solution was found within " + std::string(positional[1]) + " s");

  const PresolveStats &presolve = result.presolve;
  printf("presolve: %d of %d nodes, %d of %d edges, %lld of %lld strategies left; %d moments\n",
         presolve.freeNodes, presolve.nodes, presolve.freeEdges, presolve.edges,
         static_cast<long long>(presolve.freeStrategies),
         static_cast<long long>(presolve.strategies), presolve.moments);
  printf("%s: cost %s, bound %s, gap %.6f%%, peak %s at time %lld, %.2f s\n",
         toString(result.status), toString(result.cost).c_str(),
         toString(result.lowerBound).c_str(), 100 * result.gap, toString(result.peak).c_str(),
         static_cast<long long>(result.peakTime), result.seconds);
  printf("%s\n", printSolution(result.solution).c_str());
  fflush(stdout);
  // Freeing a large problem's many small vectors takes a tenth of a second.
  std::quick_exit(0);
}
