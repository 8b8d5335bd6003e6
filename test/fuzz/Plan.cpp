// Plan files, and the shardings and meshes that are written in them.
#include "Fuzz.h"

#include "passes/sharding/PlanFile.h"

using namespace autopar;

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  llvm::Expected<PlanFile> plan = PlanFile::parse(fuzz::text(data, size), "input");
  if (!plan) {
    llvm::consumeError(plan.takeError());
    return 0;
  }
  llvm::Expected<Mesh> mesh = Mesh::parse(plan->mesh);
  if (!mesh)
    return llvm::consumeError(mesh.takeError()), 0;
  fuzz::require(mesh->numRanks() > 0, "a mesh without ranks: " + plan->mesh);
  for (const auto &[function, values] : plan->functions)
    for (const auto &[value, strategy] : values)
      if (llvm::Expected<Spec> spec = Spec::parse(strategy, 2, mesh->numAxes()))
        fuzz::require(Spec::parse(spec->str(2), 2, mesh->numAxes()).get() == *spec,
                      "a sharding that does not read back: " + strategy);
      else
        llvm::consumeError(spec.takeError());
  return 0;
}
