// A checkpoint as a program looks at it: which of its tensors fills which variable, and
// what about it does not fit.

#ifndef AUTOPAR_CORE_CHECKPOINT_STOREDMODEL_H
#define AUTOPAR_CORE_CHECKPOINT_STOREDMODEL_H

#include "autopar/core/checkpoint/SavedRun.h"
#include "autopar/core/checkpoint/StoredTensors.h"
#include "autopar/core/Description.h"

namespace autopar::inline runtime {

class StoredModel {
public:
  /// Both must outlive it. Throws as loadCheckpoint says.
  StoredModel(const StoredTensors &file, std::span<const Variable> variables);

  /// Throws std::runtime_error where the file is of a run with another optimizer, or of no run.
  void requireOptimizer() const;

  /// The variable's tensor, of its stored shape; null for a slot that the file leaves alone.
  const StoredTensors::Tensor *find(const Variable &variable) const;

  StoredReader reader(const StoredTensors::Tensor &tensor) const { return {file, tensor}; }

  /// Of an optimizer's count of its steps that the file lacks, though it has the optimizer's
  /// other slots: they have seen all of the file's steps.
  std::optional<float> countOf(const Variable &variable) const;

private:
  std::string nameInFile(std::string_view variable) const;
  const StoredTensors::Tensor *tensorOf(std::string_view variable) const;
  bool isOurs(const std::string &name) const;
  bool isSlotOfOurs(const std::string &name) const;
  bool isKnownBeside(const std::string &name) const;
  std::string listProblems() const;

  const StoredTensors &file;
  SavedRun run;
  std::span<const Variable> variables;
  std::map<std::string_view, std::string> names; ///< of variables, as the file has them
  bool hasOptimizer = false; ///< any of its slots
};

} // namespace autopar::inline runtime

#endif // AUTOPAR_CORE_CHECKPOINT_STOREDMODEL_H
