// The variables of an emitted program where some are entered layer by layer, under names that
// are put together as they are.

#ifndef AUTOPAR_CORE_VARIABLETABLE_H
#define AUTOPAR_CORE_VARIABLETABLE_H

#include "autopar/core/Description.h"

#include <deque>
#include <string>
#include <vector>

namespace autopar::inline runtime {

class VariableTable {
public:
  VariableTable() = default;
  VariableTable(VariableTable &&) = default;
  VariableTable(const VariableTable &) = delete; // the names are this one's
  VariableTable &operator=(const VariableTable &) = delete;

  /// The name is copied.
  void add(Variable variable) {
    variable.name = names.emplace_back(variable.name);
    variables.push_back(variable);
  }

  operator std::span<const Variable>() const { return variables; }

private:
  std::deque<std::string> names; ///< which stay where they are
  std::vector<Variable> variables;
};

} // namespace autopar::inline runtime

#endif // AUTOPAR_CORE_VARIABLETABLE_H
