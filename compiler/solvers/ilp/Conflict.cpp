// QuickXplain (Junker 2004): halves are set aside together, so that few
// restrictions in conflict among many are found with few questions. Each
// question is a problem without costs, whose first solution is an answer.

#include "compiler/solvers/ilp/Conflict.h"

#include "compiler/solvers/ilp/Solver.h"

#include <algorithm>

namespace autopar::ilp {

void restrict(Problem &problem, const std::vector<Restriction> &restrictions) {
  for (const Restriction &restriction : restrictions) {
    std::vector<Cost> &costs = problem.nodes[restriction.node].costs;
    for (size_t s = 0; s < costs.size(); ++s)
      if (std::find(restriction.allowed.begin(), restriction.allowed.end(),
                    static_cast<int>(s)) == restriction.allowed.end())
        costs[s] = never;
  }
}

namespace {

using Set = std::vector<int>;

class QuickXplain {
public:
  QuickXplain(const Problem &given, const std::vector<Restriction> &restrictions,
              double seconds);

  Conflict run();

private:
  enum class Answer { Possible, Impossible, Unknown };
  Answer ask(const Set &set);
  Set explain(const Set &given, bool grown, const Set &suspects);

  Problem free; // no costs but "never"
  const std::vector<Restriction> &restrictions;
  RunClock clock;
  bool sure = true;
};

QuickXplain::QuickXplain(const Problem &given, const std::vector<Restriction> &restrictions,
                         double seconds)
    : free(given), restrictions(restrictions), clock(seconds) {
  for (Node &node : free.nodes)
    for (Cost &cost : node.costs)
      cost = cost >= never ? never : 0;
  for (Edge &edge : free.edges)
    for (Cost &cost : edge.costs)
      cost = cost >= never ? never : 0;
}

QuickXplain::Answer QuickXplain::ask(const Set &set) {
  Problem problem = free;
  std::vector<Restriction> chosen;
  for (int r : set)
    chosen.push_back(restrictions[r]);
  restrict(problem, chosen);
  SolveOptions options;
  options.explainInfeasible = false;
  options.timeLimitSeconds = clock.secondsLeft();
  if (options.timeLimitSeconds <= 0)
    return Answer::Unknown;
  SolveResult result = solve(problem, options);
  clock.pass(result.apartSeconds);
  if (!result.solution.empty())
    return Answer::Possible;
  return result.status == Status::Infeasible ? Answer::Impossible : Answer::Unknown;
}

/// The part of `suspects` that a minimal conflict needs, where `given` are in
/// it already; `grown` where `given` has changed since it was asked.
Set QuickXplain::explain(const Set &given, bool grown, const Set &suspects) {
  if (grown) {
    Answer answer = ask(given);
    sure &= answer != Answer::Unknown; // taken for possible, the conflict may be too large
    if (answer == Answer::Impossible)
      return {};
  }
  if (suspects.size() == 1)
    return suspects;
  auto middle = suspects.begin() + static_cast<ptrdiff_t>(suspects.size() / 2);
  Set first(suspects.begin(), middle), second(middle, suspects.end());
  auto both = [](Set x, const Set &y) {
    x.insert(x.end(), y.begin(), y.end());
    return x;
  };
  Set fromSecond = explain(both(given, first), !first.empty(), second);
  Set fromFirst = explain(both(given, fromSecond), !fromSecond.empty(), first);
  return both(fromFirst, fromSecond);
}

Conflict QuickXplain::run() {
  Conflict conflict;
  Set all;
  for (size_t r = 0; r < restrictions.size(); ++r)
    all.push_back(static_cast<int>(r));
  Answer answer = ask(all);
  if (answer != Answer::Impossible) {
    conflict.kind = answer == Answer::Possible ? Conflict::None : Conflict::Unknown;
    return conflict;
  }
  if (all.empty() || ask({}) == Answer::Impossible) {
    conflict.kind = Conflict::Hopeless;
    return conflict;
  }
  conflict.kind = Conflict::Found;
  conflict.restrictions = explain({}, false, all);
  conflict.minimal = sure;
  std::sort(conflict.restrictions.begin(), conflict.restrictions.end());
  return conflict;
}

} // namespace

Conflict findConflict(const Problem &problem, const std::vector<Restriction> &restrictions,
                      double timeLimitSeconds) {
  return QuickXplain(problem, restrictions, timeLimitSeconds).run();
}

} // namespace autopar::ilp
