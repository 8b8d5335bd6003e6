// Keeps bad numbers out of what a run leaves behind: judges each step by its loss, and
// variables where they are looked at, and does what --on-nan says.

#ifndef AUTOPAR_CORE_GUARD_STEPGUARD_H
#define AUTOPAR_CORE_GUARD_STEPGUARD_H

#include "autopar/core/guard/HostVariables.h"
#include "autopar/core/guard/LossWindow.h"
#include "autopar/core/guard/WayBack.h"
#include "autopar/core/Options.h"
#include "autopar/core/Rank.h"

#include <functional>
#include <memory>
#include <optional>
#include <string>

namespace autopar::inline runtime {

class StepGuard {
public:
  static constexpr int64_t mostSkipped = 10; ///< in a row
  static constexpr int64_t mostRewinds = 3;  ///< with no new checkpoint between

  /// The variables have the values that the run begins with, and `begin` gives them these
  /// again, on all ranks. Takes the host memory of all of them where steps are undone. Throws
  /// std::runtime_error where they could not be told from bad ones then. Collective.
  StepGuard(const Options &options, std::span<const Variable> variables, const Rank &rank,
            Arena &arena, const WayBack &wayBack, std::function<void()> begin);

  /// Whether a step must have ended before the next one begins.
  bool undoes() const { return policy == OnBadStep::Skip; }
  bool goesBack() const { return policy == OnBadStep::Rewind; }

  struct Step {
    int64_t number; ///< counted from 1, over all runs of the model
    double loss = 0;
    bool wasSkipped = false; ///< by the loss's scale, so that nothing has changed
  };
  /// What is wrong with a step that has ended, "the loss is nan", the same on all ranks; empty
  /// where nothing is. Such a step has been undone where that is the policy. Throws
  /// std::runtime_error where the run ends there. Collective unless it ends at the first.
  std::string judge(const Step &step);

  /// The same of the variables after a step, where the step is to be saved. Collective.
  std::string judgeVariables(int64_t step);

  /// Puts the newest checkpoint of the run into the arena or, while there is none, what it
  /// began with; returns after how many steps that was kept, and none of the beginning. Throws
  /// std::runtime_error where that has led nowhere. Collective.
  std::optional<int64_t> goBack(int64_t step, const std::string &reason);

  int64_t skippedSteps() const { return skipped; }
  /// Whether the last step was undone.
  bool hasUndone() const { return skippedInRow > 0; }
  int64_t rewinds() const { return wentBack; }

private:
  std::string faultOf(const Step &step) const;
  std::string agreeOn(const Step &step, const std::string &fault) const;
  [[noreturn]] void stop(int64_t step, const std::string &reason) const;

  OnBadStep policy;
  std::optional<double> spike;
  std::span<const Variable> variables;
  const Rank &rank;
  Arena &arena;
  const WayBack &wayBack;
  std::function<void()> begin;

  HostVariables onHost;
  std::shared_ptr<std::byte>
      kept; ///< all variables after the last good step; null unless undone
  LossWindow window;
  std::optional<WayBack::Checkpoint> wentBackTo; ///< of rank 0

  int64_t skipped = 0, skippedInRow = 0;
  int64_t wentBack = 0, wentBackInVain = 0;
};

} // namespace autopar::inline runtime

#endif // AUTOPAR_CORE_GUARD_STEPGUARD_H
