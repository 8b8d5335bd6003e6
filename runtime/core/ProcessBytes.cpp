#include "autopar/core/ProcessBytes.h"

#include <algorithm>

using namespace autopar;

ProcessBytes autopar::most(const ProcessBytes &a, const ProcessBytes &b) {
  return {std::max(a.before, b.before), std::max(a.peak, b.peak),
          std::max(a.besideArena, b.besideArena), std::max(a.ofDevice, b.ofDevice)};
}

std::string autopar::excessOf(const Description &description, const ProcessBytes &measured) {
  const Prediction &predicted = description.predicted;
  if (predicted.budgetBytes == 0 || measured.peak <= predicted.budgetBytes)
    return "";
  return "a rank's process has taken " + std::to_string(measured.peak) +
         " bytes of memory, and its budget is " + std::to_string(predicted.budgetBytes) + ": " +
         std::to_string(measured.besideArena) + " beside the arena of " +
         std::to_string(description.arenaBytes) + ", where " +
         std::to_string(predicted.reserveBytes) +
         " are reserved; compile with a larger --mem-budget, or for a device model with as many "
         "reserve_bytes";
}
