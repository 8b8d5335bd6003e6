// Recomputation as plain data: what a training step runs, in which order, and
// what each result costs to hold and to make again. Free of MLIR, so that the
// solvers can be measured on the public graphs of the field.
#ifndef AUTOPAR_COMPILER_SOLVERS_REMAT_PROBLEM_H
#define AUTOPAR_COMPILER_SOLVERS_REMAT_PROBLEM_H

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace autopar::remat {

/// One operation and the value it makes.
struct Operation {
  std::string name;
  int64_t cost = 0;      ///< time, in any unit that is the same for all
  int64_t bytes = 0;     ///< its value, held from its own step to the last use
  int64_t workspace = 0; ///< bytes held only while it runs
  bool backward = false;
  /// Whether it may run more than once. Backward operations, updates of
  /// state, and the loss run exactly once.
  bool recomputable = false;
  std::vector<int> inputs; ///< operations whose values it reads, all earlier
  /// Inputs in whose place its value is made where nothing reads them any more:
  /// no byte is then taken that was not held. None of them is smaller.
  std::vector<int> over = {};
};

/// The operations in their order of execution. Those that are not
/// recomputable keep this order in every schedule. What is resident
/// throughout (parameters, optimizer state) is for the caller to take off the
/// budget.
struct Problem {
  std::string name;
  std::vector<Operation> operations;

  int size() const { return static_cast<int>(operations.size()); }
  int64_t totalCost() const;
};

/// What is wrong with a problem, naming the operation; nothing when sound.
std::optional<std::string> validate(const Problem &problem);

/// A graph as the Moccasin project publishes them (node-link JSON with
/// cost_cpu, cost_ram and backward; optional cost_workspace). The node named
/// `loss` ends the forward pass and is not recomputed. On failure returns
/// nothing and says why in `error`.
std::optional<Problem> parseProblem(std::string_view json, std::string &error);
/// The same from a file, which names the problem where it has no name.
std::optional<Problem> readProblem(const std::string &path, std::string &error);

} // namespace autopar::remat

#endif
