// Images made up from a formula, for runs without data: each class has a coarse
// colour pattern, and noise covers it, so that there is something to learn and
// every rank and machine sees the same images.

#ifndef AUTOPAR_CORE_SYNTHETICDATASET_H
#define AUTOPAR_CORE_SYNTHETICDATASET_H

#include "autopar/core/Dataset.h"

namespace autopar::inline runtime {

class SyntheticDataset final : public Dataset {
public:
  enum class Part : uint8_t { Train, Test };

  /// Both parts show the same classes under different noise.
  SyntheticDataset(Part part, int64_t size, int64_t classes)
      : part(part), samples(size), classes(classes) {}

  int64_t size() const override { return samples; }
  void read(int64_t index, Sample &sample) const override;
  Normalisation normalisation() const override;

private:
  Part part;
  int64_t samples;
  int64_t classes;
};

} // namespace autopar::inline runtime

#endif // AUTOPAR_CORE_SYNTHETICDATASET_H
