// What a rank finds out only on its device: which of several ways a call goes there. Ranks that
// compute the same must go the same way, or their replicas of a variable drift apart; so they
// take rank 0's. And rank 0 tells people where that is not the way that was planned.
#ifndef AUTOPAR_RUNTIME_CUDA_CHOICES_H
#define AUTOPAR_RUNTIME_CUDA_CHOICES_H

#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace autopar::cuda {

/// Every rank's text, in their order. Collective.
using GatherTexts = std::function<std::vector<std::string>(const std::string &mine)>;

/// The ranks among whom choices are made from here on: this one is `rank`. Without `gather`
/// it is alone.
void chooseAmong(int rank, GatherTexts gather);

/// Rank 0's choice for `call`, where this rank's is `own`: asked by all ranks in the same
/// order. \throws std::runtime_error where another rank is at another call.
std::string agreed(const std::string &call, const std::string &own);

/// Ways that were found to be the fastest, from run to run.
class ChoiceRecord {
public:
  virtual ~ChoiceRecord() = default;
  virtual std::optional<std::string> find(const std::string &call) const = 0;
  virtual void keep(const std::string &call, const std::string &choice) = 0;
};

/// Where there is a record, which only rank 0 needs, this rank chooses by it, and by the clock
/// what it has not.
void chooseBy(ChoiceRecord *record);
ChoiceRecord *choiceRecord();

/// Prints the line on rank 0.
void announce(const std::string &line);

} // namespace autopar::cuda

#endif // AUTOPAR_RUNTIME_CUDA_CHOICES_H
