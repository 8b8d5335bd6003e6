// A safetensors file as a program looks at it: which of its tensors fills which variable, and
// what about it does not fit.

#ifndef AUTOPAR_CORE_STOREDMODEL_H
#define AUTOPAR_CORE_STOREDMODEL_H

#include "autopar/core/Description.h"
#include "autopar/core/Safetensors.h"

namespace autopar::inline runtime {

class StoredModel {
public:
  /// Throws as loadCheckpoint says.
  StoredModel(const std::filesystem::path &path, std::span<const Variable> variables);

  /// The variable's tensor, of its stored shape; null for a slot that the file leaves alone.
  const SafetensorsReader::Tensor *find(const Variable &variable) const;

  TensorReader reader(const SafetensorsReader::Tensor &tensor) const { return {file, tensor}; }

  /// Steps of training, where the optimizer's slots are there too.
  int64_t stepsDone() const;

private:
  const SafetensorsReader::Tensor *tensorOf(std::string_view variable) const;
  bool isKnownBeside(const std::string &name) const;
  std::string listProblems() const;

  SafetensorsReader file;
  std::span<const Variable> variables;
  std::string prefix; ///< of the model's names in the file
  bool hasSlots = false;
};

} // namespace autopar::inline runtime

#endif // AUTOPAR_CORE_STOREDMODEL_H
