#include "compiler/solvers/remat/Reruns.h"

#include <algorithm>

namespace autopar::remat {

Reruns::Reruns(const Problem &problem, int64_t budget)
    : problem(&problem), budget(double(budget)), again(problem.size()), madeIn(problem.size()),
      usedIn(problem.size()), through(problem.size(), 0), own(problem.size(), 0),
      during(problem.size()), place(problem.size(), -1) {
  for (int i = 0; i < problem.size(); ++i) {
    madeIn[i] = {i};
    for (int input : problem.operations[i].inputs)
      usedIn[input].push_back({i, i});
  }
  for (int i = 0; i < problem.size(); ++i) {
    if (int last = lastUse(i, i); last >= 0)
      hold(i, i + 1, last, 1);
    stale.push_back(i);
  }
  countStale();
}

bool Reruns::has(int step, int value) const {
  return std::binary_search(again[step].begin(), again[step].end(), value);
}

int Reruns::lifeBegin(int value, int step) const {
  const std::vector<int> &made = madeIn[value];
  return *(std::upper_bound(made.begin(), made.end(), step) - 1);
}

int Reruns::lastUse(int value, int step) const {
  const std::vector<int> &made = madeIn[value];
  auto next = std::upper_bound(made.begin(), made.end(), step);
  const std::vector<Use> &used = usedIn[value];
  auto end = used.end();
  if (next != made.end())
    end = std::lower_bound(used.begin(), used.end(), Use{*next, -1});
  if (end == used.begin() || (end - 1)->step < *(next - 1))
    return -1;
  return (end - 1)->step;
}

bool Reruns::isHeld(int value, int step) const {
  return step > value && lastUse(value, step - 1) >= step;
}

void Reruns::hold(int value, int from, int to, double sign) {
  double bytes = sign * double(problem->operations[value].bytes);
  for (int step = from; step < to; ++step)
    through[step] += bytes;
}

void Reruns::addUse(int value, Use use) {
  int begin = lifeBegin(value, use.step), last = lastUse(value, use.step);
  if (last < use.step) { // held up to here now
    hold(value, std::max(last, begin + 1), use.step, 1);
    stale.insert(stale.end(), {begin, std::max(last, begin)});
  }
  std::vector<Use> &used = usedIn[value];
  used.insert(std::lower_bound(used.begin(), used.end(), use), use);
}

void Reruns::removeUse(int value, Use use) {
  std::vector<Use> &used = usedIn[value];
  used.erase(std::lower_bound(used.begin(), used.end(), use));
  int begin = lifeBegin(value, use.step), last = lastUse(value, use.step);
  if (last < use.step) {
    hold(value, std::max(last, begin + 1), use.step, -1);
    stale.insert(stale.end(), {begin, std::max(last, begin)});
  }
}

void Reruns::insert(int step, int value) {
  if (again[step].empty())
    busy.push_back(step);
  again[step].insert(std::lower_bound(again[step].begin(), again[step].end(), value), value);
  extraCost += problem->operations[value].cost;

  int begin = lifeBegin(value, step), last = lastUse(value, step);
  std::vector<int> &made = madeIn[value];
  made.insert(std::upper_bound(made.begin(), made.end(), step), step);
  if (last >= step) { // was held across; now only up to the last use before
    int before = lastUse(value, step - 1);
    hold(value, std::max(before, begin + 1), std::min(step + 1, last), -1);
    stale.insert(stale.end(), {begin, std::max(before, begin), last});
  }
  for (int input : problem->operations[value].inputs)
    addUse(input, {step, value});
  stale.push_back(step);
  countStale();
}

void Reruns::erase(int step, int value) {
  for (int input : problem->operations[value].inputs)
    removeUse(input, {step, value});

  std::vector<int> &made = madeIn[value];
  int begin = lifeBegin(value, step - 1), before = lastUse(value, step - 1);
  made.erase(std::lower_bound(made.begin(), made.end(), step));
  int last = lastUse(value, step);
  if (last >= step) {
    hold(value, std::max(before, begin + 1), std::min(step + 1, last), 1);
    stale.insert(stale.end(), {begin, std::max(before, begin), last});
  }

  again[step].erase(std::lower_bound(again[step].begin(), again[step].end(), value));
  extraCost -= problem->operations[value].cost;
  if (again[step].empty())
    busy.erase(std::find(busy.begin(), busy.end(), step));
  stale.push_back(step);
  countStale();
}

void Reruns::countStale() {
  for (size_t at = 0; at < stale.size(); ++at)
    if (std::find(stale.begin(), stale.begin() + at, stale[at]) == stale.begin() + at)
      count(stale[at]);
  stale.clear();
}

void Reruns::count(int step) {
  const std::vector<int> &members = again[step];
  const int places = static_cast<int>(members.size()) + 1;
  std::vector<double> &bytes = during[step];
  bytes.assign(places + 1, 0);
  auto runs = [&](int at) { return at + 1 < places ? members[at] : step; };
  for (int at = 0; at < places; ++at)
    for (int input : problem->operations[runs(at)].inputs)
      place[input] = at;
  for (int at = 0; at < places; ++at) {
    const Operation &operation = problem->operations[runs(at)];
    // A difference array: what is made here, to its last reader in this step or to the step's
    // end.
    int last = lastUse(runs(at), step);
    int to = last > step ? places : last == step ? place[runs(at)] + 1 : at + 1;
    bytes[at] += double(operation.bytes + operation.workspace);
    bytes[at + 1] -= double(operation.workspace);
    bytes[to] -= double(operation.bytes);
    // In the place of an input that is read here for the last time.
    for (int input : operation.over)
      if (place[input] == at && lastUse(input, step) == step) {
        bytes[at] -= double(operation.bytes);
        bytes[at + 1] += double(operation.bytes);
        break;
      }
    // What comes from before and is read here for the last time.
    for (int input : operation.inputs)
      if (place[input] == at && lastUse(input, step) == step && lifeBegin(input, step) < step) {
        bytes[0] += double(problem->operations[input].bytes);
        bytes[at + 1] -= double(problem->operations[input].bytes);
      }
  }
  for (int at = 1; at < places; ++at)
    bytes[at] += bytes[at - 1];
  bytes.pop_back();
  own[step] = bytes.back();
  bytes.pop_back();
}

double Reruns::excess() const {
  double sum = 0;
  for (size_t step = 0; step < own.size(); ++step)
    sum += std::max(0.0, through[step] + own[step] - budget);
  for (int step : busy)
    for (double bytes : during[step])
      sum += std::max(0.0, through[step] + bytes - budget);
  return sum;
}

int Reruns::over(int step) const {
  int count = through[step] + own[step] > budget;
  for (double bytes : during[step])
    count += through[step] + bytes > budget;
  return count;
}

double Reruns::peak() const {
  double most = 0;
  for (size_t step = 0; step < own.size(); ++step)
    most = std::max(most, through[step] + own[step]);
  for (int step : busy)
    for (double bytes : during[step])
      most = std::max(most, through[step] + bytes);
  return most;
}

Sequence Reruns::sequence() const {
  Sequence result;
  for (int step = 0; step < problem->size(); ++step) {
    result.insert(result.end(), again[step].begin(), again[step].end());
    result.push_back(step);
  }
  return result;
}

Reruns Reruns::read(const Problem &problem, int64_t budget, const Sequence &sequence) {
  Reruns result(problem, budget);
  std::vector<int> waiting;
  int next = 0;
  for (int i : sequence) {
    if (i < next) {
      waiting.push_back(i);
      continue;
    }
    for (; next <= i; ++next)
      for (int value : waiting)
        if (next == i && !result.has(i, value))
          result.insert(i, value);
    waiting.clear();
  }
  return result;
}

} // namespace autopar::remat
