// See Checks.h.
#include "standin/checks/Checks.h"

#include "standin/Report.h"
#include "standin/checks/KernelMemory.h"
#include "standin/checks/StreamRaces.h"
#include "standin/checks/Written.h"

#include <cstdlib>

using standin::Checks;

Checks standin::checksOfName(const std::string &name) {
  if (!name.empty() && name != "races" && name != "strict")
    report("STANDIN_CHECKS is " + name + ", which is neither races nor strict");
  return {.races = !name.empty(), .memory = name == "strict"};
}

static Checks &chosen() {
  static Checks ofProcess = [] {
    const char *const name = std::getenv("STANDIN_CHECKS");
    return standin::checksOfName(name ? name : "");
  }();
  return ofProcess;
}

const Checks &standin::checks() { return chosen(); }

void standin::choose(Checks checks) { chosen() = checks; }

void standin::beginMemory(const char *begin, size_t bytes, bool isDevice) {
  if (checks().memory && isDevice)
    beginUnwritten(begin, bytes);
}

void standin::endMemory(const char *begin, size_t bytes) {
  forgetUses(begin, begin + bytes);
  forgetCells(begin);
  endUnwritten(begin);
}
