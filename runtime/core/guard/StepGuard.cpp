#include "autopar/core/guard/StepGuard.h"

#include "autopar/core/checkpoint/Checkpoint.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <stdexcept>

using namespace autopar;

namespace {

std::string text(double value) {
  char digits[32];
  std::snprintf(digits, sizeof digits, "%.6g", value);
  return digits;
}

} // namespace

StepGuard::StepGuard(const Options &options, std::span<const Variable> variables,
                     const Rank &rank, Arena &arena, const WayBack &wayBack,
                     std::function<void()> begin)
    : policy(options.onNan), spike(options.spike), variables(variables), rank(rank),
      arena(arena), wayBack(wayBack), begin(std::move(begin)), onHost(variables, arena) {
  if (!undoes()) {
    onHost.exemptNotFinite();
    return;
  }
  if (const std::string name = onHost.notFinite(); !name.empty())
    throw std::runtime_error(name +
                             " is not finite where the run begins, so that --on-nan skip "
                             "has nothing to put back");
  kept = arena.memory().staging(onHost.bytes());
  onHost.copyTo(kept.get());
}

std::string StepGuard::judge(const Step &step) {
  std::string fault = faultOf(step);
  if (undoes() && fault.empty())
    if (const std::string name = onHost.notFinite(); !name.empty())
      fault = name + " is not finite";
  if (policy != OnBadStep::Stop)
    fault = agreeOn(step, fault);
  if (fault.empty()) {
    if (!step.wasSkipped)
      window.add(step.loss);
    if (undoes())
      onHost.copyTo(kept.get());
    skippedInRow = 0;
    return "";
  }
  if (policy == OnBadStep::Stop)
    stop(step.number, fault);
  if (undoes()) {
    if (skippedInRow++ == mostSkipped)
      stop(step.number, fault + ", and so it was in the " + std::to_string(mostSkipped) +
                            " steps before, which were skipped");
    ++skipped;
    onHost.writeFrom(kept.get());
  }
  return fault;
}

std::string StepGuard::judgeVariables(int64_t step) {
  if (undoes())
    return ""; // they were looked at when the step ended
  const std::string name = onHost.notFinite();
  const std::string fault =
      agreeOn({.number = step}, name.empty() ? "" : name + " is not finite");
  if (!fault.empty() && policy == OnBadStep::Stop)
    stop(step, fault);
  return fault;
}

std::optional<int64_t> StepGuard::goBack(int64_t step, const std::string &reason) {
  struct Found {
    int64_t is, isNew, steps;
  };
  Found mine = {};
  std::string file;
  if (rank.index() == 0)
    if (const auto newest = wayBack.newestOfRun()) {
      mine = {true, newest != wentBackTo, newest->steps};
      file = newest->file;
      wentBackTo = newest;
    }
  const Found found = rank.peers().allGather(mine).front();
  if (found.isNew)
    wentBackInVain = 0;
  if (wentBackInVain++ == mostRewinds)
    stop(step, reason + ", and the run has gone back " + std::to_string(mostRewinds) +
                   " times with no new checkpoint between");
  ++wentBack;
  window.clear(); // losses are what they were then
  if (!found.is) {
    begin();
    return std::nullopt;
  }
  loadCheckpoint(StoredTensors(rank.peers().allGatherTexts(file).front()), variables, rank, arena, Taken::Run);
  return found.steps;
}

/// By its loss alone.
std::string StepGuard::faultOf(const Step &step) const {
  if (!std::isfinite(step.loss))
    return "the loss is " + text(step.loss);
  const std::optional<double> median = window.median();
  if (!spike || step.wasSkipped || !median || *median <= 0 || step.loss <= *spike * *median)
    return "";
  return "the loss is " + text(step.loss) + ", more than " + text(*spike) + " times " +
         text(*median) + ", the median of the " + std::to_string(window.size()) +
         " steps' before";
}

/// The first rank's fault that has one. Throws where ranks have not the same loss.
std::string StepGuard::agreeOn(const Step &step, const std::string &fault) const {
  struct Said {
    double loss;
    int64_t isBad;
  };
  bool isGood = true;
  const std::vector<Said> all = rank.peers().allGather(Said{step.loss, !fault.empty()});
  for (size_t other = 0; other < all.size(); ++other) {
    isGood &= !all[other].isBad;
    const double theirs = all[other].loss, first = all[0].loss;
    if (theirs != first && (std::isfinite(theirs) || std::isfinite(first)))
      throw std::runtime_error("step " + std::to_string(step.number) + ": the loss is " +
                               text(theirs) + " on rank " + std::to_string(other) + " and " +
                               text(first) +
                               " on rank 0, though it is one for all; one of them computes "
                               "wrongly" +
                               wayBack.text());
  }
  if (isGood)
    return "";
  const std::vector<std::string> faults = rank.peers().allGatherTexts(fault);
  const auto first = std::ranges::find_if(faults, [](const auto &one) { return !one.empty(); });
  const bool isOfAll =
      std::ranges::all_of(faults, [&](const auto &one) { return one == *first; });
  return *first + (isOfAll ? "" : " on rank " + std::to_string(first - faults.begin()));
}

void StepGuard::stop(int64_t step, const std::string &reason) const {
  throw std::runtime_error("step " + std::to_string(step) + ": " + reason +
                           "; nothing of that is saved" + wayBack.text() +
                           (policy == OnBadStep::Stop
                                ? "; a lower --lr, a longer --warmup or --on-nan skip may help"
                                : "; a lower --lr or a longer --warmup may help"));
}
