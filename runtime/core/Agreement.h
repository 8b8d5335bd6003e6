// What all ranks of a run must have in common, compared before anything is allocated. Ranks of
// different programs, or of one with different options, would wait for each other without an end,
// or train one model on different data.

#ifndef AUTOPAR_CORE_AGREEMENT_H
#define AUTOPAR_CORE_AGREEMENT_H

#include "autopar/core/Options.h"
#include "autopar/core/Peers.h"

#include <string>
#include <vector>

namespace autopar::inline runtime {

/// Something about a rank that must be so on all: "runs" "with --steps 6".
struct Fact {
  std::string verb;
  std::string what;
  /// What is compared in place of `what`, where that also says what may differ: a path.
  std::string key = "";
};

/// Throws std::runtime_error that names the first rank whose facts are not rank 0's, and both
/// sides of each that differs: "rank 2 runs with --steps 6, rank 0 with --steps 3". Collective;
/// what ranks tell each other first has the same size in all programs, so that nobody waits.
void requireAgreement(Peers &peers, const std::vector<Fact> &facts);

/// The program itself and its command line.
std::vector<Fact> factsOf(const Description &description, const Options &options);

} // namespace autopar::inline runtime

#endif // AUTOPAR_CORE_AGREEMENT_H
