// Solves one problem in the contest's form within a time limit: progress, then
// the solution as the last line of the output. Asked for it, it also answers
// questions about the answer.

#include "compiler/solvers/ilp/Alternatives.h"
#include "compiler/solvers/ilp/Conflict.h"
#include "compiler/solvers/ilp/ContestJson.h"
#include "compiler/solvers/ilp/LpFile.h"
#include "compiler/solvers/ilp/MemoryPrice.h"
#include "compiler/solvers/ilp/PlanDiff.h"
#include "compiler/solvers/ilp/Solver.h"

#include "autopar/core/OutputFile.h"
#include "autopar/core/OutputPaths.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdio>
#include <cstdlib>
#include <thread>

using namespace autopar::ilp;

static const char *usage =
    "usage: autopar-solve [options] PROBLEM.json[.gz] SECONDS\n"
    "\n"
    "Chooses one strategy a node at the least total cost; prints progress, then the\n"
    "solution as its last line: [0, 2, ...]. SECONDS are of processor time, a thread's.\n"
    "\n"
    "  --gap G              stop within this fraction of the lower bound (default 0)\n"
    "  --seed N             random seed (default 1)\n"
    "  --threads N          threads (default: as many as there are)\n"
    "  --work N             stop after N million steps a thread, about N / 200 seconds,\n"
    "                       instead of after SECONDS: the same result every time\n"
    "  --limit N            usage limit instead of the problem's own\n"
    "  --fix NODE=S[,S...]  the node, by name or number, takes one of these strategies;\n"
    "                       may be repeated; those in conflict are named\n"
    "  --diff FILE          also print what differs from the solution in FILE\n"
    "  --why NODE           also print what each other strategy of the node would cost;\n"
    "                       each is given SECONDS\n"
    "  --shadow-price STEP  instead, what STEP more or less memory would save or cost\n"
    "  --least-memory       instead, the smallest usage limit that has a solution\n"
    "  --lp FILE            instead of solving, write the integer program, with names\n"
    "  --verbose            let CBC print its log\n"
    "  --help               print this\n";

[[noreturn]] static void fail(const std::string &message) {
  fprintf(stderr, "error: %s\n", message.c_str());
  exit(1);
}

namespace {

struct Arguments {
  SolveOptions solve;
  std::optional<double> limit, shadowStep;
  std::vector<std::string> fixes;
  std::string path, seconds, lp, diff, why;
  bool leastMemory = false;
};

} // namespace

/// The whole of `text` as a number from zero to what 64 bits can count.
static bool parseNumber(const std::string &text, double &value) {
  const char *end = text.data() + text.size();
  auto [stop, fault] = std::from_chars(text.data(), end, value);
  return fault == std::errc() && stop == end && value >= 0 && value <= 9e18;
}

static Arguments parseArguments(int argc, char **argv) {
  Arguments arguments;
  arguments.solve.threads = static_cast<int>(std::max(1U, std::thread::hardware_concurrency()));
  std::vector<std::string> positional;
  for (int i = 1; i < argc; ++i) {
    std::string argument = argv[i];
    auto text = [&] {
      if (++i == argc)
        fail(argument + " needs a value; see --help");
      return std::string(argv[i]);
    };
    auto number = [&] {
      double value = 0;
      if (++i == argc || !parseNumber(argv[i], value))
        fail(argument + " needs a number from 0 to 9e18" +
             (i < argc ? std::string(", not '") + argv[i] + "'" : ""));
      return value;
    };
    if (argument == "--help") {
      fputs(usage, stdout);
      exit(0);
    }
    if (argument == "--verbose")
      arguments.solve.verbose = true;
    else if (argument == "--least-memory")
      arguments.leastMemory = true;
    else if (argument == "--gap")
      arguments.solve.relativeGap = number();
    else if (argument == "--seed")
      arguments.solve.seed = static_cast<uint32_t>(std::min(number(), 4294967295.0));
    else if (argument == "--threads")
      arguments.solve.threads = static_cast<int>(std::clamp(number(), 1.0, 256.0));
    else if (argument == "--work")
      arguments.solve.workLimit = static_cast<Work>(std::min(number(), 1e12) * 1e6);
    else if (argument == "--limit")
      arguments.limit = number();
    else if (argument == "--shadow-price")
      arguments.shadowStep = number();
    else if (argument == "--fix")
      arguments.fixes.push_back(text());
    else if (argument == "--lp")
      arguments.lp = text();
    else if (argument == "--diff")
      arguments.diff = text();
    else if (argument == "--why")
      arguments.why = text();
    else if (argument.starts_with("--"))
      fail("unknown option '" + argument + "'; see --help");
    else
      positional.push_back(argument);
  }
  if (positional.size() != 2 || !parseNumber(positional[1], arguments.solve.timeLimitSeconds)) {
    fputs(usage, stderr);
    exit(1);
  }
  arguments.path = positional[0];
  arguments.seconds = positional[1];
  return arguments;
}

