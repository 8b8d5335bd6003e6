// The reference experiments: the models, batches and budgets of the published sweeps over
// recomputation, so that they are repeated by name.
#ifndef AUTOPAR_COMPILER_EXPERIMENTS_REFERENCE_H
#define AUTOPAR_COMPILER_EXPERIMENTS_REFERENCE_H

#include "compiler/experiments/BudgetSweep.h"
#include "compiler/models/Models.h"

namespace autopar {

struct Reference {
  std::string model;
  models::Options options;
  SweepOptions sweep; ///< Budgets are for activations, parameters apart.

  /// `resnet50`: batch 128 at 224x224, 2750 to 11000 MiB. `gpt2-medium`: batch 8 of 1024
  /// tokens, 5600 to 56000 MiB. Fails, naming these, for another name, and for a model that
  /// this build's generator does not know.
  static llvm::Expected<Reference> find(llvm::StringRef name, int count);
};

} // namespace autopar

#endif
