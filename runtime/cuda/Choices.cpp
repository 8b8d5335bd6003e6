// See Choices.h.
#include "autopar/cuda/Choices.h"

#include <cstdio>
#include <stdexcept>
#include <utility>

using namespace autopar;

static int ownRank = 0;
static cuda::GatherTexts gather;
static cuda::ChoiceRecord *record = nullptr;

void cuda::chooseAmong(int rank, GatherTexts gatherTexts) {
  ownRank = rank;
  gather = std::move(gatherTexts);
}

std::string cuda::agreed(const std::string &call, const std::string &own) {
  if (!gather)
    return own;
  const std::vector<std::string> calls = gather(call), choices = gather(own);
  for (size_t rank = 1; rank < calls.size(); ++rank)
    if (calls[rank] != calls[0])
      throw std::runtime_error("rank " + std::to_string(rank) + " has come to its first " +
                               calls[rank] + ", and rank 0 to its first " + calls[0] +
                               "; their GPUs or libraries are not alike");
  return choices[0];
}

void cuda::chooseBy(ChoiceRecord *choices) { record = choices; }

cuda::ChoiceRecord *cuda::choiceRecord() { return record; }

void cuda::announce(const std::string &line) {
  if (ownRank == 0)
    std::fprintf(stderr, "note: %s\n", line.c_str());
}