/// Which of `count` things has the name, or the number, `text`.
template <typename NameOf>
static int find(const std::string &text, size_t count, const NameOf &nameOf,
                const std::string &what) {
  for (size_t i = 0; i < count; ++i)
    if (nameOf(static_cast<int>(i)) == text)
      return static_cast<int>(i);
  size_t index = 0;
  auto [end, fault] = std::from_chars(text.data(), text.data() + text.size(), index);
  if (fault != std::errc() || end != text.data() + text.size() || index >= count)
    fail("there is no " + what + " '" + text + "'; it has a name, or a number below " +
         std::to_string(count));
  return static_cast<int>(index);
}

static int findNode(const Problem &problem, const std::string &text) {
  return find(
      text, problem.nodes.size(), [&](int n) { return problem.nodeName(n); }, "node");
}

/// NODE=S,S,...
static Restriction parseFix(const Problem &problem, const std::string &text) {
  size_t equals = text.find('=');
  if (equals == std::string::npos)
    fail("--fix needs NODE=STRATEGY, not '" + text + "'");
  Restriction restriction{text, findNode(problem, text.substr(0, equals)), {}};
  int node = restriction.node;
  for (size_t at = equals + 1; at <= text.size();) {
    size_t comma = std::min(text.find(',', at), text.size());
    restriction.allowed.push_back(find(
        text.substr(at, comma - at), problem.nodes[node].costs.size(),
        [&](int s) { return problem.strategyName(node, s); },
        "strategy of " + problem.nodeName(node)));
    at = comma + 1;
  }
  return restriction;
}

static void printProgress(const Progress &progress) {
  std::string incumbent = progress.incumbent ? toString(*progress.incumbent) : "-";
  std::string bound = progress.lowerBound ? toString(*progress.lowerBound) : "-";
  char gap[32] = "-";
  if (progress.incumbent && progress.lowerBound)
    snprintf(gap, sizeof gap, "%.6f%%", 100 * progress.gap());
  printf("%8.2f s  %-16s incumbent %-20s bound %-20s gap %s\n", progress.seconds,
         progress.phase, incumbent.c_str(), bound.c_str(), gap);
  fflush(stdout);
}

/// "12", or "11 to 12" where the bounds do not meet.
static std::string range(Int128 least, Int128 most) {
  return least == most ? toString(most) : toString(least) + " to " + toString(most);
}

static void answerLeastMemory(const Problem &problem, const Arguments &arguments) {
  LeastUsageOptions options;
  options.timeLimitSeconds = arguments.solve.timeLimitSeconds;
  options.workLimit = arguments.solve.workLimit;
  options.seed = arguments.solve.seed;
  std::optional<LeastUsage> least = leastUsage(problem, options);
  if (!least)
    fail("no solution of finite cost was found within " + arguments.seconds + " s");
  Evaluation evaluation = check(problem, least->solution);
  printf("least memory: %s%s, at a cost of %s, %.2f s\n",
         range(least->lowerBound, least->bytes).c_str(), least->proven ? ", proven" : "",
         toString(evaluation.cost).c_str(), least->seconds);
  printf("%s\n", printSolution(least->solution).c_str());
}

static void answerShadowPrice(const Problem &problem, const Arguments &arguments) {
  if (!problem.usageLimit)
    fail("--shadow-price needs a usage limit; the problem has none: give one by --limit");
  MemoryPrice price =
      memoryPrice(problem, static_cast<Bytes>(*arguments.shadowStep), arguments.solve);
  printf("relaxation: %.6g a unit of memory, %.6g for %.0f\n", price.relaxed,
         price.relaxed * *arguments.shadowStep, *arguments.shadowStep);
  for (const MemoryPoint *point : {&price.less, &price.here, &price.more})
    printf("limit %lld: %s, cost %s\n", static_cast<long long>(point->limit),
           toString(point->status),
           point->solution.empty() ? "-" : range(point->lowerBound, point->cost).c_str());
  if (!price.here.solution.empty() && !price.more.solution.empty())
    printf("%.0f more saves %s\n", *arguments.shadowStep,
           range(price.leastSaved(), price.mostSaved()).c_str());
  if (!price.here.solution.empty() && !price.less.solution.empty())
    printf("%.0f less costs %s\n", *arguments.shadowStep,
           range(price.leastLost(), price.mostLost()).c_str());
}

