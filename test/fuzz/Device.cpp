// Device models: what is accepted has finite figures, gives costs, and reads back the same.
#include "Fuzz.h"

#include "compiler/cost/CostModel.h"

#include <cmath>

using namespace autopar;

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  llvm::Expected<DeviceModel> device = DeviceModel::parse(fuzz::text(data, size), "input");
  if (!device) {
    llvm::consumeError(device.takeError());
    return 0;
  }
  fuzz::require(device->memory > 0 && device->reserve >= 0 && device->reserve < device->memory,
                "a reserve beyond the memory");
  for (Precision precision : allPrecisions)
    fuzz::require(device->peak(precision) > 0 && std::isfinite(device->peak(precision).value),
                  "a peak that is none");
  std::string text;
  llvm::raw_string_ostream out(text);
  device->write(out);
  llvm::Expected<DeviceModel> again = DeviceModel::parse(text, "written");
  fuzz::require(again && *again == *device, "a device that does not read back: " + text);
  if (llvm::Expected<CostModel> costs = CostModel::create(Mesh({2, 2}), *device)) {
    for (const char *kind : {"conv2d", "relu"})
      fuzz::require(!std::isnan(costs->opSeconds(kind, 1e9, 1e6, Precision::F32)),
                    "seconds that are no number");
    fuzz::require(wholeNanoseconds(costs->collectiveSeconds(CollectiveKind::AllReduce, 1e9,
                                                            {0, 1})) >= 0,
                  "a negative time");
  } else {
    llvm::consumeError(costs.takeError());
  }
  return 0;
}
