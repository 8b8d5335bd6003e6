// What a program really touches of its arena. Neither the program nor its plan is asked: memory
// is filled with a pattern before the program works, and read back behind it.
//
//   watch.begin();
//   program.step();
//   Touched touched = watch.end(description.step.peakBytes, "step 3");

#ifndef AUTOPAR_CORE_ARENAWATCH_H
#define AUTOPAR_CORE_ARENAWATCH_H

#include "autopar/core/Arena.h"
#include "autopar/core/Description.h"

#include <span>
#include <string>
#include <vector>

namespace autopar::inline runtime {

/// What differs from the pattern. A byte that was written as the pattern has it is not seen; no
/// two turns have the same pattern, so that it is in another.
struct Touched {
  size_t bytes = 0;
  size_t end = 0; ///< one behind the highest

  Touched &operator+=(const Touched &other);
};

/// Of each figure the larger: of several steps or ranks.
Touched most(const Touched &a, const Touched &b);

class ArenaWatch {
public:
  /// Fills the whole arena, which must outlive the watch, to the end of its last page.
  explicit ArenaWatch(Arena &arena);

  /// Ends the turn in which the program was set up. From here on the variables are left as they
  /// are, and count as touched where they have been.
  void keep(const Description &description);

  /// Fills all else with the pattern of a new turn: what is read before it is written is NaN in
  /// any type of numbers, and no index.
  void begin();

  /// What was touched since, and of the variables before. `peak` is where the plan of what has
  /// run ends. \throws std::runtime_error, naming `work`, where a byte was touched that is not
  /// planned: behind that, or in no slice that was handed out.
  Touched end(size_t peak, const std::string &work) const;

private:
  void fill(const Extent &extent);
  /// `see(bytes, offset)` for all of an extent, in pieces.
  template <typename See> void read(const Extent &extent, const See &see) const;

  Arena &arena;
  std::vector<Extent> scratch; ///< of the arena's pages all but variables, in order
  Touched kept;                ///< of the variables
  uint64_t turn = 0;
};

} // namespace autopar::inline runtime

#endif // AUTOPAR_CORE_ARENAWATCH_H
