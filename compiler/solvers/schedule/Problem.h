// The order of a step's operations as plain data. Computation and communication are two
// streams, each in order; what stands between them is who reads what. Free of MLIR, so that
// orders can be tried and checked against brute force.
#ifndef AUTOPAR_COMPILER_SOLVERS_SCHEDULE_PROBLEM_H
#define AUTOPAR_COMPILER_SOLVERS_SCHEDULE_PROBLEM_H

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace autopar::schedule {

/// One operation and the value it makes.
struct Operation {
  std::string name;
  int64_t cost = 0;      ///< time, in any unit that is the same for all
  int64_t bytes = 0;     ///< its value, held until all that read it have ended
  int64_t workspace = 0; ///< bytes held while it runs
  bool communicates = false;
  std::vector<int> inputs = {}; ///< operations whose values it reads, all earlier
  std::vector<int> after = {}; ///< operations that it follows without reading them, all earlier
};

/// The operations in the order in which they were given.
struct Problem {
  std::vector<Operation> operations;

  int size() const { return static_cast<int>(operations.size()); }
};

/// The operations as they are called, one index each.
using Order = std::vector<int>;

/// The order in which the problem was given.
Order givenOrder(const Problem &problem);

/// What is wrong with a problem, naming the operation; nothing when sound.
std::optional<std::string> validate(const Problem &problem);

/// What is wrong with an order from anywhere: each operation stands in it once, behind what it
/// reads and follows. Nothing when sound.
std::optional<std::string> check(const Problem &problem, const Order &order);

} // namespace autopar::schedule

#endif