static void answerWhy(const Problem &problem, const Solution &plan,
                      const Arguments &arguments) {
  int node = findNode(problem, arguments.why);
  Int128 cost = check(problem, plan).cost;
  SolveOptions options = arguments.solve;
  options.onProgress = nullptr;
  options.explainInfeasible = false;
  for (const Alternative &other : alternatives(problem, plan, node, options)) {
    std::string text = toString(other.status);
    if (!other.plan.empty())
      text = "cost " + range(other.lowerBound, other.cost) + ", " +
             range(other.lowerBound - cost, other.cost - cost) + " more, peak " +
             toString(other.peak);
    printf("why %s: %s%s: %s\n", problem.nodeName(node).c_str(),
           problem.strategyName(node, other.strategy).c_str(),
           other.strategy == plan[node] ? " (chosen)" : "", text.c_str());
  }
}

/// Names the restrictions that cannot be met together, where it is they.
static void explainConflict(const Problem &given, const std::vector<Restriction> &restrictions,
                            const Arguments &arguments) {
  Conflict conflict = findConflict(given, restrictions, arguments.solve.timeLimitSeconds);
  if (conflict.kind != Conflict::Found)
    return;
  std::string names;
  for (int r : conflict.restrictions)
    names += " " + restrictions[r].name;
  fprintf(stderr, "note: these cannot go together%s:%s\n",
          conflict.minimal ? ", though without any one of them the rest can" : "",
          names.c_str());
}

int main(int argc, char **argv) {
  const auto begin = autopar::ProcessorClock::now(); // reading counts
  Arguments arguments = parseArguments(argc, argv);
  std::string error;
  std::optional<Problem> given = readContestProblem(arguments.path, error);
  if (!given)
    fail(error);
  if (arguments.limit)
    given->usageLimit = static_cast<Bytes>(*arguments.limit);
  std::vector<Restriction> restrictions;
  for (const std::string &fix : arguments.fixes)
    restrictions.push_back(parseFix(*given, fix));
  // As it was given it is kept only where that differs.
  std::optional<Problem> restricted;
  if (!restrictions.empty())
    restrict(restricted.emplace(*given), restrictions);
  const Problem &problem = restricted ? *restricted : *given;
  std::optional<Solution> other;
  if (!arguments.diff.empty() && !(other = readSolution(arguments.diff, problem, error)))
    fail(error);
  if (!arguments.why.empty())
    findNode(problem, arguments.why); // before the wait, not after it

  if (!arguments.lp.empty()) {
    try {
      autopar::requireOutputs(std::array{autopar::OutputPath{"--lp", arguments.lp}},
                              std::array{autopar::InputPath{"the problem", arguments.path}});
      autopar::writeFile(arguments.lp, printLp(problem));
    } catch (const std::exception &fault) {
      fail(fault.what());
    }
    return 0;
  }
  double &seconds = arguments.solve.timeLimitSeconds;
  seconds = std::max(0.0, seconds - autopar::ProcessorClock::secondsSince(begin));
  if (arguments.leastMemory) {
    answerLeastMemory(problem, arguments);
    return 0;
  }
  if (arguments.shadowStep) {
    answerShadowPrice(problem, arguments);
    return 0;
  }

  arguments.solve.onProgress = printProgress;
  SolveResult result = solve(problem, arguments.solve);
  if (result.status == Status::Infeasible && !restrictions.empty())
    explainConflict(*given, restrictions, arguments);
  if (!result.reason.empty())
    fail(result.reason);
  if (result.solution.empty() && !problem.nodes.empty())
    fail("no solution was found within " +
         (arguments.solve.workLimit ? "the work allowed; raise --work"
                                    : arguments.seconds + " s"));

  const PresolveStats &presolve = result.presolve;
  printf("presolve: %d of %d nodes, %d of %d edges, %lld of %lld strategies left; %d moments\n",
         presolve.freeNodes, presolve.nodes, presolve.freeEdges, presolve.edges,
         static_cast<long long>(presolve.freeStrategies),
         static_cast<long long>(presolve.strategies), presolve.moments);
  if (other)
    fputs(printDiff(*given, diffPlans(*given, *other, result.solution)).c_str(), stdout);
  if (!arguments.why.empty())
    answerWhy(problem, result.solution, arguments);
  if (!result.fault.empty())
    printf("the solver stopped once, and the search went on without it: %s\n",
           result.fault.c_str());
  printf("%s: cost %s, bound %s, gap %.6f%%, peak %s at time %lld, %.2f s\n",
         toString(result.status), toString(result.cost).c_str(),
         toString(result.lowerBound).c_str(), 100 * result.gap, toString(result.peak).c_str(),
         static_cast<long long>(result.peakTime), result.seconds);
  printf("%s\n", printSolution(result.solution).c_str());
  fflush(stdout);
  // Freeing a large problem's many small vectors takes a tenth of a second.
  std::quick_exit(0);
}
