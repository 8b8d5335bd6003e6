// See Problem.h.
#include "compiler/solvers/schedule/Problem.h"

#include <numeric>

namespace autopar::schedule {

Order givenOrder(const Problem &problem) {
  Order order(problem.operations.size());
  std::iota(order.begin(), order.end(), 0);
  return order;
}

std::optional<std::string> validate(const Problem &problem) {
  for (int index = 0; index < problem.size(); ++index) {
    const Operation &operation = problem.operations[index];
    if (operation.cost < 0 || operation.bytes < 0 || operation.workspace < 0)
      return operation.name + " has a negative cost or size";
    for (const std::vector<int> *earlier : {&operation.inputs, &operation.after})
      for (int other : *earlier)
        if (other < 0 || other >= index)
          return operation.name + " follows operation " + std::to_string(other) +
                 ", which is not before it";
  }
  return std::nullopt;
}

std::optional<std::string> check(const Problem &problem, const Order &order) {
  if (order.size() != problem.operations.size())
    return "the order has " + std::to_string(order.size()) + " operations of " +
           std::to_string(problem.size());
  std::vector<bool> called(order.size(), false);
  for (int index : order) {
    if (index < 0 || index >= problem.size() || called[index])
      return "operation " + std::to_string(index) + " is called twice or does not exist";
    const Operation &operation = problem.operations[index];
    for (const std::vector<int> *earlier : {&operation.inputs, &operation.after})
      for (int other : *earlier)
        if (!called[other])
          return operation.name + " is called before " + problem.operations[other].name;
    called[index] = true;
  }
  return std::nullopt;
}

} // namespace autopar::schedule
