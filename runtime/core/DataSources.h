// Opens the data that the options name: CIFAR files, synthetic images, or given
// batches.

#ifndef AUTOPAR_CORE_DATASOURCES_H
#define AUTOPAR_CORE_DATASOURCES_H

#include "autopar/core/Dataset.h"
#include "autopar/core/Description.h"
#include "autopar/core/Options.h"

#include <memory>

namespace autopar::inline runtime {

struct DataSources {
  std::unique_ptr<Dataset> train; ///< null with --fixed-batch
  std::unique_ptr<Dataset> test;  ///< null when there is none
  Normalisation normalisation;    ///< of both, measured on train

  /// Throws std::runtime_error when files are missing or broken.
  DataSources(const Options &options, const Description &description);
};

} // namespace autopar::inline runtime

#endif // AUTOPAR_CORE_DATASOURCES_H
